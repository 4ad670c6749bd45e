"""Both lines are in seconds, start at zero and stop at gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts.latency_trend import latency_trend
from dashboard.charts.rows import TrendPoint

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(number: int, latency_ms: float | None = 1500, first_ms: float | None = 400) -> TrendPoint:
    return TrendPoint(START + number * HOUR, "measured", None, latency_ms=latency_ms, time_to_first_token_ms=first_ms)


def test_both_measures_are_drawn_in_seconds() -> None:
    figure = latency_trend([hour(0), hour(1)], HOUR)
    whole, first = figure.data
    assert list(whole.y) == [1.5, 1.5, None]
    assert list(first.y) == [0.4, 0.4, None]
    assert whole.line.dash != first.line.dash
    assert figure.layout.yaxis.rangemode == "tozero"


def test_an_unknown_measure_is_a_gap_and_not_zero() -> None:
    whole, first = latency_trend([hour(0), hour(1, first_ms=None), hour(2)], HOUR).data
    assert list(whole.y) == [1.5, 1.5, 1.5, None]
    assert list(first.y) == [0.4, None, 0.4, None]
    assert list(first.marker.size) == [6, 0, 6, 0]


def test_a_measure_that_is_never_known_is_left_out() -> None:
    figure = latency_trend([hour(0, first_ms=None), hour(1, first_ms=None)], HOUR)
    assert [trace.name for trace in figure.data] == ["whole answer, p50"]


def test_a_figure_of_a_simulated_model_says_so_itself() -> None:
    assert "simulated" in latency_trend([hour(0)], HOUR, is_simulated=True).layout.xaxis.title.text
