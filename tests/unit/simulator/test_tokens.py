from __future__ import annotations

import pytest

from orchestration.simulator.tokens import chunks, count_tokens, cut_tokens, parts

TEXT = "Here is it:\n\n```python\ndef add(number):\n    return number + 1\n```\n\nÜbrigens: naïve text.\n"


def test_counts_are_near_those_of_a_real_tokenizer() -> None:
    assert count_tokens("") == 0
    assert count_tokens("The quick brown fox jumps over the lazy dog.") == 10
    assert 25 <= count_tokens(TEXT) <= 45


@pytest.mark.parametrize("limit", [0, 1, 5, 12, 1000])
def test_a_cut_is_the_longest_start_within_the_limit(limit: int) -> None:
    cut = cut_tokens(TEXT, limit)
    assert TEXT.startswith(cut)
    assert count_tokens(cut) <= limit
    assert cut == TEXT or count_tokens(cut) >= limit - 1


@pytest.mark.parametrize("text", [TEXT, "", " ", "\n\n", "x" * 100, "a\n\n b\t"])
def test_pieces_of_a_text_join_to_the_text(text: str) -> None:
    assert "".join(chunks(text)) == text
    assert "".join(parts(text, 4)) == text
    assert len(parts(text, 4)) <= 4
