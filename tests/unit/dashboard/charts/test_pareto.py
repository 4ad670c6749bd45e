"""The frontier holds what no other model beats in both; what is unknown is not drawn as 0."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.charts.pareto import frontier_of, frontiers_of, pareto
from dashboard.charts.rows import Tradeoff


def row(label: str, takes: float, score: float, **changes: Any) -> Tradeoff:
    known = {"is_simulated": False, "lower": score - 0.5, "upper": score + 0.5, "words": "p"}
    return Tradeoff(label=label, takes=takes, score=score, **{**known, **changes})


CHEAP, MIDDLE, BEATEN, BEST = (
    row("cheap", 0.001, 5),
    row("middle", 0.01, 7),
    row("beaten", 0.02, 6),
    row("best", 1.0, 9),
)
ROWS = (BEST, BEATEN, CHEAP, MIDDLE)


def test_the_frontier_leaves_out_what_another_beats_in_both() -> None:
    assert frontier_of(ROWS) == [CHEAP, MIDDLE, BEST]


def test_of_equals_in_what_they_take_the_better_one_stays() -> None:
    assert frontier_of([row("a", 1, 5), row("b", 1, 6), row("c", 2, 6)]) == [row("b", 1, 6)]


def test_what_is_beaten_is_faded_and_has_no_name_in_the_figure() -> None:
    line, faded, frontier = pareto(ROWS, "Cost", "$").data
    assert list(line.y) == [5, 7, 9]
    assert (faded.name, list(faded.x), faded.mode) == ("beaten in both", [0.02], "markers")
    assert faded.opacity < 0.5 < frontier.opacity
    assert sorted(frontier.text) == ["best", "cheap", "middle"]


def test_an_unknown_interval_is_a_point_without_a_bar() -> None:
    bare = row("bare", 2.0, 9.5, lower=None, upper=None)
    _, faded, without, barred = pareto([*ROWS, bare], "Cost", "$").data
    assert list(faded.y) == [6]
    assert list(without.y) == [9.5]
    assert without.error_y.array is None
    assert len(barred.error_y.array) == 3


def test_what_a_model_takes_has_its_bar_too_where_it_is_known() -> None:
    known = row("known", 2.0, 9.5, takes_lower=1.5, takes_upper=3.0)
    _, _, without, both = pareto([*ROWS, known], "Cost", "$").data
    assert without.error_x.array is None
    assert (list(both.x), list(both.error_x.arrayminus), list(both.error_x.array)) == ([2.0], [0.5], [1.0])
    assert list(both.error_y.array) == [0.5]


def test_real_and_simulated_models_have_a_frontier_each() -> None:
    rows = (*ROWS, row("imitation", 0.0005, 9.5, is_simulated=True), row("worse imitation", 2.0, 9, is_simulated=True))
    assert [each.label for each in frontiers_of(rows)[False]] == ["cheap", "middle", "best"]
    real, simulated, faded, *_ = pareto(rows, "Cost", "$").data
    assert (list(real.y), list(simulated.y)) == ([5, 7, 9], [9.5])
    assert real.line.dash != simulated.line.dash
    assert sorted(said[0] for said in faded.customdata) == ["beaten", "worse imitation"]


def test_simulated_models_are_hollow() -> None:
    figure = pareto([row("a", 1, 5), row("b", 2, 6, is_simulated=True)], "Cost", "$")
    assert list(figure.data[-1].marker.symbol) == ["circle", "circle-open"]


@pytest.mark.parametrize(
    ("costs", "unit", "said"),
    [((0.00004, 0.0009), "$", "$0.0001"), ((0.4, 4.1), " s", "0.5 s"), ((2.0, 2.0), "$", "$2")],
)
def test_amounts_on_the_axis_have_no_exponent(costs: tuple[float, float], unit: str, said: str) -> None:
    axis = pareto([row("a", costs[0], 5), row("b", costs[1], 6)], "Cost", unit).layout.xaxis
    assert said in axis.ticktext
    assert len(axis.ticktext) == len(axis.tickvals)
    assert not any("e" in text.removesuffix(" s") for text in axis.ticktext)


def test_markup_in_a_name_is_text() -> None:
    figure = pareto([row("<a href='x'>A</a>", 1, 5)], "Cost", "$")
    assert figure.data[-1].text[0].startswith("&lt;a")
    assert "&lt;a" in figure.data[-1].customdata[0][0]
