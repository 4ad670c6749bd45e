"""Shares of calls that failed and that were answered at once: two lines from zero that cross no gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts.reliability_trend import reliability_trend
from dashboard.charts.rows import TrendPoint

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(number: int, failed: float | None, first: float | None) -> TrendPoint:
    return TrendPoint(START + number * HOUR, "measured", None, error_rate=failed, first_try_rate=first)


def test_both_shares_are_told_apart_by_more_than_colour() -> None:
    first, failed = reliability_trend([hour(0, 0.1, 0.8), hour(1, 0.0, 1.0)], HOUR).data
    assert list(first.y) == [0.8, 1.0, None]
    assert list(failed.y) == [0.1, 0.0, None]
    assert first.line.dash != failed.line.dash
    assert first.line.color != failed.line.color


def test_no_failure_is_a_zero_that_is_drawn_and_nothing_asked_is_a_gap() -> None:
    failed = reliability_trend([hour(0, 0.0, 1.0), hour(1, None, None), hour(2, 0.0, 1.0)], HOUR).data[1]
    assert list(failed.y) == [0.0, None, 0.0, None]


def test_what_is_never_known_has_no_line() -> None:
    figure = reliability_trend([hour(0, 0.25, None)], HOUR)
    assert [trace.name for trace in figure.data] == ["failed"]


def test_the_axis_is_in_per_cent_from_zero_and_says_that_a_model_is_simulated() -> None:
    layout = reliability_trend([hour(0, 0.25, 0.5)], HOUR, is_simulated=True).layout
    assert (layout.yaxis.tickformat, layout.yaxis.rangemode) == (".0%", "tozero")
    assert "simulated" in layout.xaxis.title.text
