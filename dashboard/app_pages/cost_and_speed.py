"""The page of cost and speed: what quality takes, what a load of one's own would cost, and how prices moved.

Not here: the load's fields and its table (cost_projection), nor the figures (charts).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints, several
from dashboard.app_pages.cost_projection import show_projection
from dashboard.app_pages.notices import NO_NUMBERS, explained, say_none, say_simulated
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.tables import Column, badges, html_table, missing
from dashboard.app_pages.wording import KINDS, WINDOWS, count_of, day, escaped, family_name, percent, usd
from dashboard.charts.layout import CONFIG
from dashboard.charts.pareto import frontiers_of, pareto
from dashboard.charts.price_steps import price_steps
from dashboard.charts.rows import PriceStep, Tradeoff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.prices import PastPrice
    from dashboard.api_client.standings import LeaderboardEntry

SECTIONS = {"tradeoff": "Quality against cost and speed", "load": "My load", "prices": "Price history"}
MEASURES = {
    "cost_per_task_usd": ("Cost per task", "$"),
    "cost_per_solved_task_usd": ("Cost per solved task", "$"),
    "latency_p50_ms": ("Seconds to the whole answer, p50", " s"),
    "time_to_first_token_p50_ms": ("Seconds to the first token, p50", " s"),
}
MODELS_DRAWN = 6
CHANGES_SHOWN = 50
READING = (
    "Models on the dashed line are beaten by no other in both; the faded ones are, going by their means. Where "
    "intervals overlap, the data may not tell which is better: the comparison does. Hollow dots are simulated models, "
    "which have a frontier of their own, dotted."
)


def show(api: ApiClient) -> None:
    head = page_head("Cost and speed")
    section = chosen(Filter("section", "Show", tuple(SECTIONS), "tradeoff", SECTIONS.__getitem__, "segments"))
    with explained():
        if section == "tradeoff":
            _show_tradeoff(api, head)
        elif section == "load":
            show_projection(api, head)
        else:
            _show_prices(api, head)


def _show_tradeoff(api: ApiClient, head: DeltaGenerator) -> None:
    measure, family, window, kind = _filters(api)
    entries = api.leaderboard(window=window, family=family, simulated=kind)
    explain_complaints()
    share(head, api, "cost-and-speed", entries, "/v1/leaderboard")
    if not entries:
        say_none(api, NO_NUMBERS)
        return
    say_simulated([entry.is_simulated for entry in entries])
    rows = [row for row in (_tradeoff(entry, measure) for entry in entries) if row is not None]
    if rows:
        _draw(rows, measure)
    _say_left_out(entries, rows, measure)


def _filters(api: ApiClient) -> tuple[str, str, str, str]:
    first, second, third, fourth = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
    with first:
        measure = chosen(
            Filter("against", "Against", tuple(MEASURES), "cost_per_task_usd", lambda name: MEASURES[name][0])
        )
    with second:
        family = chosen(Filter("family", "Family", ("all", *api.families()), "all", family_name))
    with third:
        window = chosen(Filter("window", "Window", tuple(WINDOWS), "7d", WINDOWS.__getitem__, "segments"))
    with fourth:
        kind = chosen(Filter("simulated", "Models", tuple(KINDS), "any", KINDS.__getitem__))
    return measure, family, window, kind


def _tradeoff(entry: LeaderboardEntry, measure: str) -> Tradeoff | None:
    """None where the score or the measure is unknown, or where it is 0, which has no place on the axis."""
    takes = getattr(entry, measure)
    if entry.score_mean is None or not takes:
        return None
    unit = 1000 if measure.endswith("_ms") else 1
    name = measure.removesuffix("_usd").removesuffix("_ms")
    lower, upper = (getattr(entry, f"{name}_ci95_{side}", None) for side in ("lower", "upper"))
    return Tradeoff(
        label=entry.label,
        is_simulated=entry.is_simulated,
        takes=takes / unit,
        score=entry.score_mean,
        lower=entry.score_ci95_lower,
        upper=entry.score_ci95_upper,
        words="simulated" if entry.is_simulated else entry.provider,
        takes_lower=lower and lower / unit,
        takes_upper=upper and upper / unit,
    )


def _draw(rows: Sequence[Tradeoff], measure: str) -> None:
    title, unit = MEASURES[measure]
    best = {kind: ", ".join(row.label for row in found) for kind, found in frontiers_of(rows).items()}
    st.plotly_chart(
        pareto(rows, f"{title}, logarithmic", unit),
        config=CONFIG,
        key="pareto",
        alt=f"Score against {title.lower()} of {count_of(len(rows), 'model')}. The frontier is named below.",
    )
    for kind, labels in best.items():
        of = (" of simulated models" if kind else " of real models") * (len(best) > 1)
        st.markdown(f"**On the frontier{of}:** {escaped(labels)}")
    st.caption(READING)


def _say_left_out(entries: Sequence[LeaderboardEntry], rows: Sequence[Tradeoff], measure: str) -> None:
    if len(rows) == len(entries):
        return
    title = MEASURES[measure][0].lower()
    free = [entry.label for entry in entries if getattr(entry, measure) == 0]
    unknown = len(entries) - len(rows) - len(free)
    if free:
        st.caption(f"Not drawn, as it is 0: {escaped(', '.join(free))}.")
    if unknown:
        st.caption(f"Not drawn: {count_of(unknown, 'model')} whose score or {title} is not known.")


def _show_prices(api: ApiClient, head: DeltaGenerator) -> None:
    prices = api.past_prices()
    histories: defaultdict[str, list[PastPrice]] = defaultdict(list)
    for price in sorted(prices, key=lambda price: price.valid_from):
        histories[f"{price.provider}/{price.model}"].append(price)
    names = sorted(histories, key=lambda name: (not histories[name][-1].target_ids, -len(histories[name]), name))
    wanted = several(Filter("models", "Models", names, "", is_kept=True), names[:3], at_most=MODELS_DRAWN)
    explain_complaints()
    share(head, api, "prices", prices, "/v1/prices/history")
    if not prices:
        st.info("No price is known yet.")
        return
    say_simulated([histories[name][-1].is_simulated for name in wanted])
    if wanted:
        st.plotly_chart(
            price_steps([(name, [_step(price) for price in histories[name]]) for name in wanted], datetime.now(UTC)),
            config=CONFIG,
            key="price-steps",
            alt=f"Prices of {', '.join(wanted)} over time; the table below has every change.",
        )
    _say_changes([price for price in prices if _is_change(price)])


def _step(price: PastPrice) -> PriceStep:
    return PriceStep(price.valid_from, price.input_usd_per_mtok, price.output_usd_per_mtok)


def _is_change(price: PastPrice) -> bool:
    ratios = (price.input_price_ratio, price.output_price_ratio)
    return any(ratio is not None and ratio != 1 for ratio in ratios)


def _say_changes(changes: Sequence[PastPrice]) -> None:
    st.subheader("Changes of price", anchor=False)
    if not changes:
        st.info("No price changed since it is watched.")
        return
    newest = sorted(changes, key=lambda price: price.valid_from, reverse=True)[:CHANGES_SHOWN]
    columns: tuple[Column[PastPrice], ...] = (
        Column("Model", "Provider and model", _priced_model, is_number=False),
        Column("From", "When it came into force, UTC", lambda price: day(price.valid_from)),
        Column("Input", "Per million tokens", lambda price: _moved(price.input_usd_per_mtok, price.input_price_ratio)),
        Column(
            "Output", "Per million tokens", lambda price: _moved(price.output_usd_per_mtok, price.output_price_ratio)
        ),
        Column("Source", "Where the price stands", _source, is_number=False),
    )
    st.html(html_table("Changes of price", columns, newest))
    if len(newest) < len(changes):
        st.caption(f"The newest {len(newest)} of {count_of(len(changes), 'change')}; the file has every one.")


def _priced_model(price: PastPrice) -> str:
    return f"{escape(price.model)}{badges(*['simulated'] * price.is_simulated)}<small>{escape(price.provider)}</small>"


def _moved(price_usd: float | None, ratio: float | None) -> str:
    if price_usd is None:
        return missing("not known")
    if ratio is None or ratio == 1:
        return usd(price_usd)
    arrow = "\u25b2" if ratio > 1 else "\u25bc"
    return f"{usd(price_usd)}<small>{arrow} {percent(abs(ratio - 1), 0)}</small>"


def _source(price: PastPrice) -> str:
    return f"<small>{escape(price.source)}, checked {price.checked_on:%Y-%m-%d}</small>"
