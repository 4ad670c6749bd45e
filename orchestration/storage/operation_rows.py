"""Writes what the status shows of the pipeline itself: the budgets that are stated, and its runs.

Not here: what was spent (spending), nor how Dagster's runs are read (defs).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from orchestration.storage.bulk_insert import INSERT_NEW, Connection, RawTable, insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StatedBudget:
    """What a target may cost from a moment on; `target_id` is empty for all real ones together. None is no limit."""

    target_id: str
    usd_per_hour: Decimal | None
    usd_per_day: Decimal | None
    usd_per_month: Decimal | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run of Dagster's as it was seen last; hours are those of its partitions, None where it has none."""

    run_id: str
    job: str
    first_hour: datetime | None
    last_hour: datetime | None
    status: str
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    recorded_at: datetime


def _plain(name: str, row_type: type) -> RawTable[Any]:
    columns = tuple(field.name for field in fields(row_type))
    return RawTable(name, columns, attrgetter(*columns))


BUDGETS: RawTable[StatedBudget] = _plain("budgets", StatedBudget)
RUNS: RawTable[SeenRun] = _plain("runs", SeenRun)

# A target that never had a limit needs no row; one that has none any more does.
_INSERT_CHANGED = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM {incoming} AS stated
WHERE (
    num_nonnulls(stated.usd_per_hour, stated.usd_per_day, stated.usd_per_month) > 0
    OR EXISTS (SELECT FROM {table} AS known WHERE known.target_id = stated.target_id)
) AND NOT EXISTS (
    SELECT FROM (
        SELECT * FROM {table} AS known WHERE known.target_id = stated.target_id ORDER BY known.recorded_at DESC LIMIT 1
    ) AS newest
    WHERE (newest.usd_per_hour, newest.usd_per_day, newest.usd_per_month)
        IS NOT DISTINCT FROM (stated.usd_per_hour, stated.usd_per_day, stated.usd_per_month)
)
ON CONFLICT DO NOTHING
"""
_SEEN_AGAIN = (
    INSERT_NEW.removesuffix("DO NOTHING")
    + "(run_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ("status", "started_at", "ended_at", "recorded_at"))
)


def record_budgets(connection: Connection, rows: Iterable[StatedBudget]) -> int:
    """Record the budgets that differ from the newest recorded of the same target. Returns their number."""
    return insert_rows(connection, BUDGETS, rows, _INSERT_CHANGED)


def record_runs(connection: Connection, rows: Iterable[SeenRun]) -> int:
    """Record runs, or what has become of those that are recorded. Returns their number."""
    return insert_rows(connection, RUNS, rows, _SEEN_AGAIN)
