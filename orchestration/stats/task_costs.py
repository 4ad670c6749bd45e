"""What a task will cost a target over the days to come, by kind of task.

Not here: the formula (projections), nor what tasks did cost (the marts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from orchestration.stats.projections import project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    Row = dict[str, Any]

HORIZONS = (1, 7, 30, 90)
"""Days ahead that a projection is given for."""

PROJECTIONS: dict[str, Any] = {
    "target_id": pl.String,
    "family": pl.String,
    "horizon_days": pl.Int64,
    "first_date": pl.Date,
    "last_date": pl.Date,
    "day_count": pl.Int64,
    "answered_count": pl.Int64,
    "cost_per_task_usd": pl.Float64,
    "cost_per_task_ci95_lower": pl.Float64,
    "cost_per_task_ci95_upper": pl.Float64,
    "input_tokens_per_task": pl.Float64,
    "output_tokens_per_task": pl.Float64,
    "suite_versions": pl.String,
    "is_simulated": pl.Boolean,
    "computed_at": pl.Datetime("us", "UTC"),
}


def projection_table(days: pl.DataFrame, computed_at: datetime) -> pl.DataFrame:
    """A row of PROJECTIONS for every target, family and horizon whose newest day has a known cost.

    `days` has a row per target, family and whole day with its `answered_count`, `cost_usd`, `input_tokens` and
    `output_tokens`, null where unknown, and the `suite_versions` that planned its tasks, like `core:3`. Only the days
    without a gap up to the newest count: a projection over a gap would take other tasks for the same. Bounds are null
    with fewer days than `project` needs, and never below 0.
    """
    rows = [row | {"computed_at": computed_at} for row in _rows(days)]
    return pl.DataFrame(rows, schema=PROJECTIONS)


def _rows(days: pl.DataFrame) -> Iterator[Row]:
    newest = days["cost_date"].max()
    known = days.filter(pl.col("cost_usd").is_not_null() & (pl.col("answered_count") > 0)).sort("cost_date")
    parts = known.partition_by("target_id", "family", as_dict=True, maintain_order=True)
    for (target_id, family), part in sorted(parts.items()):
        run = _without_gap(part)
        if run["cost_date"].max() == newest:
            yield from ({"target_id": target_id, "family": family} | row for row in _horizons(run))


def _without_gap(days: pl.DataFrame) -> pl.DataFrame:
    """The newest days that follow each other."""
    newest = days["cost_date"].max()
    behind = pl.lit(newest) - pl.col("cost_date") == pl.duration(days=pl.len() - 1 - pl.int_range(pl.len()))
    return days.filter(behind)


def _horizons(days: pl.DataFrame) -> Iterator[Row]:
    answered = int(days["answered_count"].sum())
    daily = (days["cost_usd"] / days["answered_count"]).to_list()
    for horizon in HORIZONS:
        found = project(daily, horizon)
        yield {
            "horizon_days": horizon,
            "first_date": days["cost_date"].min(),
            "last_date": days["cost_date"].max(),
            "day_count": days.height,
            "answered_count": answered,
            "cost_per_task_usd": float(days["cost_usd"].sum()) / answered if found is None else found.total / horizon,
            "cost_per_task_ci95_lower": None if found is None else max(0.0, found.lower / horizon),
            "cost_per_task_ci95_upper": None if found is None else found.upper / horizon,
            "input_tokens_per_task": _per_task(days, "input_tokens"),
            "output_tokens_per_task": _per_task(days, "output_tokens"),
            "suite_versions": ", ".join(sorted(days["suite_versions"].explode().unique())),
            "is_simulated": days["is_simulated"].all(),
        }


def _per_task(days: pl.DataFrame, column: str) -> float | None:
    return None if days[column].null_count() else float(days[column].sum()) / int(days["answered_count"].sum())
