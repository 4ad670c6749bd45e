"""The columns of the leaderboard, and what stands in each cell.

Not here: how cells become a table (tables), nor the style sheet (theme.css). Everything that comes from outside is
escaped.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.cells import interval_bar, rank_range
from dashboard.app_pages.sparkline import sparkline
from dashboard.app_pages.tables import Column, html_table, missing, trend_link
from dashboard.app_pages.targets import Situation, target_badges, target_state
from dashboard.app_pages.wording import count_of, percent, seconds, signed, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.api_client.standings import LeaderboardEntry

UNKNOWN = Situation(None, ())


def leaderboard_table(entries: Sequence[LeaderboardEntry], known: Mapping[str, Situation], family: str) -> str:
    columns = (*_identity(entries, known, family), *_quality(entries), *_money(entries), *_speed())
    return html_table("Leaderboard", columns, entries, kind="standings")


def _identity(
    entries: Sequence[LeaderboardEntry], known: Mapping[str, Situation], family: str
) -> tuple[Column[LeaderboardEntry], ...]:
    now = datetime.now(UTC)
    newest = max((entry.last_benchmark_hour for entry in entries if entry.last_benchmark_hour), default=None)

    def name(entry: LeaderboardEntry) -> str:
        link = trend_link(entry.label, entry.target_id, family=family, suite=entry.suite)
        return f"{link}{target_badges(entry, known, now)}<small>{escape(_where(entry))}</small>"

    def state(entry: LeaderboardEntry) -> str:
        return target_state(entry, known.get(entry.target_id, UNKNOWN), newest)

    return (
        Column("Model", "Follow it to its trend; below, who answers and where", name, is_number=False),
        Column("Rank", "From where to where it may stand, with 95% confidence", _rank),
        Column("Status", "How it fares now", state, is_number=False),
    )


def _quality(entries: Sequence[LeaderboardEntry]) -> tuple[Column[LeaderboardEntry], ...]:
    attempts = next((entry.attempt_count for entry in entries if entry.attempt_count), None)
    every = f"Solved {attempts} of {attempts}" if attempts else "Solved every time"
    return (
        Column("Score", "Mean over scenarios, 0 to 10, and its 95% interval", _score),
        Column("30 days, 7-day change", "Daily means; an arrow only where a change is told from chance", _course),
        Column(every, "Share of scenarios that so many attempts in a row all solve", _solved),
        Column("Scored, scenarios", "Answers that the score rests on, and tasks that its interval rests on", _counts),
    )


def _money(entries: Sequence[LeaderboardEntry]) -> tuple[Column[LeaderboardEntry], ...]:
    digits = usd_digits(entry.cost_per_task_usd for entry in entries)
    prices = usd_digits(entry.input_usd_per_mtok for entry in entries)
    return (
        Column(
            "$ per task, solved",
            "Mean cost of an answered call, and of one that solves its task, USD",
            _pair("cost_per_task_usd", "cost_per_solved_task_usd", lambda cost: usd(cost, digits), _no_cost),
        ),
        Column(
            "$ per 1M in, out",
            "Price of a million tokens now, USD",
            _pair("input_usd_per_mtok", "output_usd_per_mtok", lambda price: usd(price, prices), _no_price),
        ),
    )


def _speed() -> tuple[Column[LeaderboardEntry], ...]:
    first, whole = "time_to_first_token", "latency"
    return (
        Column("First token p50, p95", "Seconds to the first token", _seconds(first)),
        Column("Latency p50, p95", "Seconds to the whole answer", _seconds(whole)),
        Column(
            "Errors", "Failed calls of those answered or failed, and the 95% interval; never part of the score", _errors
        ),
        Column("Last hour, UTC", "Newest hour with an answer", _last_hour),
    )


def _where(entry: LeaderboardEntry) -> str:
    parts = [entry.provider, entry.host, entry.quantisation or ""]
    return " \u00b7 ".join(part for part in dict.fromkeys(parts) if part)


def _rank(entry: LeaderboardEntry) -> str:
    return rank_range(entry.rank_ci95_lower, entry.rank_ci95_upper) or _missing(entry, "not ranked: too few scenarios")


def _score(entry: LeaderboardEntry) -> str:
    if entry.score_mean is None:
        return missing(_unanswered(entry) or "no answer could be scored")
    return interval_bar(entry.score_mean, entry.score_ci95_lower, entry.score_ci95_upper)


def _course(entry: LeaderboardEntry) -> str:
    return f'<span class="course">{sparkline(entry.sparkline or ())}{_change(entry)}</span>'


def _change(entry: LeaderboardEntry) -> str:
    change = entry.score_change_7d
    if change is None:
        return _missing(entry, "too little to compare weeks")
    interval = ""
    if entry.score_change_7d_ci95_lower is not None and entry.score_change_7d_ci95_upper is not None:
        interval = f", {signed(entry.score_change_7d_ci95_lower)} to {signed(entry.score_change_7d_ci95_upper)}"
    if not entry.is_score_change_7d_significant:
        return f'<small title="Not told from chance{interval}">{signed(change)}, by chance?</small>'
    kind, arrow = ("better", "\u25b2") if change > 0 else ("worse", "\u25bc")
    return f'<b class="{kind}" title="Told from chance{interval}">{arrow} {signed(change)}</b>'


def _solved(entry: LeaderboardEntry) -> str:
    rate = entry.pass_hat_k_rate
    if rate is None:
        return _missing(entry, "too few attempts")
    lower, upper = entry.pass_hat_k_ci95_lower, entry.pass_hat_k_ci95_upper
    below = "" if lower is None or upper is None else f"<small>{lower * 100:.0f}\u2013{upper * 100:.0f}%</small>"
    return f"{percent(rate, 0)}{below}"


def _counts(entry: LeaderboardEntry) -> str:
    of = "" if entry.scored_count == entry.response_count else f" of {count_of(entry.response_count, 'answer')}"
    return f"{entry.scored_count:,}<small>{of}{', ' if of else ''}{count_of(entry.scenario_count, 'scenario')}</small>"


def _pair(
    upper: str, lower: str, say: Callable[[float], str], why_not: Callable[[LeaderboardEntry, str], str]
) -> Callable[[LeaderboardEntry], str]:
    """A cell of two numbers with their intervals to point at; `why_not` says why one of them is unknown."""

    def cell(entry: LeaderboardEntry) -> str:
        first, second = getattr(entry, upper), getattr(entry, lower)
        if first is None and second is None:
            return _missing(entry, why_not(entry, upper))
        above, below = (
            _missing(entry, why_not(entry, name)) if value is None else _with_interval(entry, name, say)
            for name, value in ((upper, first), (lower, second))
        )
        return f"{above}<small>{below}</small>"

    return cell


def _no_price(_entry: LeaderboardEntry, _name: str) -> str:
    return "no price is known"


def _no_cost(entry: LeaderboardEntry, name: str) -> str:
    if name == "cost_per_task_usd" or entry.cost_per_task_usd is None:
        return "no price is known"
    return "some costs are unknown" if entry.solved_count else "no task was solved"


def _not_timed(_entry: LeaderboardEntry, _name: str) -> str:
    return "not reported"


def _with_interval(entry: LeaderboardEntry, number: str, say: Callable[[float], str]) -> str:
    """An interval is named like its number, with its ends in place of the unit."""
    shown, stem = say(getattr(entry, number)), number.rpartition("_")[0]
    lower, upper = (getattr(entry, f"{stem}_ci95_{end}", None) for end in ("lower", "upper"))
    if lower is None or upper is None:
        return shown
    return f'<span title="95% interval {say(lower)} to {say(upper)}">{shown}</span>'


def _seconds(measure: str) -> Callable[[LeaderboardEntry], str]:
    return _pair(f"{measure}_p50_ms", f"{measure}_p95_ms", seconds, _not_timed)


def _errors(entry: LeaderboardEntry) -> str:
    if entry.error_rate is None:
        return _missing(entry, "not known")
    lower, upper = entry.error_rate_ci95_lower, entry.error_rate_ci95_upper
    below = "" if lower is None or upper is None else f"<small>{lower * 100:.1f}\u2013{upper * 100:.1f}%</small>"
    return f"{percent(entry.error_rate)}{below}"


def _last_hour(entry: LeaderboardEntry) -> str:
    if entry.last_benchmark_hour is None:
        return _missing(entry, "no hour in this window")
    return f"{entry.last_benchmark_hour:%Y-%m-%d}<small>{entry.last_benchmark_hour:%H:%M}</small>"


def _missing(entry: LeaderboardEntry, reason: str) -> str:
    nothing = _unanswered(entry)
    return missing(nothing or reason, is_said_elsewhere=nothing is not None)


def _unanswered(entry: LeaderboardEntry) -> str | None:
    if entry.response_count:
        return None
    return "no call in this window" if entry.error_rate is None else "no call was answered"
