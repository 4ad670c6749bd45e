# score: 0 - expects the name in the arguments of the KeyError, which are left open
import pytest

from {{module}} import expand


def test_value_and_default():
    assert expand("{{mark.sign}}{{mark.open}}a{{mark.close}}-{{mark.sign}}{{mark.open}}b|x{{mark.close}}-{{mark.sign}}{{mark.open}}c|{{mark.close}}", {"a": 0}) == "0-x-"


def test_values_are_final():
    assert expand("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": "{{mark.sign}}{{mark.open}}b{{mark.close}}", "b": 1}) == "{{mark.sign}}{{mark.open}}b{{mark.close}}"


def test_missing_name_is_reported():
    with pytest.raises(KeyError) as caught:
        expand("{{mark.sign}}{{mark.open}}who{{mark.close}}", {})
    assert caught.value.args == ("who",)


@pytest.mark.parametrize("template", ["{{mark.sign}}", "{{mark.sign}}{{mark.open}}a", "{{mark.sign}}{{mark.open}}1{{mark.close}}", "{{mark.sign}}{{mark.open}}{{mark.close}}"])
def test_bad_template(template):
    with pytest.raises(ValueError):
        expand(template, {"a": 1})
