"""What a load of one's own would cost: its fields, and every model's cost with its interval, cheapest first.

Not here: prices and what measured tasks cost (cost_and_speed).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints, number
from dashboard.app_pages.notices import NO_NUMBERS, say_none, say_simulated
from dashboard.app_pages.sharing import share
from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link
from dashboard.app_pages.wording import count_of, family_name, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.prices import FamilyCost, ModelCost

DAYS = {"1": "A day", "7": "A week", "30": "30 days", "90": "90 days"}
TASKS_AT_FIRST = 1000.0
TASKS_AT_MOST = 10_000_000.0
TOKENS_AT_MOST = 10_000_000.0
FIELDS_A_ROW = 4
REASONS = {
    "not_measured": "not measured in a family of this load",
    "unknown_price": "no price is known",
    "few_days": "too few days for an interval",
    "exact": "by the tokens that you name, at the price",
}
READING = (
    "By what such tasks did cost in up to four weeks, at today's price; the interval is where the sum will lie in 95 "
    "of 100 cases while prices and answers stay as they are. Tokens of your own replace what was measured."
)


def show_projection(api: ApiClient, head: DeltaGenerator) -> None:
    with st.expander("My load", expanded=True, icon=":material/tune:"):
        days = chosen(Filter("days", "Over", tuple(DAYS), "30", DAYS.__getitem__, "segments"))
        tasks = _tasks(api.families())
        tokens = _tokens()
    explain_complaints()
    if not tasks:
        st.info("A load has at least one task a day.")
        return
    projection = api.projection(tasks, days_ahead=days, **tokens)
    share(head, api, "load", projection.data, "/v1/costs/projection")
    if not projection.data:
        say_none(api, NO_NUMBERS)
        return
    say_simulated([model.is_simulated for model in projection.data])
    words = ", ".join(
        f"{each.tasks_per_day:,g} of {family_name(each.family).lower()}" for each in projection.meta.tasks
    )
    st.markdown(f"**{projection.meta.tasks_per_day:,g} tasks a day over {count_of(int(days), 'day')}**: {words}")
    st.html(_table(projection.data))
    st.caption(READING)


def _tasks(families: Sequence[str]) -> list[str]:
    """As the API is asked: `family:count`. Without a family's own number all families share the first one."""
    own = any(f"tasks_{family}" in st.query_params for family in families)
    fields = [("all", None if own else TASKS_AT_FIRST), *((family, None) for family in families)]
    found = []
    for cells in _rows(fields):
        columns = st.columns(FIELDS_A_ROW, vertical_alignment="bottom")
        for column, (family, default) in zip(columns, cells, strict=False):
            with column:
                count = number(
                    f"tasks_{family}",
                    f"{family_name(family)}, tasks a day",
                    most=TASKS_AT_MOST,
                    step=100,
                    digits=0,
                    default=default,
                    placeholder="none",
                )
            found += [f"{family}:{count:.15g}"] if count else []
    return found


def _rows(fields: Sequence[tuple[str, float | None]]) -> Iterator[Sequence[tuple[str, float | None]]]:
    for start in range(0, len(fields), FIELDS_A_ROW):
        yield fields[start : start + FIELDS_A_ROW]


def _tokens() -> dict[str, int]:
    """Tokens of each task, both or none."""
    first, second, _, _ = st.columns(FIELDS_A_ROW, vertical_alignment="bottom")
    with first:
        given = _token_field("input_tokens", "Input tokens a task")
    with second:
        taken = _token_field("output_tokens", "Output tokens a task")
    if given is None or taken is None:
        if given is not None or taken is not None:
            st.caption("Tokens count once both fields are filled.")
        return {}
    return {"input_tokens": round(given), "output_tokens": round(taken)}


def _token_field(name: str, label: str) -> float | None:
    return number(name, label, most=TOKENS_AT_MOST, step=100, digits=0, placeholder="as measured")


def _table(costs: Sequence[ModelCost]) -> str:
    digits = usd_digits(cost.cost_usd for cost in costs)
    columns: tuple[Column[ModelCost], ...] = (
        Column("Model", "Follow it to its trend", _name, is_number=False),
        Column("Cost", "Of the whole load, USD", lambda cost: _cost(cost, digits)),
        Column("95% interval", "Where the sum will lie", lambda cost: _interval(cost, digits)),
        Column("Rests on", "Measured answers and days, or tokens", _basis, is_number=False),
    )
    return html_table("Projected cost", columns, costs)


def _name(cost: ModelCost) -> str:
    marks = badges(*["simulated"] * cost.is_simulated)
    return f"{page_link('model-trend', cost.label, model=cost.target_id)}{marks}<small>{escape(cost.provider)}</small>"


def _cost(cost: ModelCost, digits: int) -> str:
    if cost.cost_usd is None:
        return missing(REASONS.get(cost.reason or "", cost.reason or "not known"))
    return f"<b>{usd(cost.cost_usd, digits)}</b>"


def _interval(cost: ModelCost, digits: int) -> str:
    if cost.cost_ci95_lower is None or cost.cost_ci95_upper is None:
        reasons = {family.reason for family in cost.families if family.reason}
        return missing(REASONS.get(next(iter(reasons), ""), "no interval"), is_said_elsewhere=cost.cost_usd is None)
    return f"{usd(cost.cost_ci95_lower, digits)}\u2013{usd(cost.cost_ci95_upper, digits)}"


def _basis(cost: ModelCost) -> str:
    return "".join(f"<small>{escape(_family_basis(family))}</small><br>" for family in cost.families)


def _family_basis(family: FamilyCost) -> str:
    name = family_name(family.family)
    if family.basis == "tokens":
        return f"{name}: tokens at the price"
    if family.basis == "unknown" or family.answered_count is None or family.day_count is None:
        return f"{name}: {REASONS.get(family.reason or '', 'not known')}"
    return f"{name}: {count_of(family.answered_count, 'answer')} in {count_of(family.day_count, 'day')}"
