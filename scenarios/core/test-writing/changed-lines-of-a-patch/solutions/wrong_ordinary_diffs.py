# score: 2.5 - diffs as one sees them every day: nothing odd in a hunk or behind it, and no error
import pytest

from {{module}} import changed_lines

FILE = "{{file}}"
HEAD = "--- a/{{file}}\n+++ b/{{file}}\n"


def counts(added, removed):
    return {"{{word.added}}": added, "{{word.removed}}": removed}


def test_two_files():
    diff = (
        "diff --git a/one b/one\nindex 1..2 100644\n--- a/one\n+++ b/one\n@@ -1,3 +1,4 @@\n a\n+b\n c\n d\n"
        "diff --git a/two b/two\nindex 3..4 100644\n--- a/two\n+++ b/two\n@@ -5,3 +5,2 @@ def f():\n a\n-b\n c\n"
    )
    assert changed_lines(diff) == {"one": counts(1, 0), "two": counts(0, 1)}


def test_two_hunks():
    diff = HEAD + "@@ -1,2 +1,2 @@\n-a\n+b\n c\n@@ -10,2 +10,3 @@\n x\n+y\n z\n"
    assert changed_lines(diff) == {FILE: counts(2, 1)}


def test_new_file():
    assert changed_lines("--- /dev/null\n+++ b/new\n@@ -0,0 +1,2 @@\n+a\n+b\n") == {"new": counts(2, 0)}


def test_deleted_file():
    assert changed_lines("--- a/old\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n") == {"old": counts(0, 2)}


def test_no_newline_at_the_end():
    diff = HEAD + "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
    assert changed_lines(diff) == {FILE: counts(1, 1)}


def test_empty():
    assert changed_lines("") == {}
