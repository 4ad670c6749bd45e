# score: 1 - the two examples of the prompt and nothing else
from {{module}} import expand


def test_name():
    assert expand("Hello {{mark.sign}}{{mark.open}}name{{mark.close}}!", {"name": "Ada"}) == "Hello Ada!"


def test_default_and_sign():
    assert expand("{{mark.sign}}{{mark.open}}a{{mark.close}} {{mark.sign}}{{mark.open}}b|none{{mark.close}} {{mark.sign}}{{mark.sign}}", {"a": 0}) == "0 none {{mark.sign}}"
