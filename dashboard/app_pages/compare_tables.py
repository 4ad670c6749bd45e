"""The tables of a comparison: standings, pairs in words, and which model solves which scenario.

Not here: how cells become a table (tables). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.cells import interval_bar, rank_range
from dashboard.app_pages.tables import Column, badges, html_table, missing, trend_link
from dashboard.app_pages.wording import DASH, count_of, family_name, percent, seconds, signed, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.api_client.standings import ComparedModel, ComparedPair, ComparedScenario, ScenarioMean

SOLVED, PARTLY = 9.995, 0.005
SOLVING = (
    "\u25cf every answer of the window had full marks, \u25d0 some part of the checks passed, \u25cb nothing did, "
    "\u2014 no scored answer. The number is the mean score."
)
NOT_COMPARED = {
    "simulated_and_real": "a simulated and a real model are not compared",
    "no_common_scenario": "they have no scenario in common",
    "no_interval": "too few common scenarios for an interval",
}


def standing_table(models: Sequence[ComparedModel], *, family: str, suite: str) -> str:
    def name(model: ComparedModel) -> str:
        marks = badges(*["simulated"] * model.is_simulated, *["preliminary"] * model.is_preliminary)
        link = trend_link(model.label, model.target_id, family=family, suite=suite)
        return f"{link}{marks}<small>{escape(model.provider)}</small>"

    digits = usd_digits(model.cost_per_task_usd for model in models)
    columns: tuple[Column[ComparedModel], ...] = (
        Column("Model", "Follow it to its trend", name, is_number=False),
        Column("Rank", "From where to where it may stand among all, with 95% confidence", _rank),
        Column("Score", "Mean over scenarios, 0 to 10, and its 95% interval", _score),
        Column(
            "$ per task", "Mean cost of an answered call", _known("cost_per_task_usd", lambda cost: usd(cost, digits))
        ),
        Column("First token, s", "Median seconds to the first token", _known("time_to_first_token_p50_ms", seconds)),
        Column("Latency, s", "Median seconds to the whole answer", _known("latency_p50_ms", seconds)),
        Column("Errors", "Failed calls of those answered or failed", _known("error_rate", percent)),
        Column("Scored, scenarios", "What the score rests on", _counts),
    )
    return html_table("Standings", columns, models)


def pair_table(pairs: Sequence[ComparedPair], labels: Mapping[str, str]) -> str:
    columns: tuple[Column[ComparedPair], ...] = (
        Column("Pair", "The first less the other", lambda pair: _pair(pair, labels), is_number=False),
        Column(
            "What can be told", "After all pairs were looked at", lambda pair: _outcome(pair, labels), is_number=False
        ),
        Column("Difference", "Points of score, with its 95% interval", _difference),
        Column("p, adjusted", "Chance of such a difference between equals, by Holm's method", _p_value),
        Column("Common scenarios", "Scenarios that both answered", lambda pair: f"{pair.scenario_count:,}"),
    )
    return html_table("Pairs", columns, pairs)


def solving_table(scenarios: Sequence[ComparedScenario], models: Sequence[ComparedModel]) -> str:
    def solving(place: int) -> Callable[[ComparedScenario], str]:
        return lambda scenario: _mark(scenario.scores[place])

    columns: tuple[Column[ComparedScenario], ...] = (
        Column("Scenario", "Those in which the models differ most come first", _scenario, is_number=False),
        *(Column(model.label, "Mean score", solving(place), is_number=False) for place, model in enumerate(models)),
    )
    return html_table("Who solves what", columns, scenarios, kind="matrix")


def _rank(model: ComparedModel) -> str:
    return rank_range(model.rank_ci95_lower, model.rank_ci95_upper) or missing("not ranked")


def _score(model: ComparedModel) -> str:
    if model.score_mean is None:
        return missing("no scored answer in this window")
    return interval_bar(model.score_mean, model.score_ci95_lower, model.score_ci95_upper)


def _known(field: str, say: Callable[[float], str]) -> Callable[[ComparedModel], str]:
    def cell(model: ComparedModel) -> str:
        value = getattr(model, field)
        return missing("not known") if value is None else say(value)

    return cell


def _counts(model: ComparedModel) -> str:
    return f"{model.scored_count:,}<small>{count_of(model.scenario_count, 'scenario')}</small>"


def _pair(pair: ComparedPair, labels: Mapping[str, str]) -> str:
    return escape(f"{labels[pair.target_id]} \u2212 {labels[pair.other_target_id]}")


def _outcome(pair: ComparedPair, labels: Mapping[str, str]) -> str:
    one, other = escape(labels[pair.target_id]), escape(labels[pair.other_target_id])
    if pair.outcome == "not_compared":
        return missing(NOT_COMPARED.get(pair.reason or "", "not compared"))
    if pair.outcome == "not_told_apart":
        return "the data do not tell them apart"
    first, second = (one, other) if pair.outcome == "higher" else (other, one)
    return f"<b>{first}</b> scores higher than {second}"


def _difference(pair: ComparedPair) -> str:
    if pair.score_difference is None:
        return DASH
    lower, upper = pair.score_difference_ci95_lower, pair.score_difference_ci95_upper
    if lower is None or upper is None:
        return f"{signed(pair.score_difference)} <small>no interval</small>"
    return f'{signed(pair.score_difference)} <span class="interval">{signed(lower)} to {signed(upper)}</span>'


def _p_value(pair: ComparedPair) -> str:
    if pair.holm_p_value is None:
        return DASH
    return "&lt; 0.001" if pair.holm_p_value < 0.001 else f"{pair.holm_p_value:.3f}"  # noqa: PLR2004


def _scenario(scenario: ComparedScenario) -> str:
    words = f"{family_name(scenario.family)}, {scenario.difficulty or 'difficulty unknown'}"
    return f"{escape(scenario.title or scenario.scenario_id)}<small>{escape(words)}</small>"


def _mark(mean: ScenarioMean) -> str:
    if mean.score_mean is None:
        return missing("no scored answer", is_said_elsewhere=True)
    if mean.score_mean >= SOLVED:
        kind, mark = "solved", "\u25cf"
    else:
        kind, mark = ("partly", "\u25d0") if mean.score_mean > PARTLY else ("unsolved", "\u25cb")
    meaning = count_of(mean.scored_count, "scored answer")
    return f'<span class="mark {kind}" title="{meaning}">{mark} {mean.score_mean:.1f}</span>'
