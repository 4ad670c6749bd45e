"""Counts and cuts tokens without a vocabulary: the same text always has the same count, near a real tokenizer's.

Not here: real tokenizers, which would have to be downloaded.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PIECE = re.compile(r"[ \t]*(?:[^\W\d_]+|\d+|_+|[^\w\s]{1,2})|\s+")
_LETTERS_PER_TOKEN = 7
_CHUNK = re.compile(r"\s*\S{1,12}|\s+")


def _size(piece: str) -> int:
    return 1 + (len(piece.strip()) - 1) // _LETTERS_PER_TOKEN if not piece.isspace() else 1


@lru_cache(maxsize=16_384)
def count_tokens(text: str) -> int:
    """An estimate of the number of tokens of `text`."""
    return sum(_size(match.group()) for match in _PIECE.finditer(text))


def cut_tokens(text: str, limit: int) -> str:
    """The longest start of `text` that has at most `limit` tokens."""
    used = 0
    for match in _PIECE.finditer(text):
        used += _size(match.group())
        if used > limit:
            return text[: match.start()]
    return text


def chunks(text: str) -> list[str]:
    """`text` in the small pieces in which a model streams it; joined they are the text."""
    return _CHUNK.findall(text)


def parts(text: str, count: int) -> list[str]:
    """`text` in at most `count` pieces of about the same length; joined they are the text."""
    size = max(1, -(-len(text) // count))
    return [text[start : start + size] for start in range(0, len(text), size)]
