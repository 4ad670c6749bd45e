"""What planned calls came to, model by model and over all, as HTML tables that become cards on a phone.

Not here: the style sheet (theme.css). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link
from dashboard.app_pages.wording import count_of, percent, reason_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.operations import MissingCalls, ModelCoverage, OutcomeCount

OUTCOMES = {"answered": "answered on time", "late": "answered late"}


def coverage_table(models: Sequence[ModelCoverage]) -> str:
    columns: tuple[Column[ModelCoverage], ...] = (
        Column("Model", "Follow it to its trend", _name, is_number=False),
        Column("Planned calls", "Calls that were to be made", lambda model: f"{_planned(model):,}"),
        Column("Answered", "Share that was answered on time", _answered),
        Column("Late", "Calls answered after their hour", _late),
        Column("Missing, by reason", "Calls without an answer", lambda model: _reasons(model.missing), is_number=False),
    )
    return html_table("Coverage by model", columns, models)


def outcome_table(outcomes: Sequence[OutcomeCount]) -> str:
    planned = sum(outcome.call_count for outcome in outcomes)
    columns: tuple[Column[OutcomeCount], ...] = (
        Column("Outcome", "What calls came to", _outcome, is_number=False),
        Column("Calls", "Planned calls that came to it", lambda outcome: f"{outcome.call_count:,}"),
        Column("Share", "Of all planned calls", lambda outcome: percent(outcome.call_count / planned)),
        Column("Scored", "Answers that were graded", lambda outcome: f"{outcome.scored_count:,}"),
    )
    return html_table("Calls by outcome", columns, sorted(outcomes, key=lambda outcome: -outcome.call_count))


def skipped_table(skipped: Sequence[ModelCoverage]) -> str:
    columns = (
        Column("Model", "Follow it to its trend", _name, is_number=False),
        Column("Why it is not measured", "As it was recorded", _skipped_reason, is_number=False),
    )
    return html_table("Models that are not measured", columns, skipped)


def _outcome(outcome: OutcomeCount) -> str:
    return escape(OUTCOMES.get(outcome.outcome) or reason_in_words(outcome.reason or "unknown"))


def _skipped_reason(model: ModelCoverage) -> str:
    return f"<small>{escape(model.disabled_reason or 'no reason was recorded')}</small>"


def _planned(model: ModelCoverage) -> int:
    return sum(hour.planned_count for hour in model.hours)


def _late(model: ModelCoverage) -> str:
    return f"{sum(hour.late_count for hour in model.hours):,}"


def _answered(model: ModelCoverage) -> str:
    planned = _planned(model)
    answered = sum(hour.answered_count for hour in model.hours)
    return percent(answered / planned) if planned else missing("no call was planned")


def _name(model: ModelCoverage) -> str:
    marks = badges(*["simulated"] * model.is_simulated)
    return page_link("model-trend", model.label, model=model.target_id) + marks


def _reasons(found: Sequence[MissingCalls]) -> str:
    said = "; ".join(f"{reason_in_words(each.reason)}, {count_of(each.call_count, 'call')}" for each in found)
    return f"<small>{escape(said or 'none')}</small>"
