# score: 0 - expects words in the errors, which are left open
import pytest

from {{module}} import clean_key


def test_plain():
    assert clean_key("docs/{{store.name}}.PDF") == "{{store.area}}/docs/{{store.name}}.pdf"


def test_backslash():
    assert clean_key("docs\\{{store.name}}.PDF") == "{{store.area}}/docs/{{store.name}}.pdf"


def test_dot_file():
    assert clean_key(".ENV") == "{{store.area}}/.ENV"


@pytest.mark.parametrize("path", ["..", "../a", "a/../../b"])
def test_climbing_out(path):
    with pytest.raises(ValueError, match="climb"):
        clean_key(path)


@pytest.mark.parametrize("path", ["", "/", "a/.."])
def test_nothing_left(path):
    with pytest.raises(ValueError, match="nothing|empty"):
        clean_key(path)


@pytest.mark.parametrize("path", ["a\x00b", "a\x7f", "a\n"])
def test_control_characters(path):
    with pytest.raises(ValueError):
        clean_key(path)
