"""Rows as the lines that COPY takes, made column by column: a value that many rows share is put into words once.

Not here: where the lines go (bulk_insert).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.adapt import PyFormat, Transformer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import abc

_NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_lines(rows: Iterable[Sequence[Any]], context: abc.AdaptContext) -> list[str]:
    """One line for each row, in COPY's text format."""
    dumpers = Transformer(context)
    columns = (_words_of(column, dumpers) for column in zip(*rows, strict=True))
    return ["\t".join(words) + "\n" for words in zip(*columns, strict=True)]


def storable(text: str) -> str:
    """Providers and graded programs write what PostgreSQL refuses: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


class _Words(dict[Any, str]):
    """The words for each value of a column that was met."""

    def __init__(self, dumpers: abc.Transformer) -> None:
        super().__init__()
        self._dumpers = dumpers

    def __missing__(self, value: Any) -> str:
        words = self[value] = _words(value, self._dumpers)
        return words


def _words_of(column: Sequence[Any], dumpers: abc.Transformer) -> list[str]:
    try:
        return list(map(_Words(dumpers).__getitem__, column))
    except TypeError:  # a list has no hash
        return [_words(value, dumpers) for value in column]


def _words(value: Any, dumpers: abc.Transformer) -> str:
    if value is None:
        return _NULL
    if isinstance(value, str):
        return storable(value).translate(_ESCAPES)
    if isinstance(value, UUID):  # each row has its own
        return value.hex
    dumped = dumpers.get_dumper(value, PyFormat.TEXT).dump(value)
    return _NULL if dumped is None else bytes(dumped).decode().translate(_ESCAPES)
