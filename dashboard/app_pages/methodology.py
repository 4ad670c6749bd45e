"""The page of methodology: what each number means, which versions made it, what measuring costs and what it covers.

Not here: the tables (methodology_tables, operation_table).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints, searched
from dashboard.app_pages.methodology_tables import (
    change_table,
    detector_table,
    formula_table,
    scorer_table,
    suite_table,
)
from dashboard.app_pages.notices import explained
from dashboard.app_pages.operation_table import budget_table
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.tables import page_link
from dashboard.app_pages.wording import DASH, count_of, escaped, percent, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.methodology import Formula
    from dashboard.api_client.operations import Spending

SECTIONS = {
    "definitions": "Definitions",
    "versions": "Versions and next hour",
    "coverage": "Cost and coverage",
    "changes": "Changes",
}
PERIODS = {"day": "Cost today", "month": "Cost this month"}
CHANGE_DAYS = 90
CHANGES_SHOWN = 200
MIXING = "Numbers of different versions are never compared or mixed; where one begins, charts show a break."
COSTS = "Periods are those of UTC. Simulated models cost nothing: their figures are made up and left out."


def show(api: ApiClient) -> None:
    head = page_head("Methodology")
    section = chosen(Filter("section", "Show", tuple(SECTIONS), "definitions", SECTIONS.__getitem__, "segments"))
    shown = {
        "definitions": _show_definitions,
        "versions": _show_versions,
        "coverage": _show_coverage,
        "changes": _show_changes,
    }
    with explained():
        shown[section](api, head)


def _show_definitions(api: ApiClient, head: DeltaGenerator) -> None:
    formulas = api.methodology().data.formulas
    words = searched("words", "Search", "A number's name, such as rank or score_mean")
    found = [formula for formula in formulas if all(word in _text(formula) for word in words.split())]
    share(head, api, "definitions", found, "/v1/methodology")
    explain_complaints()
    if found:
        st.html(formula_table(found))
    else:
        st.info("No definition has these words. Other words, or none, show more.")
    st.caption("What is unknown is a dash with its reason and never 0. All times are UTC.")


def _text(formula: Formula) -> str:
    return f"{formula.name} {formula.name.replace('_', ' ')} {' '.join(formula.fields)} {formula.statement}".lower()


def _show_versions(api: ApiClient, head: DeltaGenerator) -> None:
    found = api.methodology().data
    newest = api.status().newest_benchmark_hour
    share(head, api, "suites", found.suites, "/v1/methodology", "/v1/status")
    explain_complaints()
    if not found.suites:
        st.info("No suite is recorded yet. `./aibaas demo` or the first measured hour records them.")
        return
    st.subheader("Suites", anchor=False)
    st.html(suite_table(found.suites, newest, datetime.now(UTC)))
    st.caption(MIXING)
    if found.scorers:
        st.subheader("Graders", anchor=False)
        st.html(scorer_table(found.scorers))
    if found.detectors:
        st.subheader("Detection of changes", anchor=False)
        st.html(detector_table(found.detectors))


def _show_coverage(api: ApiClient, head: DeltaGenerator) -> None:
    status = api.status()
    share(head, api, "coverage", status.outcomes, "/v1/status")
    explain_complaints()
    cells = st.columns(4)
    for cell, (period, name) in zip(cells, PERIODS.items(), strict=False):
        _say_cost(cell, name, [each for each in status.spending if each.period == period])
    planned = sum(outcome.call_count for outcome in status.outcomes)
    for cell, (outcome, name) in zip(cells[2:], (("answered", "On time"), ("missing", "Not answered")), strict=True):
        count = sum(each.call_count for each in status.outcomes if each.outcome == outcome)
        cell.metric(f"{name}, last {status.hours} hours", percent(count / planned) if planned else DASH)
        cell.caption(f"{count:,} of {count_of(planned, 'planned call')}" if planned else "no call was planned")
    st.caption(COSTS)
    if status.budgets:
        st.subheader("Budgets", anchor=False)
        st.html(budget_table(status.budgets))
    st.html(page_link("status", "Every hour of every model, and why calls are missing"))


def _say_cost(cell: DeltaGenerator, name: str, spent: Sequence[Spending]) -> None:
    real = next((each for each in spent if not each.simulated), None)
    known = None if real is None else real.cost_usd
    cell.metric(name, DASH if known is None else usd(known, min(4, usd_digits([known]))))
    if real is None:
        cell.caption("no real model was asked")
    elif real.unknown_model_count:
        cell.caption(f"cost of {count_of(real.unknown_model_count, 'model')} unknown and not in it")


def _show_changes(api: ApiClient, head: DeltaGenerator) -> None:
    since = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=CHANGE_DAYS)
    every = api.changes(since=since.isoformat())
    kinds = tuple(dict.fromkeys(change.kind for change in every))
    kind = chosen(Filter("kind", "Kind", ("all", *sorted(kinds)), "all", _kind_name))
    found = [change for change in every if kind in {"all", change.kind}]
    share(head, api, "changes", found, "/v1/changes")
    explain_complaints()
    if not found:
        st.info(f"No change of a model, its host, price or limits, or of our settings was noted in {CHANGE_DAYS} days.")
        return
    st.caption(f"{count_of(len(found), 'change')} in the last {CHANGE_DAYS} days")
    st.html(change_table(found[:CHANGES_SHOWN]))
    if len(found) > CHANGES_SHOWN:
        st.caption(escaped(f"The newest {CHANGES_SHOWN} are shown; the files have every one."))


def _kind_name(kind: str) -> str:
    return "All" if kind == "all" else kind.replace("_", " ").capitalize()
