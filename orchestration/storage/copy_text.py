"""Rows as the lines that COPY takes, made column by column: a value that many rows share is put into words once.

Not here: where the lines go (bulk_insert).
"""

from __future__ import annotations

from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.adapt import PyFormat, Transformer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import abc

_NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_AT_ONCE = 500  # rows; of many more at a time Python's collector took as long as all the rest
_number_of = attrgetter("int")
_hexadecimal = "%032x".__mod__


def copy_lines(rows: Iterable[Sequence[Any]], context: abc.AdaptContext) -> list[str]:
    """One line for each row, in COPY's text format."""
    dumpers = Transformer(context)
    known: list[_Words] = []
    lines: list[str] = []
    remaining = iter(rows)
    while part := list(islice(remaining, _AT_ONCE)):
        known = known or [_Words(dumpers) for _ in part[0]]
        columns = map(_words_of, known, zip(*part, strict=True))
        lines.extend("\t".join(words) + "\n" for words in zip(*columns, strict=True))
    return lines


def storable(text: str) -> str:
    """Providers and graded programs write what PostgreSQL refuses: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


class _Words(dict[Any, str]):
    """The words for each value of a column that was met."""

    def __init__(self, dumpers: abc.Transformer) -> None:
        super().__init__()
        self._dumpers = dumpers

    def __missing__(self, value: Any) -> str:
        words = self[value] = self.of(value)
        return words

    def of(self, value: Any) -> str:
        if value is None:
            return _NULL
        if isinstance(value, str):
            return storable(value).translate(_ESCAPES)
        dumped = self._dumpers.get_dumper(value, PyFormat.TEXT).dump(value)
        return _NULL if dumped is None else bytes(dumped).decode().translate(_ESCAPES)


def _words_of(known: _Words, column: Sequence[Any]) -> list[str]:
    if set(map(type, column)) == {UUID}:  # each row has its own
        return list(map(_hexadecimal, map(_number_of, column)))
    try:
        return list(map(known.__getitem__, column))
    except TypeError:  # a list has no hash
        return list(map(known.of, column))
