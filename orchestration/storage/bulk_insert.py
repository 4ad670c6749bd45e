"""Writes many rows at once into a table that only grows: COPY into a temporary table, then what is new of it.

Of tables that are kept by months only what is new is sent, into the table itself. Not here: which tables there are
(raw_tables).
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import psycopg
from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow, scalar_row

from orchestration.storage.copy_text import copy_lines
from orchestration.storage.partitions import PARTITIONED, make_months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

Row = TypeVar("Row")
Connection = psycopg.Connection[TupleRow]


@dataclass(frozen=True)
class RawTable(Generic[Row]):
    """A table of schema raw, the columns that we write, and a row's values in that order."""

    name: str
    columns: tuple[str, ...]
    values: Callable[[Row], tuple[Any, ...]]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier("raw", self.name)

    @property
    def incoming(self) -> sql.Identifier:
        """The temporary table of rows on their way in."""
        return sql.Identifier("pg_temp", f"incoming_{self.name}")

    @property
    def column_list(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))


INSERT_NEW = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {incoming} ON CONFLICT DO NOTHING"
_KEYS = "SELECT concat_ws(' ', {key}) FROM {table} WHERE benchmark_hour = %s"
_MAKE_INCOMING = "CREATE TEMP TABLE {incoming} AS SELECT {columns} FROM {table} LIMIT 0"


def replacing(table: RawTable[Any], key: Sequence[str]) -> str:
    """An insert that puts new rows in the place of those with the same key."""
    assigned = ", ".join(f"{name} = excluded.{name}" for name in table.columns if name not in key)
    return INSERT_NEW.removesuffix("DO NOTHING") + f"({', '.join(key)}) DO UPDATE SET {assigned}"


def insert_rows(connection: Connection, table: RawTable[Row], rows: Iterable[Row], insert: str = INSERT_NEW) -> int:
    """Insert the rows that are new and return their number, all or none; rows that are there stay as they are.

    `insert` may say otherwise; {table}, {columns} and {incoming} stand for the names.
    """
    values = map(table.values, rows)
    with connection.transaction():
        if insert is not INSERT_NEW or table.name not in PARTITIONED:
            return _insert(connection, table, _lines(connection, values), insert)
        known: dict[datetime, set[str]] = {}
        lines = _lines(connection, _new_ones(connection, table, values, known))
        if not lines:
            return 0
        make_months(connection, min(known), max(known))
        if _append(connection, table, lines):
            return len(lines)
        return _insert(connection, table, lines, insert)


def _new_ones(
    connection: Connection,
    table: RawTable[Any],
    values: Iterable[tuple[Any, ...]],
    known: dict[datetime, set[str]],
) -> Iterator[tuple[Any, ...]]:
    """Those whose keys are not in the table; the keys that are go into `known`, by hour.

    An hour's keys cost less than rows that are there all the same, and as words they cost Python's collector nothing.
    """
    key = [name for name in PARTITIONED[table.name] if name != "benchmark_hour"]
    query = sql.SQL(_KEYS).format(key=sql.SQL(", ").join(map(sql.Identifier, key)), table=table.identifier)
    hour_of = itemgetter(table.columns.index("benchmark_hour"))
    key_of = itemgetter(*map(table.columns.index, key))
    with connection.cursor(row_factory=scalar_row) as cursor:
        for row in values:
            hour = hour_of(row)
            if hour not in known:
                known[hour] = set(cursor.execute(query, (hour,)).fetchall())
            if not known[hour] or " ".join(map(str, key_of(row))) not in known[hour]:
                yield row


def _lines(connection: Connection, values: Iterable[tuple[Any, ...]]) -> list[str]:
    """In the order of the columns, of which the key's come first: its index stays narrow, and two that insert the same
    rows at once wait for each other in turn.
    """
    return sorted(copy_lines(values, connection))


def _append(connection: Connection, table: RawTable[Row], lines: list[str]) -> bool:
    """Whether all rows are in the table now; none is when one of them is there, or comes twice."""
    try:
        with connection.transaction():
            _copy(connection, table.identifier, table, lines)
    except UniqueViolation:
        return False
    return True


def _insert(connection: Connection, table: RawTable[Any], lines: list[str], insert: str) -> int:
    names: dict[str, sql.Composable] = {
        "table": table.identifier,
        "columns": table.column_list,
        "incoming": table.incoming,
    }
    connection.execute(sql.SQL(_MAKE_INCOMING).format(**names))
    _copy(connection, table.incoming, table, lines)
    inserted = connection.execute(sql.SQL(insert).format(**names)).rowcount
    connection.execute(sql.SQL("DROP TABLE {incoming}").format(**names))
    return inserted


def _copy(connection: Connection, place: sql.Identifier, table: RawTable[Row], lines: list[str]) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(place, table.column_list)
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write("".join(lines))
