"""The months of the tables that grow with every hour: made before rows of them are written, dropped when they are old.

Not here: how a month is made (migrations; raw.ensure_partitions), nor whether one may go (measurement_retention).
Hypertables make chunks by themselves, and of them the same months go.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from psycopg import sql

from orchestration.storage.hypertables import drop_rows

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

PARTITIONED: Final = {
    "planned_calls": ("benchmark_hour", "suite", "suite_version", "call_id"),
    "responses": ("benchmark_hour", "call_id", "attempt"),
    "scores": ("benchmark_hour", "call_id", "attempt", "scorer_version", "grading_attempt"),
}
"""The tables that are kept by months, with the columns of their keys."""

MONTHS_AHEAD: Final = 3

_MONTHS: Final = """
SELECT DISTINCT right(part.relname, 7) FROM pg_inherits
JOIN pg_class AS part ON part.oid = inhrelid
WHERE inhparent IN ('raw.planned_calls'::regclass, 'raw.responses'::regclass, 'raw.scores'::regclass)
    AND part.relname ~ '_[0-9]{4}_[0-9]{2}$'
"""
_MONTHS_OF_ROWS: Final = """
SELECT DISTINCT to_char(benchmark_hour AT TIME ZONE 'UTC', 'YYYY_MM') FROM (
    SELECT benchmark_hour FROM raw.planned_calls
    UNION ALL SELECT benchmark_hour FROM raw.responses UNION ALL SELECT benchmark_hour FROM raw.scores
) AS stored
"""
_AHEAD: Final = "SELECT raw.ensure_partitions(%s, %s + make_interval(months => %s))"


def make_months(connection: Connection, first: datetime, last: datetime) -> None:
    """Make the months of the hours from the first to the last where they are missing."""
    connection.execute("SELECT raw.ensure_partitions(%s, %s)", (first, last))


def make_months_ahead(connection: Connection, now: datetime) -> int:
    """Make this month and the next three where they are missing. Returns the number of new partitions."""
    row = connection.execute(_AHEAD, (now, now, MONTHS_AHEAD)).fetchone()
    return 0 if row is None else row[0]


def kept_since(kept_months: int, now: datetime) -> datetime:
    """The first hour of the month that lies so many months before the current one (UTC)."""
    months = now.year * 12 + now.month - 1 - kept_months
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def months_before(connection: Connection, moment: datetime) -> list[datetime]:
    """The months with partitions, or with rows in hypertables, that begin before a moment, oldest first."""
    query = _MONTHS if is_partitioned(connection, "responses") else _MONTHS_OF_ROWS
    names = (row[0] for row in connection.execute(query).fetchall())
    months = sorted(datetime.strptime(name, "%Y_%m").replace(tzinfo=UTC) for name in names)
    return [month for month in months if month < moment]


def is_partitioned(connection: Connection, table: str) -> bool:
    """Whether a raw table has partitions; a hypertable has none."""
    query = "SELECT 1 FROM pg_class WHERE oid = %s::regclass AND relkind = 'p'"
    return connection.execute(query, (f"raw.{table}",)).fetchone() is not None


def has_month(connection: Connection, hour: datetime) -> bool:
    """Whether there is a partition for the responses of an hour, or no partition is needed."""
    query = """
        SELECT relkind <> 'p' OR to_regclass(%s) IS NOT NULL FROM pg_class WHERE oid = 'raw.responses'::regclass
    """
    row = connection.execute(query, (f"raw.{_name('responses', hour)}",)).fetchone()
    return row is not None and bool(row[0])


def drop_month(connection: Connection, month: datetime) -> None:
    """Drop a month of every table. Needs the rights of the schema's owner, and waits 10 s at most for readers."""
    connection.execute("SET LOCAL lock_timeout = '10s'")
    for table in sorted(PARTITIONED):
        if is_partitioned(connection, table):
            name = sql.Identifier("raw", _name(table, month))
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        else:
            drop_rows(connection, table, month, (month + timedelta(days=31)).replace(day=1))


def _name(table: str, hour: datetime) -> str:
    return f"{table}_{hour.astimezone(UTC):%Y_%m}"
