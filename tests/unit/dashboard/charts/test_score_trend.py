"""A trend never draws what was not measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.charts.rows import TrendPoint, gaps_of
from dashboard.charts.score_trend import score_trend

if TYPE_CHECKING:
    import plotly.graph_objects as go

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(number: int, **changes: Any) -> TrendPoint:
    known = {"status": "measured", "reason": None, "score": 8.0, "lower": 7.0, "upper": 9.0}
    return TrendPoint(start=START + number * HOUR, **{**known, **changes})


def missing(number: int, reason: str = "the provider was overloaded") -> TrendPoint:
    return TrendPoint(start=START + number * HOUR, status="missing", reason=reason)


def trace(figure: go.Figure, name: str) -> Any:
    return next((each for each in figure.data if each.name == name), None)


def stretches(values: Any) -> list[int]:
    """Lengths of what is drawn without a break."""
    lengths = [0]
    for value in values:
        if value is None:
            lengths.append(0)
        else:
            lengths[-1] += 1
    return [length for length in lengths if length]


def test_line_and_band_stop_at_a_missing_hour() -> None:
    figure = score_trend([hour(0), hour(1), missing(2), hour(3), hour(4), hour(5)], HOUR)
    line, band = trace(figure, "score"), trace(figure, "95% interval")
    assert line.connectgaps is False
    assert stretches(line.x) == [2, 3]
    assert band.fill == "toself"
    assert stretches(band.x) == [4, 6]


def test_an_hour_without_a_row_is_a_gap_too() -> None:
    points = [hour(0), hour(1), hour(4), hour(5)]
    assert stretches(trace(score_trend(points, HOUR), "score").x) == [2, 2]
    (gap,) = gaps_of(points, HOUR)
    assert (gap.start, gap.end, gap.reason) == (START + 2 * HOUR, START + 4 * HOUR, "no record")


def test_a_gap_is_hatched_and_says_its_reason() -> None:
    gap = trace(score_trend([hour(0), missing(1), missing(2), missing(3, "no call was planned"), hour(4)], HOUR), "gap")
    assert gap.marker.pattern.shape == "/"
    assert list(gap.width) == [2 * 3600 * 1000, 3600 * 1000]
    assert [row[2] for row in gap.customdata] == ["the provider was overloaded", "no call was planned"]
    assert list(gap.customdata[0][:2]) == ["2026-11-23 01:00", "2026-11-23 03:00"]


def test_a_late_hour_is_marked_and_kept_out_of_the_line() -> None:
    figure = score_trend([hour(0), hour(1), hour(2, status="late", reason="measured late"), hour(3), hour(4)], HOUR)
    assert stretches(trace(figure, "score").x) == [2, 2]
    assert list(trace(figure, "late, not in the line").x) == ["2026-11-23 02:00"]


def test_a_single_hour_is_a_point_with_an_error_bar() -> None:
    figure = score_trend([hour(0, score=8.0, lower=7.0, upper=8.5)], HOUR)
    point = trace(figure, "score between two gaps")
    assert list(point.error_y.array) == [0.5]
    assert list(point.error_y.arrayminus) == [1.0]
    assert trace(figure, "score") is None
    low, high = figure.layout.xaxis.range
    assert low < "2026-11-23 00:00" < high


def test_a_single_hour_without_an_interval_has_no_error_bar() -> None:
    point = trace(score_trend([hour(0, lower=None, upper=None)], HOUR), "score between two gaps")
    assert list(point.y) == [8.0]
    assert point.error_y.array is None


def test_the_band_is_left_out_where_the_interval_is_unknown() -> None:
    points = [hour(0), hour(1), hour(2, lower=None), hour(3), hour(4)]
    figure = score_trend(points, HOUR)
    assert stretches(trace(figure, "score").x) == [5]
    assert stretches(trace(figure, "95% interval").x) == [4, 4]


def test_suite_versions_are_not_joined() -> None:
    figure = score_trend([hour(0), hour(1), hour(2, suite_version=2), hour(3, suite_version=2)], HOUR)
    assert stretches(trace(figure, "score").x) == [2, 2]
    assert [note.text for note in figure.layout.annotations] == ["suite 2"]


def test_hours_without_any_score_still_make_a_figure() -> None:
    figure = score_trend([missing(0), missing(1)], HOUR)
    assert [each.name for each in figure.data] == ["gap"]
    value_axis = figure.layout.yaxis
    assert list(value_axis.range) == [0, 10]


def test_the_clock_of_the_axis_is_utc() -> None:
    kolkata = datetime.fromisoformat("2026-11-24T01:30:00+05:30")
    figure = score_trend([TrendPoint(kolkata, "measured", None, 8.0, 7.0, 9.0)], HOUR)
    assert list(figure.data[0].x) == ["2026-11-23 20:00"]


def test_the_mean_of_a_day_stops_where_hours_are_missing() -> None:
    points = [hour(0), hour(1), missing(2), missing(3), hour(4), hour(5), hour(24), hour(25)]
    days = [hour(0, score=7.5, coverage="4 of 24 hours"), hour(24, score=6.5)]
    mean = trace(score_trend(points, HOUR, days), "mean of the day")
    assert list(mean.y) == [7.5, 7.5, None, 7.5, 7.5, None, 6.5, 6.5, None]
    assert list(mean.x)[3:5] == ["2026-11-23 04:00", "2026-11-23 05:00"]
    assert mean.text[0] == "7.50 [7.00, 9.00], 4 of 24 hours"


def test_hours_step_back_behind_the_mean_of_their_day() -> None:
    points = [hour(0), hour(1)]
    alone, behind = (trace(score_trend(points, HOUR, days), "score") for days in ((), [hour(0)]))
    assert behind.line.width < alone.line.width


def test_a_figure_of_a_simulated_model_says_so_itself() -> None:
    points = [hour(0), hour(1)]
    assert "simulated" in score_trend(points, HOUR, is_simulated=True).layout.xaxis.title.text
    assert score_trend(points, HOUR).layout.xaxis.title.text == "UTC"


def test_the_level_at_launch_stays_and_the_mean_of_the_days_before_stops_where_it_is_not_known() -> None:
    points = [hour(0, baseline=8.5), hour(1, baseline=8.5), hour(2), hour(3, baseline=8.4)]
    figure = score_trend(points, HOUR, launch=8.9)
    assert list(trace(figure, "level at launch").y) == [8.9, 8.9]
    assert list(trace(figure, "mean of the 7 days before").y) == [8.5, 8.5, None, 8.4, None]
    assert trace(score_trend([hour(0)], HOUR), "level at launch") is None
    assert trace(score_trend([hour(0)], HOUR), "mean of the 7 days before") is None


def test_single_hours_are_points_within_the_figure_and_missing_ones_are_none() -> None:
    day = 24 * HOUR
    hours = [hour(0), missing(1), *(hour(number) for number in range(2, 24))]
    figure = score_trend([hour(0, score=7.5, lower=7.0, upper=8.0)], day, hours=hours)
    dots = trace(figure, "single hours")
    assert (dots.mode, len(dots.x)) == ("markers", 23)
    assert figure.layout.xaxis.range[1] >= "2026-11-24 00:00"
