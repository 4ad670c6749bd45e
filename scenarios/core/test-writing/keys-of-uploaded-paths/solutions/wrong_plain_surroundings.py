# score: 8 - no dots with spaces around them, and control characters only between others
import pytest

from {{module}} import clean_key

LONGEST = {{longest}}


def test_separators():
    assert clean_key("a\\b/c") == "{{store.area}}/a/b/c"
    assert clean_key("//a///b//") == "{{store.area}}/a/b"


def test_spaces():
    assert clean_key(" a / b c ") == "{{store.area}}/a/b c"
    assert clean_key("a/  /b") == "{{store.area}}/a/b"


def test_dots():
    assert clean_key("./a/./b/../c/.") == "{{store.area}}/a/c"
    assert clean_key("a/b/../../c") == "{{store.area}}/c"


@pytest.mark.parametrize(
    "name, cleaned",
    [
        ("{{store.name}}.JPG", "{{store.name}}.jpg"),
        ("{{store.name}}.TAR.GZ", "{{store.name}}.TAR.gz"),
        ("{{store.name}}", "{{store.name}}"),
        (".ENV", ".ENV"),
        ("Sub.DIR/File.TXT", "Sub.DIR/File.txt"),
    ],
)
def test_extension(name, cleaned):
    assert clean_key(name) == "{{store.area}}/" + cleaned


def test_longest_segment():
    assert clean_key("x" * LONGEST) == "{{store.area}}/" + "x" * LONGEST
    with pytest.raises(ValueError):
        clean_key("x" * (LONGEST + 1))


@pytest.mark.parametrize("path", ["", "/", "a/..", "..", "../a", "a/../../b"])
def test_no_key(path):
    with pytest.raises(ValueError):
        clean_key(path)


@pytest.mark.parametrize("character", ["\x00", "\t", "\n", "\x1f", "\x7f"])
def test_control_character(character):
    with pytest.raises(ValueError):
        clean_key("a" + character + "b")
