"""Writes many rows at once into a table that only grows: COPY into a temporary table, then what is new of it.

Not here: which tables there are (raw_tables).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from orchestration.storage.partitions import PARTITIONED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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


_MAKE_MONTHS = "SELECT raw.ensure_partitions(min(benchmark_hour), max(benchmark_hour)) FROM {incoming}"
# In the order of the columns, of which the key's come first: its index stays narrow, and two that insert the same rows
# at once wait for each other in turn.
INSERT_NEW = (
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM {incoming} ORDER BY {columns} ON CONFLICT DO NOTHING"
)


def replacing(table: RawTable[Any], key: Sequence[str]) -> str:
    """An insert that puts new rows in the place of those with the same key."""
    assigned = ", ".join(f"{name} = excluded.{name}" for name in table.columns if name not in key)
    return INSERT_NEW.removesuffix("DO NOTHING") + f"({', '.join(key)}) DO UPDATE SET {assigned}"


def insert_rows(connection: Connection, table: RawTable[Row], rows: Iterable[Row], insert: str = INSERT_NEW) -> int:
    """Insert the rows that are new and return their number, all or none; rows that are there stay as they are.

    `insert` may say otherwise; {table}, {columns} and {incoming} stand for the names.
    """
    names = {"table": table.identifier, "columns": table.column_list, "incoming": table.incoming}
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE {incoming} AS SELECT {columns} FROM {table} LIMIT 0").format(**names))
        with cursor.copy(sql.SQL("COPY {incoming} ({columns}) FROM STDIN").format(**names)) as copy:
            for row in rows:
                copy.write_row(table.values(row))
        if table.name in PARTITIONED:
            cursor.execute(sql.SQL(_MAKE_MONTHS).format(**names))
        inserted = cursor.execute(sql.SQL(insert).format(**names)).rowcount
        cursor.execute(sql.SQL("DROP TABLE {incoming}").format(**names))
    return inserted
