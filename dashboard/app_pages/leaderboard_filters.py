"""The leaderboard's filters: the ones that everyone needs in a row, the others behind a button.

Not here: what they leave (leaderboard).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, number, searched
from dashboard.app_pages.wording import KINDS, WEIGHTS, WINDOWS, effort_name, family_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.api_client.client import ApiClient, Asked

SORTS = {
    "-score_mean": "Score",
    "-score_ci95_lower": "Lower end of the score",
    "-score_change_7d": "Rose most in 7 days",
    "score_change_7d": "Fell most in 7 days",
    "-pass_hat_k_rate": "Solved every time",
    "cost_per_task_usd": "Cost per task",
    "cost_per_solved_task_usd": "Cost per solved task",
    "input_usd_per_mtok": "Price of input",
    "output_usd_per_mtok": "Price of output",
    "time_to_first_token_p50_ms": "First token, p50",
    "time_to_first_token_p95_ms": "First token, p95",
    "latency_p50_ms": "Latency, p50",
    "latency_p95_ms": "Latency, p95",
    "error_rate": "Errors",
}
ATTEMPTS = ("1", "3", "5", "10")
BEHIND = (
    "provider",
    "simulated",
    "open_weights",
    "effort",
    "max_cost_per_task_usd",
    "max_output_usd_per_mtok",
    "attempts",
    "suite",
)
"""Filters behind the button."""

CEILING = "Leaves out models of which this is not known."


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked of the API, and the words that names must hold."""

    asked: dict[str, Asked]
    words: str

    @property
    def family(self) -> str:
        return str(self.asked["family"])


def drawn_filters(api: ApiClient) -> Choice:
    first, second, third, fourth, fifth = st.columns([5, 4, 7, 4, 3], vertical_alignment="bottom")
    with first:
        words = searched("search", "Search", "Model, provider or host")
    with second:
        family = chosen(Filter("family", "Family", ("all", *api.families()), "all", family_name))
    with third:
        window = chosen(Filter("window", "Window", tuple(WINDOWS), "7d", WINDOWS.__getitem__, "segments"))
    with fourth:
        sort = chosen(Filter("sort", "Sort by", tuple(SORTS), "-score_mean", SORTS.__getitem__))
    used = sum(name in st.query_params for name in BEHIND)
    with fifth.popover(f"Filters ({used})" if used else "Filters", icon=":material/tune:", width="stretch"):
        others = _others(api)
    return Choice({"window": window, "family": family, "sort": sort, **others}, words)


def _others(api: ApiClient) -> dict[str, Asked]:
    efforts = {model.reasoning_effort or "default" for model in api.models()}
    suites = [suite.suite for suite in api.methodology().data.suites if suite.is_current]
    provider = chosen(_with_all("provider", "Provider", api.providers(), _provider_name))
    effort = chosen(_with_all("effort", "Reasoning effort", sorted(efforts), effort_name))
    return {
        "provider": None if provider == "all" else provider,
        "simulated": chosen(Filter("simulated", "Models", tuple(KINDS), "any", KINDS.__getitem__)),
        "open_weights": chosen(Filter("open_weights", "Weights", tuple(WEIGHTS), "any", WEIGHTS.__getitem__)),
        "effort": None if effort == "all" else effort,
        "max_cost_per_task_usd": number(
            "max_cost_per_task_usd", "At most, $ per task", step=0.001, digits=4, meaning=CEILING
        ),
        "max_output_usd_per_mtok": number(
            "max_output_usd_per_mtok", "At most, $ per million output tokens", step=1, digits=2, meaning=CEILING
        ),
        "attempts": chosen(Filter("attempts", "Attempts that must all solve a task", ATTEMPTS, "3")),
        "suite": chosen(Filter("suite", "Suite", tuple(dict.fromkeys(("canary", *suites))), "canary")),
    }


def _provider_name(provider: str) -> str:
    return "All providers" if provider == "all" else provider


def _with_all(name: str, label: str, options: Sequence[str], say: Callable[[str], str]) -> Filter:
    return Filter(name, label, ("all", *options), "all", say)
