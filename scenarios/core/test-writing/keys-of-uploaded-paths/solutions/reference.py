# score: 10
import pytest

from {{module}} import clean_key

LONGEST = {{longest}}


@pytest.mark.parametrize(
    "path, key",
    [
        ("a", "a"),
        ("/2024\\ ./{{store.name}} 1.JPG", "2024/{{store.name}} 1.jpg"),
        ("a//b/../{{store.name}}", "a/{{store.name}}"),
        ("a\\b\\C.TXT", "a/b/C.txt"),
        ("//a/", "a"),
        ("./a/./b/.", "a/b"),
        ("  a  / b c /  d", "a/b c/d"),
        ("Xa X", "Xa X"),
        ("\u00a0a\u00a0", "\u00a0a\u00a0"),
        ("a/ .. /b", "b"),
        ("a/ . /b", "a/b"),
        ("a/   /b", "a/b"),
        ("a/b/../../c", "c"),
        ("a/../b/../c", "c"),
        ("V1.Final/R.PDF", "V1.Final/R.pdf"),
        ("{{store.name}}.TAR.GZ", "{{store.name}}.TAR.gz"),
        ("README", "README"),
        ("a/.ENV", "a/.ENV"),
        (".Old.ENV", ".Old.env"),
        ("A.B/", "A.b"),
        ("Name.", "Name."),
        ("A.B/C.D/..", "A.b"),
        ("...", "..."),
        ("x" * LONGEST, "x" * LONGEST),
        (" " + "x" * LONGEST + " ", "x" * LONGEST),
    ],
)
def test_key(path, key):
    assert clean_key(path) == "{{store.area}}/" + key


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        " ",
        ".",
        "a/..",
        "a/b/../..",
        "..",
        "../a",
        "a/../../b",
        "a/ .. / .. /b",
        "x" * (LONGEST + 1),
        "x" * (LONGEST + 1) + "/../a",
        "a\tb",
        "a\n",
        "\ta",
        "a/\r/b",
        "a\x00",
        "a\x1f",
        "a\x7fb",
    ],
)
def test_errors(path):
    with pytest.raises(ValueError):
        clean_key(path)
