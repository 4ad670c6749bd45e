"""What an answer cost starts at zero and is a gap where the price is not known, never free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts.cost_trend import cost_trend
from dashboard.charts.rows import Marker, TrendPoint

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(number: int, cost: float | None) -> TrendPoint:
    return TrendPoint(START + number * HOUR, "measured", None, cost_per_answer_usd=cost)


def test_an_unknown_price_is_a_gap_and_not_zero() -> None:
    (line,) = cost_trend([hour(0, 0.002), hour(1, None), hour(2, 0.003)], HOUR).data
    assert list(line.y) == [0.002, None, 0.003, None]
    assert not line.connectgaps


def test_a_price_that_is_never_known_is_no_line() -> None:
    assert list(cost_trend([hour(0, None)], HOUR).data) == []


def test_the_axis_is_in_usd_from_zero() -> None:
    axis = cost_trend([hour(0, 0.002)], HOUR).layout.yaxis
    assert (axis.title.text, axis.rangemode, axis.tickformat) == ("USD", "tozero", "$~g")


def test_an_hour_that_was_not_measured_is_hatched_with_its_reason_and_changes_are_marked() -> None:
    points = [hour(0, 0.002), TrendPoint(START + HOUR, "missing", "the budget was spent"), hour(2, 0.002)]
    gap, line, mark = cost_trend(points, HOUR, [Marker(START + HOUR, "worse", "cost \u00d71.5")]).data
    assert gap.customdata[0][2] == "the budget was spent"
    assert list(line.y) == [0.002, None, 0.002, None]
    assert mark.name == "got worse"
