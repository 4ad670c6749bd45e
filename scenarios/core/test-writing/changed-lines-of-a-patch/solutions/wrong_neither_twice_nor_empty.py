# score: 8 - no file that comes twice, and no empty line in a hunk
import pytest

from {{module}} import changed_lines

FILE = "{{file}}"
HEAD = "--- a/{{file}}\n+++ b/{{file}}\n"


def counts(added, removed):
    return {"{{word.added}}": added, "{{word.removed}}": removed}


@pytest.mark.parametrize(
    "diff, expected",
    [
        ("", {}),
        (HEAD, {}),
        (HEAD + "@@ -1,2 +1,2 @@\n-a\n+b\n c\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1,2 +1 @@\n--- a comment\n x\n", {FILE: counts(0, 1)}),
        (HEAD + "@@ -1 +1,2 @@\n+++ i\n x\n", {FILE: counts(1, 0)}),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1 +1,2 @@\n a\n+b\n-- \n2.40.1\n", {FILE: counts(1, 0)}),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n@@ -7 +7,2 @@\n c\n+d\n", {FILE: counts(2, 1)}),
        ("--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+a\n", {"new": counts(1, 0)}),
        ("--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", {"old": counts(0, 1)}),
        ("--- a/from\n+++ b/to\n@@ -1 +1 @@\n-a\n+b\n", {"to": counts(1, 1)}),
        ("--- a/x.c\t2025-01-01 10:00\n+++ b/x.c\t2025-01-02 10:00\n@@ -1 +1 @@\n-a\n+b\n", {"x.c": counts(1, 1)}),
    ],
)
def test_counts(diff, expected):
    assert changed_lines(diff) == expected


@pytest.mark.parametrize("diff", [HEAD + "@@ -1,2 +1,2 @@\n a\n", HEAD + "@@ -1 +1 @@\nx\n", "@@ -1 +1 @@\n-a\n+b\n"])
def test_errors(diff):
    with pytest.raises(ValueError):
        changed_lines(diff)
