"""The page of recommendations: limits in, the model to take and what to fall back to out, with the reasons.

Not here: the configuration for litellm (router_file), nor the order itself, which is the API's.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints, number
from dashboard.app_pages.cells import interval_bar
from dashboard.app_pages.notices import explained, say_none, say_simulated
from dashboard.app_pages.router_file import router_file
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link
from dashboard.app_pages.wording import (
    WEIGHTS,
    WINDOWS,
    count_of,
    family_name,
    percent,
    seconds,
    signed,
    usd,
    usd_digits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.api_client.client import ApiClient, Asked
    from dashboard.api_client.standings import Excluded, ExclusionReason, Recommended

KINDS = {"auto": "Real, else simulated", "false": "Real only", "true": "Simulated only"}
LIMITS: dict[str, tuple[str, float, int]] = {
    "max_cost_per_task_usd": ("At most, $ per task", 0.001, 4),
    "max_output_usd_per_mtok": ("At most, $ per 1M output tokens", 1, 2),
    "max_latency_p50_ms": ("Whole answer, p50, at most ms", 100, 0),
    "max_latency_p95_ms": ("Whole answer, p95, at most ms", 100, 0),
    "max_time_to_first_token_p50_ms": ("First token, p50, at most ms", 50, 0),
    "max_time_to_first_token_p95_ms": ("First token, p95, at most ms", 50, 0),
}
"""Label, step and decimals of every ceiling."""
SAID = {
    "min_score_mean": "score",
    "max_cost_per_task_usd": "$ per task",
    "max_input_usd_per_mtok": "$ per 1M input tokens",
    "max_output_usd_per_mtok": "$ per 1M output tokens",
    "max_latency_p50_ms": "whole answer p50, ms",
    "max_latency_p95_ms": "whole answer p95, ms",
    "max_time_to_first_token_p50_ms": "first token p50, ms",
    "max_time_to_first_token_p95_ms": "first token p95, ms",
    "max_error_rate": "share of failed calls",
}
READING = (
    "Models of one group can't be told apart by their scores, so the cheaper one per solved task comes first. What is "
    "not known does not fit a limit. Five at most are named: the choice and what to fall back to."
)


def show(api: ApiClient) -> None:
    head = page_head("Recommend")
    with explained():
        limits = _limits(api)
        explain_complaints()
        answer = api.recommendation(**limits)
        models = {model.target_id: model for model in api.models()}
    places = answer.data.recommended
    share(head, api, "recommendation", places, "/v1/recommendations")
    say_simulated([place.is_simulated for place in places])
    if not (places or answer.data.excluded):
        say_none(api, answer.data.verdict)
        return
    st.html(f'<p class="verdict">{escape(answer.data.verdict)}</p>')
    if places:
        st.html(_table(places))
        st.caption(READING)
        _say_router(router_file(places, models, answer.meta))
    _say_excluded(answer.data.excluded)


def _limits(api: ApiClient) -> dict[str, Asked]:
    first, second, third, fourth = st.columns([3, 4, 2, 2], vertical_alignment="bottom")
    with first:
        family = chosen(Filter("family", "Kind of work", ("all", *api.families()), "all", family_name))
    with second:
        window = chosen(Filter("window", "Judged by", tuple(WINDOWS), "30d", WINDOWS.__getitem__, "segments"))
    with third:
        kind = chosen(Filter("simulated", "Models", tuple(KINDS), "auto", KINDS.__getitem__))
    with fourth:
        weights = chosen(Filter("open_weights", "Weights", tuple(WEIGHTS), "any", WEIGHTS.__getitem__))
    limits: dict[str, Asked] = {"family": family, "window": window, "simulated": kind, "open_weights": weights}
    with st.expander("Limits", expanded=True, icon=":material/tune:"):
        return {**limits, **_numbers()}


def _numbers() -> dict[str, Asked]:
    cells = [*st.columns(4, vertical_alignment="bottom"), *st.columns(4, vertical_alignment="bottom")]
    with cells[0]:
        least = number("min_score_mean", "Score, at least", most=10, step=0.5, digits=1)
    with cells[1]:
        errors = number("max_error_percent", "Failed calls, at most %", most=100, step=0.5, digits=1)
    found: dict[str, Asked] = {"min_score_mean": least, "max_error_rate": None if errors is None else errors / 100}
    for cell, (name, (label, step, digits)) in zip(cells[2:], LIMITS.items(), strict=True):
        with cell:
            found[name] = number(name, label, step=step, digits=digits)
    return found


def _table(places: Sequence[Recommended]) -> str:
    digits = usd_digits(place.cost_per_task_usd for place in places)
    columns: tuple[Column[Recommended], ...] = (
        Column("Model", "Follow it to its trend", _name, is_number=False),
        Column("Why here", "The reasons for its place", _why, is_number=False),
        Column("Score", "Mean over scenarios, 0 to 10, and its 95% interval", _score),
        Column("To the best", "Paired difference to the model with the highest mean", _difference),
        Column(
            "$ per task", "Mean cost of an answered call", _known("cost_per_task_usd", lambda cost: usd(cost, digits))
        ),
        Column(
            "$ solved",
            "Mean cost of a task that is solved",
            _known("cost_per_solved_task_usd", lambda c: usd(c, digits)),
        ),
        Column("Latency, s", "Median seconds to the whole answer", _known("latency_p50_ms", seconds)),
        Column("First token, s", "Median seconds to the first token", _known("time_to_first_token_p50_ms", seconds)),
        Column("Errors", "Failed calls of those answered or failed", _known("error_rate", percent)),
    )
    return html_table("Recommended models", columns, places)


def _name(place: Recommended) -> str:
    marks = badges(*["simulated"] * place.is_simulated, *["preliminary"] * place.is_preliminary)
    link = page_link("model-trend", place.label, model=place.target_id)
    return f"{place.place}. {link}{marks}<small>{escape(place.provider)}</small>"


def _why(place: Recommended) -> str:
    role = "<b>Take this</b>" if place.role == "choice" else f"Fallback, group {place.group}"
    return f"{role}<br><small>{escape('; '.join(place.reasons))}</small>"


def _score(place: Recommended) -> str:
    return interval_bar(place.score_mean, place.score_ci95_lower, place.score_ci95_upper)


def _difference(place: Recommended) -> str:
    lower, upper = place.score_difference_to_best_ci95_lower, place.score_difference_to_best_ci95_upper
    if place.score_difference_to_best is None:
        return missing("the best itself, or not compared")
    if lower is None or upper is None:
        return f"{signed(place.score_difference_to_best)}<small>no interval</small>"
    return f"{signed(place.score_difference_to_best)}<small>{signed(lower)} to {signed(upper)}</small>"


def _known(field: str, say: Callable[[float], str]) -> Callable[[Recommended], str]:
    def cell(place: Recommended) -> str:
        value = getattr(place, field)
        return missing("not known") if value is None else say(value)

    return cell


def _say_router(text: str) -> None:
    with st.expander("Configuration for litellm", icon=":material/code:"):
        st.caption("A proxy that asks the first model and fails over to the next: litellm \\-\\-config FILE.")
        st.download_button("YAML", text, file_name="litellm-router.yaml", on_click="ignore", icon=":material/download:")
        st.code(text, language="yaml")


def _say_excluded(excluded: Sequence[Excluded]) -> None:
    if not excluded:
        return
    with st.expander(f"Left out: {count_of(len(excluded), 'model')}"):
        columns: tuple[Column[Excluded], ...] = (
            Column("Model", "Follow it to its trend", _excluded_name, is_number=False),
            Column("Why it does not fit", "Every limit that it breaks", _reasons, is_number=False),
        )
        st.html(html_table("Left out", columns, excluded))


def _excluded_name(model: Excluded) -> str:
    marks = badges(*["simulated"] * model.is_simulated)
    return f"{page_link('model-trend', model.label, model=model.target_id)}{marks}"


def _reasons(model: Excluded) -> str:
    return "<br>".join(f"<small>{escape(_reason(each))}</small>" for each in model.reasons)


def _reason(reason: ExclusionReason) -> str:
    name = SAID.get(reason.constraint)
    if name is None or not isinstance(reason.limit, float) or not isinstance(reason.value, float):
        return reason.detail
    bound = "least" if reason.constraint.startswith("min_") else "most"
    return f"{name}: {reason.value:g}, at {bound} {reason.limit:g}"
