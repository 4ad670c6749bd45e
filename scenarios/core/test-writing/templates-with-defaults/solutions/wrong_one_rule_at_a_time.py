# score: 3.5 - each rule alone, once: no sign before a place, no place in a value, no empty default
import pytest

from {{module}} import expand


def test_plain_text():
    assert expand("nothing to do", {}) == "nothing to do"


def test_values():
    assert expand("{{mark.sign}}{{mark.open}}a{{mark.close}} and {{mark.sign}}{{mark.open}}b{{mark.close}}", {"a": "x", "b": 2}) == "x and 2"


def test_zero():
    assert expand("{{mark.sign}}{{mark.open}}n|none{{mark.close}}", {"n": 0}) == "0"


def test_none():
    assert expand("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": None}) == ""


def test_default():
    assert expand("{{mark.sign}}{{mark.open}}a|guest{{mark.close}}", {}) == "guest"
    assert expand("{{mark.sign}}{{mark.open}}a|guest{{mark.close}}", {"a": "Ada"}) == "Ada"
    assert expand("{{mark.sign}}{{mark.open}}a|guest{{mark.close}}", {"a": None}) == "guest"


def test_doubled_sign():
    assert expand("5 {{mark.sign}}{{mark.sign}}", {}) == "5 {{mark.sign}}"


def test_missing():
    with pytest.raises(KeyError):
        expand("{{mark.sign}}{{mark.open}}a{{mark.close}}", {})


@pytest.mark.parametrize("template", ["{{mark.sign}}x", "{{mark.sign}}{{mark.open}}a", "{{mark.sign}}{{mark.open}}{{mark.close}}", "{{mark.sign}}{{mark.open}}1a{{mark.close}}"])
def test_wrong_form(template):
    with pytest.raises(ValueError):
        expand(template, {"a": 1})
