"""What planned calls came to, model by model and over all, as HTML tables that become cards on a phone.

Not here: the style sheet (theme.css). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dashboard.app_pages.leaderboard_table import badges, missing
from dashboard.app_pages.wording import count_of, percent, reason_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client import MissingCalls, ModelCoverage, OutcomeCount

OUTCOMES = {"answered": "answered on time", "late": "answered late"}


def coverage_table(models: Sequence[ModelCoverage]) -> str:
    headings = ("Model", "Planned calls", "Answered", "Late", "Missing, by reason")
    return html_table("Coverage by model", headings, [_model_cells(model) for model in models])


def outcome_table(outcomes: Sequence[OutcomeCount]) -> str:
    planned = sum(outcome.call_count for outcome in outcomes)
    rows = [
        (
            escape(OUTCOMES.get(outcome.outcome) or reason_in_words(outcome.reason or "unknown")),
            f"{outcome.call_count:,}",
            percent(outcome.call_count / planned),
            f"{outcome.scored_count:,}",
        )
        for outcome in sorted(outcomes, key=lambda outcome: -outcome.call_count)
    ]
    return html_table("Calls by outcome", ("Outcome", "Calls", "Share", "Scored"), rows)


def skipped_table(skipped: Sequence[ModelCoverage]) -> str:
    rows = [
        (_name(model), f"<small>{escape(model.disabled_reason or 'no reason was recorded')}</small>")
        for model in skipped
    ]
    return html_table("Models that are not measured", ("Model", "Why it is not measured"), rows)


def _model_cells(model: ModelCoverage) -> tuple[str, ...]:
    planned = sum(hour.planned_count for hour in model.hours)
    answered = sum(hour.answered_count for hour in model.hours)
    late = sum(hour.late_count for hour in model.hours)
    share = percent(answered / planned) if planned else missing("no call was planned")
    return _name(model), f"{planned:,}", share, f"{late:,}", _reasons(model.missing)


def _name(model: ModelCoverage) -> str:
    address = escape(urlencode({"model": model.target_id}))
    marks = badges(is_simulated=model.is_simulated, is_preliminary=False)
    return f'<a href="model-trend?{address}" target="_self">{escape(model.label)}</a>{marks}'


def _reasons(found: Sequence[MissingCalls]) -> str:
    said = "; ".join(f"{reason_in_words(each.reason)}, {count_of(each.call_count, 'call')}" for each in found)
    return f"<small>{escape(said or 'none')}</small>"


def html_table(name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    numbers = {"Planned calls", "Answered", "Late", "Calls", "Share", "Scored", "Spent", "Limit", "Used", "Took"}

    def kind(heading: str) -> str:
        return ' class="number"' if heading in numbers else ""

    head = "".join(f'<th scope="col"{kind(heading)}>{heading}</th>' for heading in headings)
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(
            f'<td{kind(heading)} data-label="{heading}"><span>{cell}</span></td>'
            for heading, cell in zip(headings[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<div class="board-frame" role="region" aria-label="{name}" tabindex="0">'
        f'<table class="board"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
