"""Small mistakes that choose inputs: what they change, and what they leave as it is."""

from __future__ import annotations

from orchestration.scoring.python_changes import changed_texts

CODE = '''\
import math


def least(items: list[int], limit: int = 3) -> int:
    """The least item."""
    found = None
    for item in items[1:]:
        if item < limit and item != 7:
            found = min(item, 5)
        else:
            continue
    return found
'''


def test_every_change_is_a_program_of_its_own() -> None:
    texts = list(changed_texts(CODE))
    assert len(set(texts)) == len(texts)
    for text in texts:
        compile(text, "changed.py", "exec")
        assert "import math" in text
        assert "items: list[int], limit: int" in text
        assert '"""The least item."""' in text


def test_operators_constants_calls_and_statements_change() -> None:
    texts = "\n".join(changed_texts(CODE))
    wanted = (
        "item <= limit and", "item < limit or", "item == 7", "item != 8", "items[2:]", "items[:]", "max(item, 5)",
        "if item != 7:", "if not (", "if False:", "limit: int=4", "found = 0", "break",
    )  # fmt: skip
    assert [part for part in wanted if part not in texts] == []


def test_each_text_has_one_change() -> None:
    own = CODE.splitlines()
    assert all(sum(line not in own for line in text.splitlines()) <= 2 for text in changed_texts(CODE))
