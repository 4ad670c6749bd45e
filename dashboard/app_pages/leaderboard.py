"""The leaderboard page: every model's score with its interval, then all of its numbers.

Not here: the figure (charts.score_intervals) and the table's HTML (leaderboard_table).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints
from dashboard.app_pages.leaderboard_table import leaderboard_table
from dashboard.app_pages.notices import NOTHING_YET, explained, say_freshness, say_simulated
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.wording import count_of, family_name
from dashboard.charts.layout import CONFIG
from dashboard.charts.rows import ScoreInterval
from dashboard.charts.score_intervals import score_intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.standings import LeaderboardEntry

ROWS_AT_FIRST = 25
ROWS_DRAWN = 50  # 300 rows take Plotly four seconds in chromium on two cores, and no one can compare them
WINDOWS = {"24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days"}
READING = (
    "The bar around a score is its 95% interval for tasks like these; where bars overlap, the data may not tell two "
    "models apart. Failed calls count as errors, never as a score of 0."
)


def show(api: ApiClient) -> None:
    head = page_head("Leaderboard")
    with explained():
        window, family, provider = _filters(api.families(), api.providers())
        entries = api.leaderboard(window=window, family=family, provider=None if provider == "all" else provider)
    share(head, api, "leaderboard", entries, "/v1/leaderboard")
    explain_complaints()
    if not entries:
        _say_empty(family, provider)
        return
    hours = [entry.last_benchmark_hour for entry in entries if entry.last_benchmark_hour]
    say_freshness(max(hours, default=None), datetime.now(UTC))
    say_simulated([entry.is_simulated for entry in entries])
    shown = _cut(entries)
    drawn = [entry for entry in shown if entry.score_mean is not None][:ROWS_DRAWN]
    _chart(drawn)
    if len(drawn) < len(shown):
        st.caption(f"Drawn: {len(drawn)} of {count_of(len(shown), 'model')}, best first; the table has every one.")
    st.html(leaderboard_table(shown, family))
    st.caption(READING)


def _filters(families: Sequence[str], providers: Sequence[str]) -> tuple[str, str, str]:
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    with left:
        window = chosen(Filter("window", "Window", tuple(WINDOWS), "7d", WINDOWS.__getitem__, "segments"))
    with middle:
        family = chosen(Filter("family", "Family", ("all", *families), "all", family_name))
    with right:
        provider = chosen(Filter("provider", "Provider", ("all", *providers), "all", _provider_name))
    return window, family, provider


def _provider_name(provider: str) -> str:
    return "All providers" if provider == "all" else provider


def _say_empty(family: str, provider: str) -> None:
    if family == provider == "all":
        st.info(NOTHING_YET)
    else:
        st.info("No model has numbers for this choice of window, family and provider.")


def _cut(entries: Sequence[LeaderboardEntry]) -> Sequence[LeaderboardEntry]:
    if len(entries) <= ROWS_AT_FIRST:
        return entries
    words = {"top": f"Best {ROWS_AT_FIRST}", "all": f"All {len(entries)}"}
    rows = chosen(Filter("rows", "Models", tuple(words), "top", words.__getitem__, "segments"))
    return entries if rows == "all" else entries[:ROWS_AT_FIRST]


def _chart(entries: Sequence[LeaderboardEntry]) -> None:
    if not entries:
        return
    best = entries[0]
    st.plotly_chart(
        score_intervals([_row(entry) for entry in entries]),
        config=CONFIG,
        key="score-intervals",
        alt=f"Scores of {count_of(len(entries), 'model')} with 95% intervals; best is {best.label} with "
        f"{best.score_mean:.2f}. The table below has every number.",
    )


def _row(entry: LeaderboardEntry) -> ScoreInterval:
    return ScoreInterval(
        label=entry.label,
        provider=entry.provider,
        score=entry.score_mean or 0.0,
        lower=entry.score_ci95_lower,
        upper=entry.score_ci95_upper,
        is_simulated=entry.is_simulated,
        note=f"{count_of(entry.scored_count, 'scored answer')}, {count_of(entry.scenario_count, 'scenario')}"
        + (", preliminary" if entry.is_preliminary else ""),
    )
