"""The scenario means that intervals are computed from, the intervals that come of them, and the same for gaps.

Not here: the computation (stats.intervals).
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from orchestration.storage.raw_tables import ScoreInterval, VariantGap, replace_score_intervals, replace_variant_gaps

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
    "scorer_versions": pl.String,
    "mean_score": pl.Float64,
    "scored_count": pl.Int64,
}

_ALL = f"select {', '.join(_COLUMNS)} from intermediate.int_scenario_period_scores"  # noqa: S608 - fixed names
_TOUCHED = f"""
{_ALL}
where grain = 'window'
    or (grain = 'hour' and period_start >= %(first)s and period_start < %(end)s)
    or (grain = 'week' and period_start >= %(first_week)s and period_start < %(end)s)
    or (grain = 'day' and period_start >= %(first_day)s and period_start < %(end)s)
"""


def read_scenario_means(connection: Connection, touched: tuple[datetime, datetime] | None) -> pl.DataFrame:
    """A row per period and scenario: all of them, or those of the touched hours (first, end) and of every window."""
    query, parameters = _ALL, {}
    if touched is not None:
        first, end = touched
        first_day = first - timedelta(hours=first.hour)
        first_week = first_day - timedelta(days=first.weekday())
        query = _TOUCHED
        parameters = {"first": first, "first_day": first_day, "first_week": first_week, "end": end}
    with connection.cursor() as cursor:
        rows = cursor.execute(query.encode(), parameters).fetchall()
    return pl.DataFrame(rows, schema=_COLUMNS, orient="row")


def replace_intervals(connection: Connection, intervals: pl.DataFrame) -> int:
    """Put computed intervals in place of those of the same periods. Windows move on: the old ones go."""
    connection.execute("delete from raw.score_intervals where grain = 'window'")
    weeks = intervals.filter(pl.col("grain") == "week")["period_start"].unique().to_list()
    connection.execute("delete from raw.score_intervals where grain = 'week' and period_start = any(%s)", (weeks,))
    rows: list[dict[str, Any]] = intervals.to_dicts()
    return replace_score_intervals(connection, (ScoreInterval(**row) for row in rows))


_GAP_KEY = ("target_id", "suite", "suite_version", "family", "scenario_id", "scenario_family")
_GAPS = f"""
select
    window_name, window_start, {", ".join(_GAP_KEY)}, scorer_versions,
    public_score_mean - fresh_score_mean, public_count + fresh_count
from intermediate.int_variant_scores where public_count > 0 and fresh_count > 0
"""  # noqa: S608 - fixed names


def read_gaps(connection: Connection) -> pl.DataFrame:
    """A row per window and scenario that was asked both ways, in the form of read_scenario_means: `mean_score` is the
    public variant's mean score minus that of the fresh ones.
    """
    with connection.cursor() as cursor:
        rows = cursor.execute(_GAPS.encode()).fetchall()
    schema = {name: kind for name, kind in _COLUMNS.items() if name != "grain"}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit("window").alias("grain"))


def replace_gaps(connection: Connection, intervals: pl.DataFrame) -> int:
    """Put the intervals of gaps in place of the older ones."""
    renamed = {
        "period_name": "window_name",
        "period_start": "window_start",
        "score_mean": "gap_mean",
        "score_ci95_lower": "gap_ci95_lower",
        "score_ci95_upper": "gap_ci95_upper",
    }
    rows = intervals.rename(renamed).select(field.name for field in fields(VariantGap))
    return replace_variant_gaps(connection, (VariantGap(**row) for row in rows.to_dicts()))
