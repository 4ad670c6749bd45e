"""Cells of the warehouse as the detector wants them, and values of the detector as they are published.

Not here: reading (storage), nor the detector (stats).
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from orchestration.stats.cells import Cells, cells_of
from orchestration.stats.detection_metrics import COST, ERRORS, LATENCY, QUALITY, TTFT, WATCHED, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Columns = tuple[tuple[str, str], ...]

HOUR = timedelta(hours=1)
MICRO = 1e6
_MEASURE = {LATENCY: "latency_p50_ms", TTFT: "time_to_first_token_p50_ms", COST: "cost_mean_usd"}
_ASKED = pl.format("{}.{}.{}", "suite_version", "scenario_version", "variant_seed")
"""A revision of the suite or the scenario, or another variant, is another control."""
_SCORED = pl.format("{}.{}", _ASKED, "scorer_version")
"""For scores another version of the scorer is another control too. Null where nothing was scored."""


def first_hour_of(hour: datetime) -> datetime:
    """The first hour of the week, so that the weekend of hours counted from it is the week's."""
    midnight = hour.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


def columns_of(frame: pl.DataFrame) -> dict[Metric, Columns]:
    """By metric the scenario versions of cells, sorted."""
    asked, scored = (
        tuple(frame.select("scenario_id", key.alias("version")).drop_nulls().unique().sort(pl.all()).rows())
        for key in (_ASKED, _SCORED)
    )
    return {metric: scored if metric == QUALITY else asked for metric in WATCHED}


def streams_of(frame: pl.DataFrame, first_hour: datetime, columns: Mapping[Metric, Columns]) -> dict[Metric, Cells]:
    """The streams of a target by metric, from hour 0 (`first_hour`) to the last of at least one cell.

    Cells of versions that are no columns are left out.
    """
    numbered = frame.with_columns(hour=(pl.col("benchmark_hour") - first_hour).dt.total_hours())
    last_hour = int(numbered.select(pl.col("hour").max()).item())
    return {metric: _stream_of(numbered, metric, columns[metric], last_hour) for metric in WATCHED}


def _stream_of(frame: pl.DataFrame, metric: Metric, columns: Columns, last_hour: int) -> Cells:
    schema = {"scenario_id": pl.String, "version": pl.String}
    known = pl.DataFrame(columns, schema=schema, orient="row").with_row_index("column")
    keyed = frame.with_columns(version=_SCORED if metric == QUALITY else _ASKED)
    cells = keyed.join(known, on=["scenario_id", "version"], how="inner", maintain_order="left")
    hours, where = (cells[name].cast(pl.Int64).to_numpy() for name in ("hour", "column"))
    return cells_of(hours, columns, where, *_measured(cells, metric), last_hour)


def _measured(frame: pl.DataFrame, metric: Metric) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values in the metric's unit and the numbers of samples behind them; nan where there is none."""
    answered, failed = (_numbers(frame, name) for name in ("answered_count", "failed_count"))
    if metric == QUALITY:
        return _numbers(frame, "score_mean"), _numbers(frame, "scored_count")
    if metric == ERRORS:
        return failed / (answered + failed), answered + failed
    measured = _numbers(frame, _MEASURE[metric])
    if metric == COST:
        measured = measured * MICRO
    return np.where(measured > 0, np.log(np.where(measured > 0, measured, 1.0)), np.nan), answered


def _numbers(frame: pl.DataFrame, column: str) -> NDArray[np.float64]:
    return frame[column].cast(pl.Float64).fill_null(math.nan).to_numpy()


def published_value(metric: Metric, level: float) -> float:
    """A level as points, milliseconds, USD, or a share."""
    value = math.exp(level) if metric.is_logarithmic else level
    return value / MICRO if metric == COST else value


def published_effect(metric: Metric, difference: float) -> float:
    """A difference of levels: a ratio where levels are logarithms."""
    return math.exp(difference) if metric.is_logarithmic else difference
