"""Both lines are in seconds, start at zero and stop at gaps."""

from __future__ import annotations

from dataclasses import replace
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


def test_95th_percentiles_are_thin_lines_of_their_own() -> None:
    slow = replace(hour(0), latency_p95_ms=3000.0, time_to_first_token_p95_ms=900.0)
    figure = latency_trend([slow, replace(slow, start=START + HOUR), hour(2)], HOUR)
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines["whole answer, p95"].y) == [3.0, 3.0, None]
    assert list(lines["first token, p95"].y) == [0.9, 0.9, None]
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 4
    assert lines["whole answer, p95"].line.width < lines["whole answer, p50"].line.width


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
