# score: 0 - expects the files in the order of the diff, which is left open
import pytest

from {{module}} import changed_lines

FILE = "{{file}}"
HEAD = "--- a/{{file}}\n+++ b/{{file}}\n"


def counts(added, removed):
    return {"{{word.added}}": added, "{{word.removed}}": removed}


def test_files_in_the_order_of_the_diff():
    diff = (
        "--- a/zoo\n+++ b/zoo\n@@ -1 +1 @@\n-a\n+b\n"
        "--- a/ant\n+++ b/ant\n@@ -1 +1,2 @@\n a\n+b\n"
    )
    assert list(changed_lines(diff).items()) == [("zoo", counts(1, 1)), ("ant", counts(1, 0))]


def test_deleted_file():
    diff = "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    assert changed_lines(diff) == {"gone": counts(0, 1)}


def test_signature():
    assert changed_lines(HEAD + "@@ -1 +1,2 @@\n a\n+b\n-- \n2.40.1\n") == {FILE: counts(1, 0)}


def test_cut_off():
    with pytest.raises(ValueError):
        changed_lines(HEAD + "@@ -1,2 +1,2 @@\n a\n")
