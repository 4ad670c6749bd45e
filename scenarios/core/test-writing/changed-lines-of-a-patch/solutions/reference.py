# score: 10
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
        ("diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n", {}),
        ("--- a/x.txt\n+++ b/x.txt\n@@ -1,2 +1,2 @@\n-one\n+eins\n two\n", {"x.txt": counts(1, 1)}),
        (HEAD + "@@ -1,2 +1,3 @@ def f\n a\n+b\n+c\n-d\n", {FILE: counts(2, 1)}),
        (HEAD + "@@ -1,2 +1,2 @@\n-one\n+eins\n two", {FILE: counts(1, 1)}),
        (HEAD + "@@ -3 +3 @@\n-a\n+b\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -3 +3,2 @@\n-a\n+b\n+c\n", {FILE: counts(2, 1)}),
        (HEAD + "@@ -3,2 +3 @@\n-a\n-b\n+c\n", {FILE: counts(1, 2)}),
        (HEAD + "@@ -0,0 +1,2 @@\n+a\n+b\n", {FILE: counts(2, 0)}),
        (HEAD + "@@ -1,2 +0,0 @@\n-a\n-b\n", {FILE: counts(0, 2)}),
        (HEAD + "@@ -1,2 +1 @@\n--- drop it\n keep\n", {FILE: counts(0, 1)}),
        (HEAD + "@@ -1,1 +1,2 @@\n+++ add it\n keep\n", {FILE: counts(1, 0)}),
        (HEAD + "@@ -1,2 +1,2 @@\n--- a/other\n+++ b/other\n keep\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1,1 +1,2 @@\n+@@ -1 +1 @@\n keep\n", {FILE: counts(1, 0)}),
        (HEAD + "@@ -1,2 +1,2 @@\n-a\n\n+b\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n", {FILE: counts(1, 1)}),
        (HEAD + "@@ -1 +1,2 @@\n a\n+b\n-- \n2.40.1\n", {FILE: counts(1, 0)}),
        (HEAD + "@@ -1 +1,2 @@\n a\n+b\n+1 from me\n- and a list\n", {FILE: counts(1, 0)}),
        (HEAD + "@@ -1 +1 @@\n-a\n+b\n@@ -9,2 +9 @@\n x\n-y\n", {FILE: counts(1, 2)}),
        ((HEAD + "@@ -1 +1 @@\n-a\n+b\n") * 2, {FILE: counts(2, 2)}),
        ("--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+a\n", {"new": counts(1, 0)}),
        ("--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", {"gone": counts(0, 1)}),
        ("--- a/before\n+++ b/after\n@@ -1 +1 @@\n-a\n+b\n", {"after": counts(1, 1)}),
        ("--- old.c\t2025-01-01\n+++ new.c\t2025-01-02\n@@ -1 +1 @@\n-a\n+b\n", {"new.c": counts(1, 1)}),
        ("--- a/a/b/x\n+++ b/a/b/x\n@@ -1 +1 @@\n-a\n+b\n", {"a/b/x": counts(1, 1)}),
        ("--- a/abba\n+++ b/abba\n@@ -1 +1 @@\n-a\n+b\n", {"abba": counts(1, 1)}),
        ("--- a/one two\n+++ b/one two\n@@ -1 +1 @@\n-a\n+b\n", {"one two": counts(1, 1)}),
        (
            "Subject: x\n\n- a list\n---\n x | 2 +-\n" + HEAD + "@@ -1 +1 @@\n-a\n+b\ndiff --git a/y b/y\nindex 1..2\n"
            "--- a/y\n+++ b/y\n@@ -1,2 +1 @@\n-a\n b\n-- \n2.40\n",
            {FILE: counts(1, 1), "y": counts(0, 1)},
        ),
        (HEAD + "diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1,2 @@\n a\n+b\n", {"y": counts(1, 0)}),
    ],
)
def test_counts(diff, expected):
    assert changed_lines(diff) == expected


@pytest.mark.parametrize(
    "diff",
    [
        HEAD + "@@ -1 +1 @@\n",
        HEAD + "@@ -1 +1 @@\n-a\n",
        HEAD + "@@ -1,2 +1,2 @@\n a\n",
        HEAD + "@@ -1,2 +1 @@\n-a\n+b\n",
        HEAD + "@@ -1 +1,2 @@\n-a\n+b\n",
        HEAD + "@@ -1,2 +1,2 @@\n a\n@@ -9 +9 @@\n-a\n+b\n",
        HEAD + "@@ -1,2 +1,2 @@\n a\ndiff --git a/y b/y\n",
        HEAD + "@@ -1 +1 @@\n-a\n-b\n+c\n",
        "@@ -1 +1 @@\n-a\n+b\n",
        "diff --git a/y b/y\n@@ -1 +1 @@\n-a\n+b\n",
    ],
)
def test_errors(diff):
    with pytest.raises(ValueError):
        changed_lines(diff)
