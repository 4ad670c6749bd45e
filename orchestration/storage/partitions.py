"""The months of the tables that grow with every hour: made before rows of them are written, and let go of.

Not here: how a month is made and dropped (migrations; raw.ensure_partitions, raw.expire_rows). Hypertables have chunks
instead, which make themselves; they are let go of by months as well.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

PARTITIONED: Final = frozenset({"planned_calls", "responses", "scores"})
MONTHS_AHEAD: Final = 3

_AHEAD: Final = "SELECT raw.ensure_partitions(%s, %s + make_interval(months => %s))"


def make_months(connection: Connection, first: datetime, last: datetime) -> None:
    """Make the months of the hours from the first to the last where they are missing."""
    connection.execute("SELECT raw.ensure_partitions(%s, %s)", (first, last))


def make_months_ahead(connection: Connection, now: datetime) -> int:
    """Make this month and the next three where they are missing. Returns the number of new partitions."""
    row = connection.execute(_AHEAD, (now, now, MONTHS_AHEAD)).fetchone()
    return 0 if row is None else row[0]


def expire_rows(connection: Connection, now: datetime, kept_days: int) -> datetime:
    """Let go of raw rows of the months before `first_kept`, and return it.

    Marts keep what they were built from; a full rebuild begins with the first row that is left.
    """
    kept_from = first_kept(now, kept_days)
    connection.execute("SELECT raw.expire_rows(%s)", (kept_from,))
    return kept_from


def first_kept(now: datetime, kept_days: int) -> datetime:
    """The first hour of the month that rows of `kept_days` reach back into."""
    day = now.astimezone(UTC) - timedelta(days=kept_days)
    return day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
