"""The leaderboard as an HTML table: real text with tabular figures, which becomes a card a row on a phone.

Not here: the style sheet (theme.css). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link
from dashboard.app_pages.wording import count_of, percent, seconds, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.standings import LeaderboardEntry


def leaderboard_table(entries: Sequence[LeaderboardEntry], family: str) -> str:
    return html_table("Leaderboard", _columns(entries, family), entries)


def _columns(entries: Sequence[LeaderboardEntry], family: str) -> tuple[Column[LeaderboardEntry], ...]:
    digits = usd_digits(entry.cost_per_task_usd for entry in entries)
    return (
        Column("Model", "Follow it to its trend", lambda entry: _model(entry, family), is_number=False),
        Column("Provider", "Who answers the calls", lambda entry: escape(entry.provider), is_number=False),
        Column("Score", "Mean over scenarios, 0 to 10, and its 95% interval", _score),
        Column("Scored", "Answers that the score rests on", _scored),
        Column("Scenarios", "Tasks that the interval rests on", lambda entry: f"{entry.scenario_count:,}"),
        Column("$ per task", "Mean cost of an answered call, USD", lambda entry: _cost(entry, digits)),
        Column(
            "First token, s",
            "Median time to the first token, seconds",
            lambda entry: _duration(entry, entry.time_to_first_token_p50_ms),
        ),
        Column("Latency, s", "Median time to the whole answer, seconds", lambda e: _duration(e, e.latency_p50_ms)),
        Column("Errors", "Failed calls of those answered or failed; never part of the score", _errors),
        Column("Last hour, UTC", "Newest hour with an answer", _last_hour),
    )


def _missing_part(entry: LeaderboardEntry, reason: str) -> str:
    nothing = _unanswered(entry)
    return missing(nothing or reason, is_said_elsewhere=nothing is not None)


def _model(entry: LeaderboardEntry, family: str) -> str:
    marks = badges(*["simulated"] * entry.is_simulated, *["preliminary"] * entry.is_preliminary)
    other = "" if family == "all" else family
    return page_link("model-trend", entry.label, model=entry.target_id, family=other) + marks


def _unanswered(entry: LeaderboardEntry) -> str | None:
    if entry.response_count:
        return None
    return "no call in this window" if entry.error_rate is None else "no call was answered"


def _score(entry: LeaderboardEntry) -> str:
    if entry.score_mean is None:
        return missing(_unanswered(entry) or "no answer could be scored")
    if entry.score_ci95_lower is None or entry.score_ci95_upper is None:
        return f"<b>{entry.score_mean:.2f}</b> <small>no interval: too few scenarios</small>"
    return (
        f"<b>{entry.score_mean:.2f}</b> "
        f'<span class="interval">{entry.score_ci95_lower:.2f}\u2013{entry.score_ci95_upper:.2f}</span>'
    )


def _scored(entry: LeaderboardEntry) -> str:
    if entry.scored_count == entry.response_count:
        return f"{entry.scored_count:,}"
    return f'{entry.scored_count:,} <span class="interval">of {count_of(entry.response_count, "answer")}</span>'


def _cost(entry: LeaderboardEntry, digits: int) -> str:
    if entry.cost_per_task_usd is None:
        return _missing_part(entry, "no price is known")
    return usd(entry.cost_per_task_usd, digits)


def _duration(entry: LeaderboardEntry, milliseconds: float | None) -> str:
    return _missing_part(entry, "not reported") if milliseconds is None else seconds(milliseconds)


def _errors(entry: LeaderboardEntry) -> str:
    return _missing_part(entry, "not known") if entry.error_rate is None else percent(entry.error_rate)


def _last_hour(entry: LeaderboardEntry) -> str:
    if entry.last_benchmark_hour is None:
        return _missing_part(entry, "no hour in this window")
    return f"{entry.last_benchmark_hour:%Y-%m-%d %H:%M}"
