"""Models of one figure differ by more than colour; what is unknown is not drawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.charts.differences import differences
from dashboard.charts.overlaid_trends import overlaid_trends
from dashboard.charts.price_steps import price_steps
from dashboard.charts.rows import Difference, NamedTrend, PriceStep, ScenarioScores, TrendPoint
from dashboard.charts.scenario_dots import scenario_dots
from dashboard.charts.series import DASHES, SYMBOLS, series

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, tzinfo=UTC)


def trend(label: str, *scores: float | None) -> NamedTrend:
    points = tuple(
        TrendPoint(START + DAY * place, "missing", "budget")
        if score is None
        else TrendPoint(START + DAY * place, "measured", None, score, score - 1, score + 1)
        for place, score in enumerate(scores)
    )
    return NamedTrend(label, is_simulated=False, points=points)


def test_six_models_have_six_colours_dashes_and_symbols() -> None:
    looks = [series(place) for place in range(6)]
    assert len({look.colour for look in looks}) == 6
    assert {look.dash for look in looks} == set(DASHES)
    assert {look.symbol for look in looks} == set(SYMBOLS)


def test_a_day_that_was_not_measured_is_a_gap_in_line_and_band() -> None:
    band, line = overlaid_trends([trend("a", 8, 8, None, 7, 7)], DAY).data
    assert list(line.y) == [8, 8, None, 7, 7, None]
    assert list(band.y).count(None) == 2


def test_many_models_have_lines_without_bands() -> None:
    figure = overlaid_trends([trend(name, 8, 8) for name in "abcd"], DAY)
    assert [trace.name for trace in figure.data] == ["a", "b", "c", "d"]
    assert len({trace.line.dash for trace in figure.data}) == 4


def test_a_model_without_points_has_a_name_and_no_line() -> None:
    figure = overlaid_trends([trend("a", 8, 8), trend("b", None, None)], DAY)
    assert figure.data[-1].name == "b"
    assert list(figure.data[-1].y) == []


def test_a_difference_that_leaves_out_nought_is_filled() -> None:
    rows = [Difference("a \u2212 b", 1.0, 0.4, 1.6, "w"), Difference("a \u2212 c", 0.2, -0.4, 0.8, "w")]
    figure = differences(rows)
    (trace,) = figure.data
    assert list(trace.marker.symbol) == ["circle", "circle-open"]
    assert figure.layout.xaxis.range[0] == -figure.layout.xaxis.range[1]


def test_an_unknown_mean_of_a_scenario_is_no_dot() -> None:
    rows = [ScenarioScores("s", (8.0, None), (5, 0)), ScenarioScores("<t>", (2.0, 6.0), (5, 5))]
    span, one, other = scenario_dots(rows, ["a", "b"]).data
    assert list(span.x) == [8.0, 8.0, None, 2.0, 6.0, None]
    assert list(one.x) == [8.0, 2.0]
    assert (list(other.x), list(other.y)) == ([6.0], [1])
    assert other.customdata[0][0] == "&lt;t&gt;"


def test_an_interval_is_a_bar_and_an_unknown_one_is_none() -> None:
    rows = [
        ScenarioScores("s", (8.0, 6.0), (5, 5), ((7.5, 8.5), None)),
        ScenarioScores("t", (2.0, 6.0), (5, 5), (None, None)),
    ]
    _, one, bar, other = scenario_dots(rows, ["a", "b"]).data
    assert (list(bar.x), list(bar.y)) == ([7.5, 8.5, None], [0, 0, None])
    assert bar.line.color == one.marker.color
    assert [data[3] for data in one.customdata] == [" [7.50, 8.50]", ", interval unknown"]
    assert [data[3] for data in other.customdata] == [", interval unknown"] * 2


def test_a_price_that_is_not_known_is_a_gap_and_the_last_one_reaches_until_now() -> None:
    steps = [PriceStep(START, 3.0, 15.0), PriceStep(START + DAY, None, 15.0)]
    out, into = price_steps([("a", steps)], START + 3 * DAY).data
    assert list(out.y) == [15.0, 15.0, 15.0]
    assert list(into.y) == [3.0, None, None]
    assert (out.line.dash, into.line.dash) == ("solid", "dot")
