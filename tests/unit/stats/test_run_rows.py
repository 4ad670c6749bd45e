"""Tables of runs are refused with the column and the row, and become the streams they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from orchestration.stats.run_rows import ALARM_SCHEMA, RunRowError, alarms, checked_runs, series_of

ROW: dict[str, Any] = {
    "series_id": "m", "hour": 0, "scenario": "a", "version": 1, "n_ok": 2, "n_err": 0, "score_x10": 75.0,
    "latency_ms": 900.0, "cost_microusd": 120.0,
}  # fmt: skip


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{**ROW, **row} for row in rows], strict=False)


@pytest.mark.parametrize(
    ("frame", "complaint"),
    [
        (table({}).drop("hour"), "column hour: is missing"),
        (table({}, {"hour": None}), "column hour, row 2: None is empty"),
        (table({"hour": -1}), "column hour, row 1: -1.0 is not a whole number"),
        (table({"hour": 1.5}), "column hour, row 1: 1.5 is not a whole number"),
        (table({"hour": "first"}), "column hour, row 1: is of type String, not a number"),
        (table({"n_ok": 0}), "column n_ok, row 1: 0.0 n_ok and n_err are 0"),
        (table({"n_err": -2}), "column n_err, row 1: -2.0 is not a whole number"),
        (
            table({}, {"hour": 1, "score_x10": 101.0}),
            "column score_x10, row 2: 101.0 is neither within 0 and 100 nor -1",
        ),
        (table({"score_x10": -0.5}), "column score_x10, row 1: -0.5 is neither"),
        (table({"latency_ms": -3.0}), "column latency_ms, row 1: -3.0 is negative and not -1"),
        (table({"cost_microusd": float("nan")}), "column cost_microusd, row 1: nan is not a finite number"),
        (table({}, {"hour": 1}, {"version": 2}), "column version, row 3: '2' contradicts row 1"),
    ],
)
def test_a_bad_row_is_named(frame: pl.DataFrame, complaint: str) -> None:
    with pytest.raises(RunRowError) as refused:
        checked_runs(frame)
    assert str(refused.value).startswith(complaint)


def test_rows_become_streams_in_their_units() -> None:
    rows = table(
        {"hour": 3},
        {"hour": 3, "scenario": "b", "n_ok": 0, "n_err": 2, "score_x10": -1, "latency_ms": -1, "cost_microusd": -1},
        {"hour": 5, "scenario": "a", "version": 2, "cost_microusd": 0, "n_err": 2},
    )
    series = next(series_of(checked_runs(rows)))
    assert (series.series_id, series.first_hour) == ("m", 0)
    quality, cost, errors = (series.streams[name] for name in ("quality", "cost", "errors"))
    assert quality.columns == (("a", "1"), ("a", "2"), ("b", "1"))
    assert quality.values[3, 0] == pytest.approx(7.5)
    assert np.isnan(quality.values[3, 2])
    assert np.isfinite(quality.values).sum() == 2
    assert series.streams["latency"].values[5, 1] == pytest.approx(np.log(900))
    assert np.isnan(cost.values[5, 1]), "a free answer has no relative change"
    assert errors.values[3, 2] == 1
    assert errors.values[5, 1] == pytest.approx(0.5)


def test_no_rows_are_no_alarms() -> None:
    empty = table({}).clear()
    assert alarms(checked_runs(empty)).schema == pl.Schema(ALARM_SCHEMA)
    assert len(alarms(checked_runs(table({}, {"hour": 400})))) == 0
