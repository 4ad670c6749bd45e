"""The leaderboard page: every target with all of its numbers, as a table or as a figure.

Not here: the filters (leaderboard_filters), the table's cells (leaderboard_table), the figure (charts.score_intervals).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints
from dashboard.app_pages.leaderboard_filters import drawn_filters
from dashboard.app_pages.leaderboard_table import leaderboard_table
from dashboard.app_pages.notices import NO_NUMBERS, explained, say_freshness, say_none, say_simulated
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.targets import situations
from dashboard.app_pages.wording import count_of
from dashboard.charts.layout import CONFIG
from dashboard.charts.rows import ScoreInterval
from dashboard.charts.score_intervals import score_intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.standings import LeaderboardEntry

ROWS_AT_FIRST = 25
ROWS_DRAWN = 50  # 300 rows take Plotly four seconds in chromium on two cores, and no one can compare them
VIEWS = {"table": "Table", "chart": "Chart"}
READING = (
    "The bar around a score is its 95% interval for tasks like these; where bars overlap, the data may not tell two "
    "models apart, and the rank says from where to where a model may stand. Failed calls count as errors, never as a "
    "score of 0. An arrow stands only where a week's change is told from chance."
)


def show(api: ApiClient) -> None:
    head = page_head("Leaderboard")
    with explained():
        choice = drawn_filters(api)
        entries = _found(api.leaderboard(**choice.asked, include="sparkline"), choice.words)
        share(head, api, "leaderboard", entries, "/v1/leaderboard")
        explain_complaints()
        if not entries:
            say_none(api, NO_NUMBERS)
            return
        known = situations(api, entries)
    hours = [entry.last_benchmark_hour for entry in entries if entry.last_benchmark_hour]
    say_freshness(max(hours, default=None), datetime.now(UTC), f"suite {entries[0].suite} {entries[0].suite_version}")
    say_simulated([entry.is_simulated for entry in entries])
    view, shown = _view(entries)
    explain_complaints()
    if view == "chart":
        _chart(shown)
    else:
        st.html(leaderboard_table(shown, known, choice.family))
    st.caption(READING)


def _found(entries: Sequence[LeaderboardEntry], words: str) -> Sequence[LeaderboardEntry]:
    """Entries in whose names every one of the words stands."""
    if not words:
        return entries
    return [entry for entry in entries if all(word in _names(entry) for word in words.split())]


def _names(entry: LeaderboardEntry) -> str:
    return f"{entry.label} {entry.target_id} {entry.provider} {entry.model} {entry.host}".lower()


def _view(entries: Sequence[LeaderboardEntry]) -> tuple[str, Sequence[LeaderboardEntry]]:
    with st.container(horizontal=True):
        view = chosen(Filter("view", "View", tuple(VIEWS), "table", VIEWS.__getitem__, "segments"))
        if len(entries) <= ROWS_AT_FIRST:
            return view, entries
        words = {"top": f"First {ROWS_AT_FIRST}", "all": f"All {len(entries)}"}
        rows = chosen(Filter("rows", "Models", tuple(words), "top", words.__getitem__, "segments"))
    return view, entries if rows == "all" else entries[:ROWS_AT_FIRST]


def _chart(shown: Sequence[LeaderboardEntry]) -> None:
    drawn = [entry for entry in shown if entry.score_mean is not None][:ROWS_DRAWN]
    if drawn:
        best = max(drawn, key=lambda entry: entry.score_mean or 0)
        st.plotly_chart(
            score_intervals([_row(entry) for entry in drawn]),
            config=CONFIG,
            key="score-intervals",
            alt=f"Scores of {count_of(len(drawn), 'model')} with 95% intervals; best is {best.label} with "
            f"{best.score_mean:.2f}. The table has every number.",
        )
    if len(drawn) < len(shown):
        st.caption(f"Drawn: {len(drawn)} of {count_of(len(shown), 'model')}; the table has every one.")


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
