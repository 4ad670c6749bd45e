# score: 1 - the two examples of the prompt and nothing else
from {{module}} import changed_lines


def test_one_hunk():
    diff = "--- a/x.txt\n+++ b/x.txt\n@@ -1 +1 @@\n-one\n+eins\n"
    assert changed_lines(diff) == {"x.txt": {"{{word.added}}": 1, "{{word.removed}}": 1}}


def test_mode_only():
    assert changed_lines("diff --git a/{{file}} b/{{file}}\nold mode 100644\nnew mode 100755\n") == {}
