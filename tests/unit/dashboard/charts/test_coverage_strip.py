"""What was answered is shaded by its share, what was not is a gap with its reason, never a share of 0."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.charts.coverage_strip import coverage_strip
from dashboard.charts.rows import CoverageRow, HourCoverage

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(*counts: tuple[int, int, int, str], label: str = "A") -> CoverageRow:
    hours = tuple(
        HourCoverage(START + HOUR * place, planned, answered, late, reason)
        for place, (planned, answered, late, reason) in enumerate(counts)
    )
    return CoverageRow(label=label, is_simulated=False, hours=hours)


def traces(*rows: CoverageRow) -> dict[str, Any]:
    return {trace.name: trace for trace in coverage_strip(rows).data}


def test_a_cell_is_the_share_that_was_answered_on_time() -> None:
    (trace,) = traces(row((12, 12, 0, ""), (12, 3, 0, "timeout"))).values()
    assert [list(cells) for cells in trace.z] == [[1.0, 0.25]]
    assert trace.customdata[0][1][2] == "3 of 12 calls answered; missing: timeout"


def test_hours_without_an_answer_are_joined_gaps_with_their_reason_and_no_cell() -> None:
    drawn = traces(row((12, 12, 0, ""), (12, 0, 0, "down"), (12, 0, 0, "down"), (0, 0, 0, "no plan")))
    assert list(drawn["answered"].z[0]) == [1.0, None, None, None]
    gaps = drawn["nothing answered"]
    assert list(gaps.base) == ["2026-11-23 01:00", "2026-11-23 03:00"]
    assert list(gaps.x) == [2 * 3_600_000, 3_600_000]
    assert [cell[2] for cell in gaps.customdata] == ["down", "no plan"]


def test_a_gap_stays_within_its_row_however_far_the_next_one_is() -> None:
    gap, whole = (12, 0, 0, "down"), (12, 12, 0, "")
    drawn = traces(row(gap, whole), row(whole, whole), row(whole, gap))
    assert list(drawn["nothing answered"].y) == [0, 2]
    assert drawn["nothing answered"].width < 1


def test_a_late_hour_is_a_mark_and_neither_a_share_nor_a_gap() -> None:
    drawn = traces(row((12, 12, 0, ""), (12, 0, 12, "")))
    assert list(drawn["answered"].z[0]) == [1.0, None]
    assert "nothing answered" not in drawn
    assert list(drawn["answered late"].x) == ["2026-11-23 01:30"]
    assert drawn["answered late"].customdata[0][2] == "0 of 12 calls answered, 12 late"


def test_names_are_shown_as_they_are() -> None:
    figure = coverage_strip([row((1, 1, 0, ""), label="<i>x</i>")])
    assert figure.layout.yaxis.ticktext[0] == "<b>&lt;i&gt;x&lt;/i&gt;</b>"
