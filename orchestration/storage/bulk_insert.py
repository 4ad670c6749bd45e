"""Writes many rows at once into a table that only grows: COPY into a temporary table, then what is new of it.

Rows of hours that have none yet go into the table itself. Not here: which tables there are (raw_tables).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import psycopg
from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow

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
# Whether a row is there costs less to ask of all at once than of one after the other, as a conflict does.
_INSERT_MISSING = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM {incoming} AS incoming
WHERE NOT EXISTS (SELECT FROM {table} AS known WHERE known.benchmark_hour = ANY({hours}) AND {is_same})
ON CONFLICT DO NOTHING
"""
_HAS_HOURS = "SELECT EXISTS (SELECT FROM {table} WHERE benchmark_hour = ANY(%s))"
_MAKE_INCOMING = "CREATE TEMP TABLE {incoming} AS SELECT {columns} FROM {table} LIMIT 0"


def replacing(table: RawTable[Any], key: Sequence[str]) -> str:
    """An insert that puts new rows in the place of those with the same key."""
    assigned = ", ".join(f"{name} = excluded.{name}" for name in table.columns if name not in key)
    return INSERT_NEW.removesuffix("DO NOTHING") + f"({', '.join(key)}) DO UPDATE SET {assigned}"


def insert_rows(connection: Connection, table: RawTable[Row], rows: Iterable[Row], insert: str = INSERT_NEW) -> int:
    """Insert the rows that are new and return their number, all or none; rows that are there stay as they are.

    `insert` may say otherwise; {table}, {columns} and {incoming} stand for the names.
    """
    hours: set[datetime] = set()
    # In the order of the columns, of which the key's come first: its index stays narrow, and two that insert the same
    # rows at once wait for each other in turn.
    lines = sorted(copy_lines(_noted(hours, table, rows), connection))
    with connection.transaction():
        if hours:
            make_months(connection, min(hours), max(hours))
            if insert is INSERT_NEW:
                if _have_no_rows(connection, table, hours) and _append(connection, table, lines):
                    return len(lines)
                insert = _INSERT_MISSING
        return _insert(connection, table, lines, insert, hours)


def _noted(hours: set[datetime], table: RawTable[Row], rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """The values of rows; of a table that is kept by months, their benchmark hours are added to `hours`."""
    values = map(table.values, rows)
    if table.name not in PARTITIONED:
        yield from values
        return
    place = table.columns.index("benchmark_hour")
    for row in values:
        hours.add(row[place])
        yield row


def _have_no_rows(connection: Connection, table: RawTable[Row], hours: set[datetime]) -> bool:
    query = sql.SQL(_HAS_HOURS).format(table=table.identifier)
    return connection.execute(query, (list(hours),)).fetchone() == (False,)


def _append(connection: Connection, table: RawTable[Row], lines: list[str]) -> bool:
    """Whether all rows are in the table now; none is when one of them is there, or comes twice."""
    try:
        with connection.transaction():
            _copy(connection, table.identifier, table, lines)
    except UniqueViolation:
        return False
    return True


def _insert(connection: Connection, table: RawTable[Row], lines: list[str], insert: str, hours: set[datetime]) -> int:
    names: dict[str, sql.Composable] = {
        "table": table.identifier,
        "columns": table.column_list,
        "incoming": table.incoming,
        "is_same": _is_same(PARTITIONED.get(table.name, ())),
        "hours": sql.Literal(list(hours)),
    }
    connection.execute(sql.SQL(_MAKE_INCOMING).format(**names))
    _copy(connection, table.incoming, table, lines)
    inserted = connection.execute(sql.SQL(insert).format(**names)).rowcount
    connection.execute(sql.SQL("DROP TABLE {incoming}").format(**names))
    return inserted


def _is_same(key: Iterable[str]) -> sql.Composed:
    equal = sql.SQL("known.{0} = incoming.{0}")
    return sql.SQL(" AND ").join(equal.format(sql.Identifier(name)) for name in key)


def _copy(connection: Connection, place: sql.Identifier, table: RawTable[Row], lines: list[str]) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(place, table.column_list)
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write("".join(lines))
