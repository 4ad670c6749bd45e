"""Every score is drawn with its interval; an unknown interval is no bar, not a bar of length 0."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.charts.rows import ScoreInterval
from dashboard.charts.score_intervals import score_intervals


def row(**changes: Any) -> ScoreInterval:
    known = {
        "label": "A",
        "provider": "p",
        "score": 8.0,
        "lower": 7.0,
        "upper": 8.5,
        "is_simulated": False,
        "note": "n",
    }
    return ScoreInterval(**{**known, **changes})


def test_bars_reach_from_the_lower_to_the_upper_bound() -> None:
    (trace,) = score_intervals([row(), row(score=5.0, lower=4.0, upper=7.0)]).data
    assert list(trace.x) == [8.0, 5.0]
    assert list(trace.error_x.array) == [0.5, 2.0]
    assert list(trace.error_x.arrayminus) == [1.0, 1.0]
    assert trace.error_x.symmetric is False


@pytest.mark.parametrize("unknown", [{"lower": None, "upper": None}, {"lower": None}, {"upper": None}])
def test_an_unknown_interval_is_a_point_without_a_bar(unknown: dict[str, None]) -> None:
    barred, bare = score_intervals([row(**unknown), row()]).data
    assert list(bare.y) == [0]
    assert bare.error_x.array is None
    assert list(barred.y) == [1]
    assert len(barred.error_x.array) == 1


def test_simulated_rows_differ_in_shape_and_in_words() -> None:
    figure = score_intervals([row(), row(is_simulated=True)])
    real, simulated = figure.data
    assert (real.name, simulated.name) == ("real provider", "simulated")
    assert real.marker.symbol != simulated.marker.symbol
    assert "simulated" in figure.layout.yaxis.ticktext[1]


def test_the_first_row_is_on_top() -> None:
    figure = score_intervals([row(), row(), row()])
    assert list(figure.layout.yaxis.range) == [2.5, -0.5]


def test_the_axis_keeps_within_the_scale() -> None:
    low, high = score_intervals(
        [row(score=9.9, lower=9.5, upper=10.0), row(score=0.1, lower=0, upper=0.5)]
    ).layout.xaxis.range
    assert -0.2 <= low <= 0
    assert 10 <= high <= 10.2


def test_markup_in_a_name_is_text() -> None:
    figure = score_intervals([row(label="<a href='x'>A</a>")])
    assert "<a" not in figure.layout.yaxis.ticktext[0]
    assert "&lt;a" in figure.data[0].customdata[0][0]


def test_long_names_are_shortened_on_the_axis_and_whole_on_hover() -> None:
    name = "x" * 80
    figure = score_intervals([row(label=name)])
    assert name not in figure.layout.yaxis.ticktext[0]
    assert figure.data[0].customdata[0][0] == name


def test_the_legend_names_each_kind_once() -> None:
    traces = score_intervals([row(), row(lower=None), row(is_simulated=True, lower=None)]).data
    assert [trace.name for trace in traces if trace.showlegend] == ["real provider", "simulated"]
