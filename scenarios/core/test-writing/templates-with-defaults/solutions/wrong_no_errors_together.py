# score: 8 - no template with two faults, and no default with a bar in it
import pytest

from {{module}} import expand


@pytest.mark.parametrize(
    "template, values, expected",
    [
        ("", {}, ""),
        ("Hello {{mark.sign}}{{mark.open}}name{{mark.close}}!", {"name": "Ada"}, "Hello Ada!"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}{{mark.sign}}{{mark.open}}b{{mark.close}}", {"a": 1, "b": 2.5}, "12.5"),
        ("{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {}, "d"),
        ("{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": None}, "d"),
        ("{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": ""}, "d"),
        ("{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": 0}, "0"),
        ("{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": False}, "False"),
        ("{{mark.sign}}{{mark.open}}a|{{mark.close}}", {}, ""),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": None}, ""),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": ""}, ""),
        ("{{mark.sign}}{{mark.sign}}", {}, "{{mark.sign}}"),
        ("{{mark.sign}}{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": 1}, "{{mark.sign}}{{mark.open}}a{{mark.close}}"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": "{{mark.sign}}{{mark.open}}b{{mark.close}}", "b": 1}, "{{mark.sign}}{{mark.open}}b{{mark.close}}"),
    ],
)
def test_expand(template, values, expected):
    assert expand(template, values) == expected


def test_missing():
    with pytest.raises(KeyError):
        expand("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"b": 1})


@pytest.mark.parametrize("template", ["{{mark.sign}}", "10 {{mark.sign}}", "{{mark.sign}}x", "{{mark.sign}}{{mark.open}}a", "{{mark.sign}}{{mark.open}}{{mark.close}}", "{{mark.sign}}{{mark.open}}1a{{mark.close}}", "{{mark.sign}}{{mark.open}}a b{{mark.close}}", "{{mark.sign}}{{mark.sign}}{{mark.sign}}"])
def test_wrong_form(template):
    with pytest.raises(ValueError):
        expand(template, {"a": 1, "1a": 2})
