"""The months of the tables that grow with every hour, made before rows of them are written.

Not here: how a month is made (migrations; raw.ensure_partitions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

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
