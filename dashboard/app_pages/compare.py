"""The comparison page: two to six models, what can be told of them, over time and scenario by scenario.

Not here: the tables' cells (compare_tables) and the figures (charts).
"""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.client import COMPARED_AT_MOST
from dashboard.app_pages.address import Filter, chosen, explain_complaints, several
from dashboard.app_pages.compare_tables import SOLVING, pair_table, solving_table, standing_table
from dashboard.app_pages.histories import trend_point
from dashboard.app_pages.notices import NOTHING_YET, explained, say_simulated
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.wording import WINDOWS, count_of, family_name
from dashboard.charts.differences import differences
from dashboard.charts.layout import CONFIG
from dashboard.charts.overlaid_trends import overlaid_trends
from dashboard.charts.rows import Difference, NamedTrend, ScenarioScores
from dashboard.charts.scenario_dots import scenario_dots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.models import Model
    from dashboard.api_client.standings import ComparedScenario, Comparison

AT_FIRST = 2
BARS = (
    "Bars are 95% intervals of a scenario's mean, this task on other days; a dot without one has fewer than four days, "
    "or days that are all equal."
)
SCENARIOS_DRAWN = 40
STEPS = {
    "24h": ("hour", 1, timedelta(hours=1)),
    "7d": ("day", 7, timedelta(days=1)),
    "30d": ("day", 30, timedelta(days=1)),
    "90d": ("day", 90, timedelta(days=1)),
}
PAIRS = (
    "The difference is taken scenario by scenario between answers to the same tasks, which tells more than two "
    "overlapping intervals do. A pair is called different only where chance is ruled out over all pairs together."
)


def show(api: ApiClient) -> None:
    head = page_head("Compare")
    with explained():
        models = {model.target_id: model for model in api.models()}
        if len(models) < AT_FIRST:
            st.info(NOTHING_YET if not models else "There is only one model: nothing to compare it with.")
            return
        target_ids, window, family, suite = _filters(api, models)
        explain_complaints()
        if len(target_ids) < AT_FIRST:
            st.info(f"Choose two to {COMPARED_AT_MOST} models.")
            return
        answer = api.compare(target_ids, window=window, family=family, suite=suite)
        trends = _trends(api, [models[target_id] for target_id in target_ids], window, family, suite)
    compared = answer.data
    files = {"standings": compared.models, "pairs": compared.pairs, "scenarios": compared.scenarios}
    share(head, api, "compare", files, "/v1/compare")
    say_simulated([model.is_simulated for model in compared.models])
    st.html(f'<p class="verdict">{escape(compared.verdict)}</p>')
    st.html(standing_table(compared.models, family=family, suite=suite))
    _say_pairs(compared)
    _say_trends(trends, window)
    _say_scenarios(compared)


def _filters(api: ApiClient, models: dict[str, Model]) -> tuple[tuple[str, ...], str, str, str]:
    first_suite = api.first_suite()
    suites = [suite.suite for suite in api.methodology().data.suites if suite.is_current]
    first = several(
        Filter("models", "Models", tuple(models), "", lambda target_id: _name(models[target_id]), is_kept=True),
        [] if "models" in st.query_params else [entry.target_id for entry in api.leaderboard()[:AT_FIRST]],
        at_most=COMPARED_AT_MOST,
    )
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
    with left:
        family = chosen(Filter("family", "Family", ("all", *api.families()), "all", family_name))
    with middle:
        suite = chosen(Filter("suite", "Suite", tuple(dict.fromkeys((first_suite, *suites))), first_suite))
    with right:
        window = chosen(Filter("window", "Window", tuple(WINDOWS), "7d", WINDOWS.__getitem__, "segments"))
    return first, window, family, suite


def _name(model: Model) -> str:
    return f"{model.label} (simulated)" if model.is_simulated else model.label


def _trends(api: ApiClient, models: Sequence[Model], window: str, family: str, suite: str) -> list[NamedTrend]:
    granularity, days, _ = STEPS[window]
    found = []
    for model in models:
        history = api.history(model.target_id, granularity=granularity, days=days, family=family, suite=suite)
        found.append(NamedTrend(model.label, model.is_simulated, tuple(trend_point(row) for row in history)))
    return [trend for trend in found if trend.points]


def _say_pairs(compared: Comparison) -> None:
    st.subheader("Pair by pair", anchor=False)
    labels = {model.target_id: model.label for model in compared.models}
    rows = [
        Difference(
            label=f"{labels[pair.target_id]} \u2212 {labels[pair.other_target_id]}",
            value=pair.score_difference,
            lower=pair.score_difference_ci95_lower,
            upper=pair.score_difference_ci95_upper,
            words=count_of(pair.scenario_count, "common scenario"),
        )
        for pair in compared.pairs
        if pair.score_difference is not None
        and pair.score_difference_ci95_lower is not None
        and pair.score_difference_ci95_upper is not None
    ]
    if rows:
        st.plotly_chart(
            differences(rows),
            config=CONFIG,
            key="differences",
            alt=f"Paired differences of {count_of(len(rows), 'pair')} with 95% intervals; the table has each in words.",
        )
    st.html(pair_table(compared.pairs, labels))
    st.caption(PAIRS)


def _say_trends(trends: Sequence[NamedTrend], window: str) -> None:
    st.subheader("Over time", anchor=False)
    if not trends:
        st.info("Nothing was planned for these models in this window.")
        return
    granularity, _, step = STEPS[window]
    st.plotly_chart(
        overlaid_trends(trends, step),
        config=CONFIG,
        key="overlaid-trends",
        alt=f"Scores per {granularity} of {', '.join(trend.label for trend in trends)}.",
    )


def _say_scenarios(compared: Comparison) -> None:
    st.subheader("Scenario by scenario", anchor=False)
    if not compared.scenarios:
        st.info("No scenario of this choice was answered.")
        return
    scenarios = sorted(compared.scenarios, key=_spread, reverse=True)
    drawn = scenarios[:SCENARIOS_DRAWN]
    st.plotly_chart(
        scenario_dots([_row(scenario) for scenario in drawn], [model.label for model in compared.models]),
        config=CONFIG,
        key="scenario-dots",
        alt=f"Mean score of each model in {count_of(len(drawn), 'scenario')}; the matrix below has every number.",
    )
    how_many = f"{len(drawn)} of {count_of(len(scenarios), 'scenario')} drawn"
    st.caption(f"Those in which the models differ most come first; {how_many}. {BARS}")
    st.markdown("**Who solves what**")
    st.html(solving_table(scenarios, compared.models))
    st.caption(SOLVING)


def _spread(scenario: ComparedScenario) -> float:
    known = [each.score_mean for each in scenario.scores if each.score_mean is not None]
    return max(known) - min(known) if known else -1.0


def _row(scenario: ComparedScenario) -> ScenarioScores:
    return ScenarioScores(
        label=scenario.title or scenario.scenario_id,
        scores=tuple(each.score_mean for each in scenario.scores),
        counts=tuple(each.scored_count for each in scenario.scores),
        intervals=tuple(
            None
            if each.score_ci95_lower is None or each.score_ci95_upper is None
            else (each.score_ci95_lower, each.score_ci95_upper)
            for each in scenario.scores
        ),
    )
