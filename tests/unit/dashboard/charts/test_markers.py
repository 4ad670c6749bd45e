"""Marks say by symbol and colour what happened; levels last as long as their change, within the figure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts.markers import LOOKS, level_traces, marker_traces
from dashboard.charts.rows import Level, Marker, TrendPoint

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
POINTS = [TrendPoint(START + HOUR * place, "measured", None, 8.0) for place in range(10)]


def test_each_kind_has_a_symbol_and_a_colour_of_its_own() -> None:
    marks = [Marker(START + HOUR * place, kind, kind) for place, kind in enumerate(LOOKS)]
    traces = marker_traces(marks, POINTS)
    assert [trace.name for trace in traces] == [
        "incident of several models", "got worse", "got better", "change of price", "change of version", "other change",
    ]  # fmt: skip
    assert len({trace.marker.symbol for trace in traces}) == len(LOOKS)
    assert len({look.sign for look in LOOKS.values()}) == len(LOOKS)
    assert len({trace.marker.color for trace in traces if trace.name != "incident of several models"}) == len(LOOKS) - 1
    assert {trace.yaxis for trace in traces} == {"y2"}


def test_what_happened_before_the_first_point_is_left_out_and_kinds_without_a_mark_have_no_name() -> None:
    (trace,) = marker_traces([Marker(START - HOUR, "better", "b"), Marker(START, "worse", "w")], POINTS)
    assert (trace.name, list(trace.x)) == ("got worse", ["2026-11-23 00:00"])
    assert marker_traces([], POINTS) == []


def test_markup_in_a_mark_is_text() -> None:
    (trace,) = marker_traces([Marker(START, "change", "<b>price</b>")], POINTS)
    assert trace.customdata[0][0] == "&lt;b&gt;price&lt;/b&gt;"


def test_a_level_lasts_as_long_as_its_change_and_stays_within_the_points() -> None:
    levels = [Level(START - HOUR, START + 2 * HOUR, 8.5), Level(START + 4 * HOUR, START + 40 * HOUR, 7.0)]
    (trace,) = level_traces(levels, POINTS)
    assert list(trace.x) == ["2026-11-23 00:00", "2026-11-23 02:00", None, "2026-11-23 04:00", "2026-11-23 09:00", None]
    assert list(trace.y) == [8.5, 8.5, None, 7.0, 7.0, None]


def test_a_level_that_is_over_before_the_points_begin_is_not_drawn() -> None:
    assert level_traces([Level(START - 9 * HOUR, START - HOUR, 8.5)], POINTS) == []
