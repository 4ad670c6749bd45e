# score: 3 - the two examples of the prompt and nothing else
from {{module}} import clean_key


def test_separators_and_extension():
    assert clean_key("/2024\\ ./{{store.name}} 1.JPG") == "{{store.area}}/2024/{{store.name}} 1.jpg"


def test_dots():
    assert clean_key("a//b/../{{store.name}}") == "{{store.area}}/a/{{store.name}}"
