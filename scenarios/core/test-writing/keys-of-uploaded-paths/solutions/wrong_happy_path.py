# score: 4 - paths that all give a key: no error is expected anywhere, no length and no folder with a dot
import pytest

from {{module}} import clean_key


@pytest.mark.parametrize(
    "path, key",
    [
        ("{{store.name}}.JPG", "{{store.name}}.jpg"),
        ("a/b/{{store.name}}.png", "a/b/{{store.name}}.png"),
        ("a\\b\\{{store.name}}.PNG", "a/b/{{store.name}}.png"),
        ("/a/b/c", "a/b/c"),
        ("a//b", "a/b"),
        ("a/./b", "a/b"),
        ("a/b/../c", "a/c"),
        (" a / b ", "a/b"),
        ("{{store.name}} 1.JPG", "{{store.name}} 1.jpg"),
        ("README", "README"),
        (".ENV", ".ENV"),
        ("a.TAR.GZ", "a.TAR.gz"),
    ],
)
def test_clean_key(path, key):
    assert clean_key(path) == "{{store.area}}/" + key
