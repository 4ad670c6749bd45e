"""The scenario means that intervals are computed from, the intervals that come of them, and the same for gaps.

Not here: the computation (stats.intervals).
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
from psycopg import sql

from orchestration.storage.bulk_insert import insert_rows
from orchestration.storage.frame_loading import copy_frame, read_frame
from orchestration.storage.raw_tables import VARIANT_GAPS, VariantGap

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

_COLUMNS = pa.schema(
    [
        ("grain", pa.string()),
        ("period_name", pa.string()),
        ("period_start", pa.timestamp("us", "UTC")),
        ("target_id", pa.string()),
        ("suite", pa.string()),
        ("suite_version", pa.int64()),
        ("family", pa.string()),
        ("scenario_id", pa.string()),
        ("scenario_family", pa.string()),
        ("scorer_versions", pa.string()),
        ("mean_score", pa.float64()),
        ("scored_count", pa.int64()),
    ]
)

ALL_FAMILIES = "all"

# The rows of family `all` are those of the families once more: they are made here instead of being sent.
_MEANS = f"""
select {", ".join(_COLUMNS.names)} from intermediate.int_scenario_period_scores where family <> '{ALL_FAMILIES}'
"""  # noqa: S608 - fixed names
_TOUCHED = """(
    grain = 'window'
    or (grain = 'hour' and period_start >= {first} and period_start < {end})
    or (grain = 'week' and period_start >= {first_week} and period_start < {end})
    or (grain = 'day' and period_start >= {first_day} and period_start < {end})
)"""


def read_scenario_means(connection: Connection, touched: tuple[datetime, datetime] | None) -> pl.DataFrame:
    """A row per period and scenario: all of them, or those of the touched hours (first, end) and of every window."""
    means = read_frame(connection, sql.SQL(_MEANS + " and ") + _periods(touched), _COLUMNS)
    return pl.concat([means, means.with_columns(family=pl.lit(ALL_FAMILIES))])


def replace_intervals(
    connection: Connection, intervals: pl.DataFrame, touched: tuple[datetime, datetime] | None
) -> int:
    """Put computed intervals in place of all that there are of the touched hours, their days and weeks and of every
    window, also of those that have none any more; without touched hours in place of all.
    """
    with connection.transaction():
        connection.execute(sql.SQL("delete from raw.score_intervals where ") + _periods(touched))
        return copy_frame(connection, "score_intervals", intervals)


def _periods(touched: tuple[datetime, datetime] | None) -> sql.Composable:
    """A condition on grain and period_start."""
    if touched is None:
        return sql.SQL("true")
    first, end = touched
    first_day = first - timedelta(hours=first.hour)
    first_week = first_day - timedelta(days=first.weekday())
    bounds = {"first": first, "first_day": first_day, "first_week": first_week, "end": end}
    return sql.SQL(_TOUCHED).format(**{name: sql.Literal(moment) for name, moment in bounds.items()})


_GAP_KEY = ("target_id", "suite", "suite_version", "family", "scenario_id", "scenario_family")
_GAPS = f"""
select
    'window', window_name, window_start, {", ".join(_GAP_KEY)}, scorer_versions,
    public_score_mean - fresh_score_mean, public_count + fresh_count, is_simulated
from intermediate.int_variant_scores where public_count > 0 and fresh_count > 0
"""  # noqa: S608 - fixed names


def read_gaps(connection: Connection) -> pl.DataFrame:
    """A row per window and scenario that was asked both ways, in the form of read_scenario_means: `mean_score` is the
    public variant's mean score minus that of the fresh ones. Whether the target is simulated stands beside.
    """
    return read_frame(connection, sql.SQL(_GAPS), _COLUMNS.append(pa.field("is_simulated", pa.bool_())))


def replace_gaps(connection: Connection, gaps: pl.DataFrame) -> int:
    """Put gaps with their intervals and tests in place of all that there are: their windows move on together."""
    renamed = {
        "period_name": "window_name",
        "period_start": "window_start",
        "score_mean": "gap_mean",
        "score_ci95_lower": "gap_ci95_lower",
        "score_ci95_upper": "gap_ci95_upper",
    }
    rows = gaps.rename(renamed).select(field.name for field in fields(VariantGap))
    with connection.transaction():
        connection.execute("DELETE FROM raw.variant_gaps")
        return insert_rows(connection, VARIANT_GAPS, (VariantGap(**row) for row in rows.to_dicts()))
