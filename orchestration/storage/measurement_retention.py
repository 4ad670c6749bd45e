"""Drops whole months of measurements that were kept long enough, once archive and marts have what they keep for ever.

Not here: the answers' text (archive_retention), nor how long anything is kept (settings).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from psycopg.errors import InvalidSchemaName, LockNotAvailable, UndefinedTable

from orchestration.storage.archive_verification import verify
from orchestration.storage.partitions import drop_month, months_before

if TYPE_CHECKING:
    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection

_NOT_BUILT = """
SELECT count(*) FROM (
    SELECT benchmark_hour, suite, suite_version, target_id, count(*) AS call_count FROM raw.planned_calls
    WHERE benchmark_hour >= %(first)s AND benchmark_hour < %(end)s GROUP BY 1, 2, 3, 4
) AS planned
FULL JOIN (
    SELECT benchmark_hour, suite, suite_version, target_id, sum(call_count) AS call_count FROM marts.fct_coverage
    WHERE benchmark_hour >= %(first)s AND benchmark_hour < %(end)s GROUP BY 1, 2, 3, 4
) AS built USING (benchmark_hour, suite, suite_version, target_id)
WHERE planned.call_count IS DISTINCT FROM built.call_count
"""
_ONLY_IN_MARTS = """
SELECT min(built.benchmark_hour) FROM marts.fct_coverage AS built
WHERE built.benchmark_hour < (SELECT min(benchmark_hour) FROM raw.planned_calls)
    OR NOT EXISTS (SELECT FROM raw.planned_calls)
"""


@dataclass(slots=True)
class DroppedMonths:
    """What one round did. A month that may not go is left as it is, with the reason."""

    dropped: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def drop_old_months(connection: Connection, archive: Archive, before: datetime) -> DroppedMonths:
    """Drop the months before that one, each in a transaction. Needs the rights of the schema's owner."""
    done = DroppedMonths()
    for month in months_before(connection, before):
        if reason := _reason_to_stay(connection, archive, month) or _drop(connection, month):
            connection.rollback()
            done.left.append(f"{month:%Y-%m}: {reason}")
        else:
            connection.commit()
            done.dropped.append(f"{month:%Y-%m}")
    return done


def _drop(connection: Connection, month: datetime) -> str | None:
    try:
        drop_month(connection, month)
    except LockNotAvailable:
        return "its tables are being used"
    return None


def first_hour_only_in_marts(connection: Connection) -> datetime | None:
    """The oldest hour that the marts have and the raw tables no longer; None where there is none."""
    try:
        row = connection.execute(_ONLY_IN_MARTS).fetchone()
    except (UndefinedTable, InvalidSchemaName):
        connection.rollback()
        return None
    return row[0] if row else None


def _reason_to_stay(connection: Connection, archive: Archive, month: datetime) -> str | None:
    """Why a month can't go yet: something of it is nowhere else."""
    end = (month + timedelta(days=31)).replace(day=1)
    faults = verify(connection, archive, (month, end - timedelta(hours=1))).faults
    if faults:
        return f"{len(faults)} faults in the archive, the first: {faults[0]}"
    try:
        row = connection.execute(_NOT_BUILT, {"first": month, "end": end}).fetchone()
    except (UndefinedTable, InvalidSchemaName):
        row = None
    if row is None or row[0]:
        return "the marts lack calls of it: build its hours with ./aibaas rescore"
    return None
