"""A calendar has a row a day, newest on top; gaps are hatched with their reason, and hours to come are blank."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts.coverage_calendar import coverage_calendar
from dashboard.charts.rows import HourCoverage

START = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hours(count: int, gaps: tuple[int, ...] = ()) -> list[HourCoverage]:
    return [
        HourCoverage(START + HOUR * place, 12, 0 if place in gaps else 12, 0, "down" if place in gaps else "")
        for place in range(count)
    ]


def test_days_are_rows_with_the_newest_on_top_and_hours_to_come_are_blank() -> None:
    figure = coverage_calendar(hours(24 + 3))
    (cells,) = figure.data
    assert list(figure.layout.yaxis.ticktext) == ["Mon 23 Nov", "Sun 22 Nov"]
    assert [list(row) for row in cells.z] == [[1.0] * 3 + [None] * 21, [1.0] * 24]


def test_an_hour_without_an_answer_is_a_hatched_gap_that_says_why() -> None:
    cells, gaps = coverage_calendar(hours(48, gaps=(5, 30))).data
    assert (cells.z[1][5], cells.z[0][6]) == (None, None)
    assert sorted(zip(gaps.y, gaps.base, strict=True)) == [(0, 5.5), (1, 4.5)]
    assert [said[1] for said in gaps.customdata] == ["0 of 12 calls answered; missing: down"] * 2
    assert gaps.marker.pattern.shape == "/"
    assert gaps.width < 1, "a gap stays within its day, however far the next one is"


def test_a_share_is_drawn_as_such() -> None:
    (cells,) = coverage_calendar([HourCoverage(START, 12, 3, 0, "timeout")]).data
    assert cells.z[0][0] == 0.25
    assert cells.customdata[0][0][1] == "3 of 12 calls answered; missing: timeout"
