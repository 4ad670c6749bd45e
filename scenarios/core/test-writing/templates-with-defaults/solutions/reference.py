# score: 10
import pytest

from {{module}} import expand


@pytest.mark.parametrize(
    "template, values, expected",
    [
        ("", {}, ""),
        ("plain | {{mark.open}} {{mark.close}} text\n", {"plain": 1}, "plain | {{mark.open}} {{mark.close}} text\n"),
        ("Hello {{mark.sign}}{{mark.open}}name{{mark.close}}!", {"name": "Ada"}, "Hello Ada!"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}} {{mark.sign}}{{mark.open}}b|none{{mark.close}} {{mark.sign}}{{mark.sign}}", {"a": 0}, "0 none {{mark.sign}}"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}{{mark.sign}}{{mark.open}}a{{mark.close}}{{mark.sign}}{{mark.open}}b{{mark.close}}", {"a": "x", "b": "y"}, "xxy"),
        ("{{mark.sign}}{{mark.open}}_x9{{mark.close}}", {"_x9": 1.5}, "1.5"),
        ("{{mark.sign}}{{mark.open}}Big_B{{mark.close}}", {"Big_B": 2}, "2"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}/{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": 0}, "0/0"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}/{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": False}, "False/False"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}/{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": None}, "/d"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}/{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": ""}, "/d"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}/{{mark.sign}}{{mark.open}}a|d{{mark.close}}", {"a": " "}, " / "),
        ("{{mark.sign}}{{mark.open}}a|{{mark.close}}.", {}, "."),
        ("{{mark.sign}}{{mark.open}}a| x | y {{mark.close}}", {}, " x | y "),
        ("{{mark.sign}}{{mark.open}}a|{{mark.sign}}{{mark.open}}b{{mark.close}}", {"b": 1}, "{{mark.sign}}{{mark.open}}b"),
        ("{{mark.sign}}{{mark.sign}}{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": 1}, "{{mark.sign}}1"),
        ("{{mark.sign}}{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": 1}, "{{mark.sign}}{{mark.open}}a{{mark.close}}"),
        ("{{mark.sign}}{{mark.sign}}{{mark.sign}}{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": 1}, "{{mark.sign}}{{mark.sign}}{{mark.open}}a{{mark.close}}"),
        ("{{mark.sign}}{{mark.open}}a{{mark.close}}", {"a": "{{mark.sign}}{{mark.open}}b{{mark.close}} {{mark.sign}} {{mark.sign}}{{mark.sign}}", "b": 1}, "{{mark.sign}}{{mark.open}}b{{mark.close}} {{mark.sign}} {{mark.sign}}{{mark.sign}}"),
        ("{{mark.sign}}{{mark.open}}a|{{mark.sign}}{{mark.sign}}{{mark.close}}", {}, "{{mark.sign}}{{mark.sign}}"),
    ],
)
def test_text(template, values, expected):
    assert expand(template, values) == expected


@pytest.mark.parametrize("template", ["{{mark.sign}}{{mark.open}}a{{mark.close}}", "{{mark.sign}}{{mark.open}}b{{mark.close}} {{mark.sign}}{{mark.open}}a{{mark.close}}", "{{mark.sign}}{{mark.open}}a{{mark.close}} {{mark.sign}}{{mark.sign}}"])
def test_unknown_name(template):
    with pytest.raises(KeyError):
        expand(template, {"b": 1})


@pytest.mark.parametrize(
    "template",
    ["{{mark.sign}}", "a{{mark.sign}}", "{{mark.sign}} a", "{{mark.sign}}a", "{{mark.sign}}xa{{mark.close}}", "{{mark.sign}}{{mark.sign}}{{mark.sign}}", "{{mark.sign}}{{mark.open}}a", "{{mark.sign}}{{mark.open}}", "{{mark.sign}}{{mark.open}}{{mark.close}}", "{{mark.sign}}{{mark.open}}|x{{mark.close}}", "{{mark.sign}}{{mark.open}}9a{{mark.close}}", "{{mark.sign}}{{mark.open}}a b{{mark.close}}", "{{mark.sign}}{{mark.open}}a-b{{mark.close}}", "{{mark.sign}}{{mark.open}}\u00e4{{mark.close}}"],
)
@pytest.mark.parametrize("before", ["", "{{mark.sign}}{{mark.open}}missing{{mark.close}} "])
def test_wrong_template(before, template):
    with pytest.raises(ValueError):
        expand(before + template, {"a": 1, "9a": 2, "": 3})


def test_values_stay():
    values = {"a": 1, "b": None}
    expand("{{mark.sign}}{{mark.open}}a{{mark.close}}{{mark.sign}}{{mark.open}}b{{mark.close}}{{mark.sign}}{{mark.open}}c|d{{mark.close}}", values)
    assert values == {"a": 1, "b": None}
