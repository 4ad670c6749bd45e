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
    from numpy.typing import NDArray

    Columns = tuple[tuple[str, str], ...]

HOUR = timedelta(hours=1)
MICRO = 1e6
_MEASURE = {LATENCY: "latency_p50_ms", TTFT: "time_to_first_token_p50_ms", COST: "cost_mean_usd"}
VERSION = pl.format("{}.{}.{}", "suite_version", "scenario_version", "variant_seed")
"""A revision of the suite or the scenario, or another variant, is another control."""


def first_hour_of(hour: datetime) -> datetime:
    """The first hour of the week, so that the weekend of hours counted from it is the week's."""
    midnight = hour.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


def columns_of(frame: pl.DataFrame) -> Columns:
    """The scenario versions of cells, sorted."""
    keys = frame.select("scenario_id", VERSION.alias("version")).unique().sort("scenario_id", "version")
    return tuple(keys.rows())


def streams_of(frame: pl.DataFrame, first_hour: datetime, columns: Columns) -> dict[Metric, Cells]:
    """The streams of a target by metric, from hour 0 (`first_hour`) to the last of at least one cell."""
    hours = ((frame["benchmark_hour"] - first_hour).dt.total_seconds() // 3600).to_numpy()
    place = {column: number for number, column in enumerate(columns)}
    keys = frame.select("scenario_id", VERSION.alias("version")).rows()
    where = np.fromiter((place[key] for key in keys), dtype=np.intp, count=len(keys))
    return {metric: cells_of(hours, columns, where, *_measured(frame, metric)) for metric in WATCHED}


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
