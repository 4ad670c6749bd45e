"""The leaderboard as an HTML table: real text with tabular figures, which becomes a card a row on a phone.

Not here: the style sheet (theme.css). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from dashboard.api_client import LeaderboardEntry
from dashboard.app_pages.wording import DASH, count_of, percent, seconds, usd, usd_digits

Cell = Callable[[LeaderboardEntry], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, what it means, and how an entry's cell is made."""

    heading: str
    meaning: str
    cell: Cell
    is_number: bool = True


def leaderboard_table(entries: Sequence[LeaderboardEntry], family: str) -> str:
    columns = _columns(entries, family)
    head = "".join(_heading(column) for column in columns)
    body = "".join(f"<tr>{''.join(_cells(columns, entry))}</tr>" for entry in entries)
    return (
        '<div class="board-frame" role="region" aria-label="Leaderboard" tabindex="0">'
        f'<table class="board"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _columns(entries: Sequence[LeaderboardEntry], family: str) -> tuple[Column, ...]:
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


def _heading(column: Column) -> str:
    kind = ' class="number"' if column.is_number else ""
    return f'<th scope="col"{kind} title="{escape(column.meaning)}">{escape(column.heading)}</th>'


def _cells(columns: Sequence[Column], entry: LeaderboardEntry) -> Iterator[str]:
    first, *others = columns
    yield f'<th scope="row">{first.cell(entry)}</th>'
    for column in others:
        kind = ' class="number"' if column.is_number else ""
        yield f'<td{kind} data-label="{escape(column.heading)}"><span>{column.cell(entry)}</span></td>'


def missing(reason: str, *, is_said_elsewhere: bool = False) -> str:
    """What stands where a number is unknown: a dash and why, never 0.

    A reason that the row's score already gives is left to the pointer and to screen readers.
    """
    kind = ' class="unseen"' if is_said_elsewhere else ""
    return f'<span class="missing" title="{escape(reason)}">{DASH}<small{kind}>{escape(reason)}</small></span>'


def _missing_part(entry: LeaderboardEntry, reason: str) -> str:
    nothing = _unanswered(entry)
    return missing(nothing or reason, is_said_elsewhere=nothing is not None)


def badges(*, is_simulated: bool, is_preliminary: bool) -> str:
    marks = [("simulated", "Answers come from a built-in imitation")] * is_simulated
    marks += [("preliminary", "Too few scenarios or hours to rank on")] * is_preliminary
    return "".join(f' <span class="badge" title="{meaning}">{name}</span>' for name, meaning in marks)


def _model(entry: LeaderboardEntry, family: str) -> str:
    asked = {"model": entry.target_id} | ({} if family == "all" else {"family": family})
    marks = badges(is_simulated=entry.is_simulated, is_preliminary=entry.is_preliminary)
    return f'<a href="model-trend?{escape(urlencode(asked))}" target="_self">{escape(entry.label)}</a>{marks}'


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
