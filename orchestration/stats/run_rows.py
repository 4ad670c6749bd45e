"""Rows of attempted runs: what a table of them must be like, and the streams that it holds.

Not here: files (the command `detect`), nor what is found in the streams (change_points).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from orchestration.stats.cells import Cells, cells_of
from orchestration.stats.change_points import detect
from orchestration.stats.detection_metrics import COST, ERRORS, LATENCY, METRICS, PUBLISHED, QUALITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from orchestration.stats.incidents import Change

HOURS_PER_WEEK = 168
MOST_CELLS = 50_000_000
KEY = ["series_id", "hour", "scenario"]
COUNTS = ["n_ok", "n_err"]
FULL_SCORE_X10 = 100
MEASURES = ["score_x10", "latency_ms", "cost_microusd"]
COLUMNS = ["series_id", "hour", "scenario", "version", *COUNTS, *MEASURES]
UNKNOWN = -1
MEASURE_OF = {LATENCY.name: "latency_ms", COST.name: "cost_microusd"}
ALARM_SCHEMA = {
    "series_id": pl.String,
    "metric": pl.String,
    "raised_hour": pl.Int64,
    "onset_hour": pl.Int64,
    "sign": pl.Int64,
    "resolved_hour": pl.Int64,
}


class RunRowError(ValueError):
    """What is wrong with a table of runs: the column and the row (the first is 1) are in the message."""

    def __init__(self, column: str, row: int | None, complaint: str) -> None:
        place = f"column {column}" if row is None else f"column {column}, row {row}"
        super().__init__(f"{place}: {complaint}")


@dataclass(frozen=True, slots=True)
class Series:
    """The streams of one series by metric. Hour 0 of the cells is `first_hour`, the first of a week."""

    series_id: str
    first_hour: int
    streams: dict[str, Cells]


def checked_runs(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per series, hour and scenario, in the types that the rest expects; raises RunRowError."""
    for column in COLUMNS:
        if column not in frame.columns:
            raise RunRowError(column, None, f"is missing; a table of runs has {', '.join(COLUMNS)}")
    frame = frame.select(COLUMNS)
    for column in COLUMNS:
        _refuse(frame, column, pl.col(column).is_null(), "is empty")
    frame = frame.with_columns(pl.col("series_id", "scenario", "version").cast(pl.String))
    frame = frame.with_columns(_numbers(frame, column) for column in ("hour", *COUNTS, *MEASURES))
    for column in ("hour", *COUNTS):
        wrong = (pl.col(column) < 0) | (pl.col(column) != pl.col(column).floor()) | (pl.col(column) > 2**31)
        _refuse(frame, column, wrong, "is not a whole number from 0 on")
    _refuse(
        frame, "n_ok", (pl.col("n_ok") + pl.col("n_err")) == 0, "n_ok and n_err are 0: such a run was not attempted"
    )
    too_high = (pl.col("score_x10") > FULL_SCORE_X10) | ((pl.col("score_x10") < 0) & (pl.col("score_x10") != UNKNOWN))
    _refuse(frame, "score_x10", too_high, "is neither within 0 and 100 nor -1")
    for column in MEASURES:
        _refuse(frame, column, (pl.col(column) < 0) & (pl.col(column) != UNKNOWN), "is negative and not -1")
    return _without_duplicates(frame.with_columns(pl.col("hour", *COUNTS).cast(pl.Int64)))


def _numbers(frame: pl.DataFrame, column: str) -> pl.Series:
    values = frame[column]
    if not values.dtype.is_numeric():
        raise RunRowError(column, 1 if len(values) else None, f"is of type {values.dtype}, not a number")
    numbers = values.cast(pl.Float64)
    _refuse(frame.with_columns(numbers), column, ~pl.col(column).is_finite(), "is not a finite number")
    return numbers


def _refuse(frame: pl.DataFrame, column: str, wrong: pl.Expr, complaint: str) -> None:
    rows = frame.select(wrong.arg_true()).to_series()
    if len(rows):
        row = int(rows[0])
        raise RunRowError(column, row + 1, f"{frame[column][row]!r} {complaint}")


def _without_duplicates(frame: pl.DataFrame) -> pl.DataFrame:
    numbered = frame.with_row_index("row").unique(COLUMNS, keep="first", maintain_order=True)
    twice = numbered.filter(pl.struct(KEY).is_duplicated()).sort(*KEY, "row")
    if len(twice):
        first, second = twice.row(0, named=True), twice.row(1, named=True)
        column = next(name for name in COLUMNS if first[name] != second[name])
        complaint = f"{second[column]!r} contradicts row {first['row'] + 1} of the same series, hour and scenario"
        raise RunRowError(column, second["row"] + 1, complaint)
    return numbered.drop("row")


def series_of(runs: pl.DataFrame, metrics: Iterable[str] = tuple(METRICS)) -> Iterator[Series]:
    """Each series of checked runs, in the order of their names; raises RunRowError for one too long to hold."""
    for (series_id,), rows in sorted(runs.group_by(["series_id"])):
        first = int(rows["hour"].min()) // HOURS_PER_WEEK * HOURS_PER_WEEK  # type: ignore[arg-type]
        rows = rows.with_columns(pl.col("hour") - first)  # noqa: PLW2901 - the same rows from hour 0
        keys = rows.select("scenario", "version").unique().sort("scenario", "version")
        last = int(rows["hour"].max())  # type: ignore[arg-type]
        if (last + 1) * len(keys) > MOST_CELLS:
            raise RunRowError("hour", None, f"series {series_id} spans {last + 1} hours; are hours counted from 0?")
        columns = rows.select(pl.struct("scenario", "version")).join(
            keys.select(pl.struct("scenario", "version")).with_row_index("column"),
            on="scenario",
            how="left",
            maintain_order="left",
        )["column"]
        yield Series(
            str(series_id), first, {name: _stream(rows, keys, columns.to_numpy(), name, last) for name in metrics}
        )


def _stream(rows: pl.DataFrame, keys: pl.DataFrame, columns: NDArray[np.intp], metric: str, last: int) -> Cells:
    answered = rows["n_ok"].to_numpy().astype(np.float64)
    attempted = answered + rows["n_err"].to_numpy()
    counts = attempted if metric == ERRORS.name else answered
    if metric == QUALITY.name:
        score = rows["score_x10"].to_numpy()
        value = np.where(score >= 0, score / 10, np.nan)
    elif metric == ERRORS.name:
        value = 1 - answered / attempted
    else:
        value = _logarithm(rows[MEASURE_OF[metric]].to_numpy())
    value = np.where(counts > 0, value, np.nan)
    return cells_of(rows["hour"].to_numpy(), keys.rows(), columns, value, counts, last)


def _logarithm(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """nan for what is unknown or nothing: a free answer has no relative change."""
    return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), np.nan)


def alarms(runs: pl.DataFrame) -> pl.DataFrame:
    """The alarms of checked runs: one row each, of series in order, then metrics, then hours."""
    rows = [
        (series.series_id, metric.name, *_hours(change, series.first_hour))
        for series in series_of(runs, [metric.name for metric in PUBLISHED])
        for metric in PUBLISHED
        for change in detect(series.streams[metric.name], metric).changes
    ]
    return pl.DataFrame(rows, schema=ALARM_SCHEMA, orient="row")


def _hours(change: Change, first_hour: int) -> tuple[int, int, int, int | None]:
    resolved = None if change.resolved_hour is None else change.resolved_hour + first_hour
    return change.raised_hour + first_hour, change.onset_hour + first_hour, change.sign, resolved
