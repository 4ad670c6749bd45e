"""The scenario means that intervals are computed from, and the intervals that come of them.

Not here: the computation (stats.intervals).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from orchestration.storage.raw_tables import ScoreInterval, replace_score_intervals

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "grain": pl.String,
    "period_name": pl.String,
    "period_start": pl.Datetime("us", "UTC"),
    "target_id": pl.String,
    "suite": pl.String,
    "suite_version": pl.Int64,
    "family": pl.String,
    "scenario_id": pl.String,
    "scenario_family": pl.String,
    "mean_score": pl.Float64,
    "scored_count": pl.Int64,
}

_ALL = f"select {', '.join(_COLUMNS)} from intermediate.int_scenario_period_scores"  # noqa: S608 - fixed names
_TOUCHED = f"""
{_ALL}
where grain = 'window'
    or (grain = 'hour' and period_start >= %(first)s and period_start < %(end)s)
    or (grain = 'day' and period_start >= %(first_day)s and period_start < %(end)s)
"""


def read_scenario_means(connection: Connection, touched: tuple[datetime, datetime] | None) -> pl.DataFrame:
    """A row per period and scenario: all of them, or those of the touched hours (first, end) and of every window."""
    query, parameters = _ALL, {}
    if touched is not None:
        first, end = touched
        first_day = first - timedelta(hours=first.hour)
        query, parameters = _TOUCHED, {"first": first, "first_day": first_day, "end": end}
    with connection.cursor() as cursor:
        rows = cursor.execute(query.encode(), parameters).fetchall()
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def replace_intervals(connection: Connection, intervals: pl.DataFrame) -> int:
    """Put computed intervals in place of those of the same periods. Windows move on: the old ones go."""
    connection.execute("delete from raw.score_intervals where grain = 'window'")
    rows: list[dict[str, Any]] = intervals.to_dicts()
    return replace_score_intervals(connection, (ScoreInterval(**row) for row in rows))
