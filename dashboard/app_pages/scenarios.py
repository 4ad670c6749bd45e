"""The page of scenarios: what is asked, and how models answered the public variant of each.

Not here: the tables (scenario_table). Answers themselves are never published, only how they were graded.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.errors import ApiNotFoundError
from dashboard.app_pages.address import Filter, chosen, explain_complaints, searched
from dashboard.app_pages.notices import explained, say_simulated
from dashboard.app_pages.scenario_table import evidence_table, scenario_table
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.tables import badges, page_link
from dashboard.app_pages.wording import count_of, escaped, family_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.scenarios import Scenario, ScenarioDetail

ROWS_DRAWN = 100
LONG_PROMPT, PROMPT_HEIGHT = 1200, 360
"""A prompt of more characters scrolls within as many pixels."""
NONE_YET = "No scenario is known yet. `./aibaas demo` records them; so does the first measured hour."
PUBLIC = (
    "These are the newest answers of the last 7 days to the public variant, whose names, constants and data are fixed. "
    "Fresh variants change every month and are not shown before they retire. What a model wrote is never published."
)
CHECKS = "What may follow the prompt, and all checks:"
NO_PROMPT = "Its prompt is recorded with the next measured hour."


def show(api: ApiClient) -> None:
    head = page_head("Scenarios")
    scenario_id = st.query_params.get("scenario")
    with explained():
        if scenario_id and _show_one(api, head, scenario_id):
            return
        _show_all(api, head)


def _show_one(api: ApiClient, head: DeltaGenerator, scenario_id: str) -> bool:
    """False where there is no such scenario, which is said."""
    try:
        scenario = api.scenario(scenario_id)
    except ApiNotFoundError as unknown:
        st.warning(escaped(str(unknown)))
        return False
    share(head, api, "scenario", scenario.evidence, "/v1/scenarios/")
    st.html(page_link("scenarios", "\u2190 All scenarios", **_address()))
    _say_facts(scenario)
    st.subheader("How models answered", anchor=False)
    if scenario.evidence:
        say_simulated([each.is_simulated for each in scenario.evidence])
        st.html(evidence_table(scenario.evidence))
    else:
        st.info("No model has answered its public variant in the last 7 days.")
    st.caption(PUBLIC)
    return True


def _say_facts(scenario: ScenarioDetail) -> None:
    facts = [
        family_name(scenario.family),
        scenario.difficulty or "difficulty not stated",
        scenario.language or "language not stated",
        f"version {scenario.scenario_version}",
        scenario.licence or "licence not stated",
    ]
    if scenario.created_on is not None:
        facts.append(f"created {scenario.created_on.isoformat()}")
    title = escape(scenario.title or scenario.scenario_id)
    words = escape(" \u00b7 ".join(facts))
    st.html(f'<div class="model-head"><h2>{title}</h2>{badges(*scenario.suites)}<p>{words}</p></div>')
    _say_prompt(scenario)
    st.caption(CHECKS)
    st.code(f"./aibaas scenarios show {scenario.scenario_id}", language=None)


def _say_prompt(scenario: ScenarioDetail) -> None:
    """As plain text: nothing in a prompt is drawn as Markdown or HTML."""
    if scenario.public_prompt is None:
        st.caption(NO_PROMPT)
        return
    with st.expander("What is asked: the prompt of the public variant", expanded=True):
        is_long = len(scenario.public_prompt) > LONG_PROMPT
        height = PROMPT_HEIGHT if is_long else "content"
        st.code(scenario.public_prompt, language=None, wrap_lines=True, height=height)
        whole = scenario.public_prompt_length or 0
        if whole > len(scenario.public_prompt):
            st.caption(f"The first {len(scenario.public_prompt):,} of {whole:,} characters.")


def _show_all(api: ApiClient, head: DeltaGenerator) -> None:
    every = api.scenarios()
    if not every:
        st.info(NONE_YET)
        return
    found = _chosen(every)
    share(head, api, "scenarios", found, "/v1/scenarios")
    explain_complaints()
    families = {scenario.family for scenario in every}
    number = len(families)
    kinds = "1 family" if number == 1 else f"{number} families"
    st.caption(f"{len(found)} of {count_of(len(every), 'scenario')} in {kinds}")
    if not found:
        st.info("No scenario fits this choice. Fewer filters, or other words, show more.")
        return
    st.html(scenario_table(found[:ROWS_DRAWN], _address()))
    if len(found) > ROWS_DRAWN:
        st.caption(f"The first {ROWS_DRAWN} are shown: a family or a word shows fewer.")


def _chosen(every: Sequence[Scenario]) -> Sequence[Scenario]:
    wanted = (
        _filter("family", "Family", [scenario.family for scenario in every]),
        _filter("difficulty", "Difficulty", [scenario.difficulty for scenario in every]),
        _filter("language", "Language", [scenario.language for scenario in every]),
    )
    suites = sorted({suite for scenario in every for suite in scenario.suites})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        values = {each.name: chosen(each) for each in wanted}
        suite = chosen(Filter("suite", "Suite", ("all", *suites), "all", str.capitalize))
        words = searched("words", "Search", "Words of its title")
    return [
        scenario
        for scenario in every
        if all(value in {"all", getattr(scenario, name)} for name, value in values.items())
        and (suite == "all" or suite in scenario.suites)
        and all(word in f"{scenario.title or ''} {scenario.scenario_id}".lower() for word in words.split())
    ]


def _filter(name: str, label: str, values: Sequence[str | None]) -> Filter:
    options = ("all", *sorted({value for value in values if value is not None}))
    return Filter(name, label, options, "all", lambda value: "All" if value == "all" else _words(value))


def _words(value: str) -> str:
    return value.replace("-", " ").capitalize()


def _address() -> Mapping[str, str]:
    return {name: value for name, value in st.query_params.items() if name != "scenario"}
