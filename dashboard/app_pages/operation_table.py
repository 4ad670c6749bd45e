"""What the pipeline may spend and what its runs came to, as HTML tables that become cards on a phone.

Not here: the style sheet (theme.css). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.tables import Column, badges, html_table, missing
from dashboard.app_pages.wording import count_of, moment, percent, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.operations import BudgetUse, Run

SECONDS_SAID = 120
"""Up to then a run's time is said in seconds."""
PERIODS = {"hour": "this hour", "day": "today", "month": "this month"}
JOBS = {
    "run_hourly_benchmark_job": "Measuring",
    "check_freshness_job": "Looking for freshness",
    "watch_prices_job": "Asking for prices",
    "discover_models_job": "Asking for models",
    "daily_report_job": "Report of the day",
    "weekly_report_job": "Report of the week",
    "rescore_job": "Grading anew",
    "rebuild_job": "Building anew",
    "retention_job": "Retention",
}
STATES = {
    "queued": "waits",
    "not_started": "waits",
    "starting": "begins",
    "started": "runs",
    "success": "done",
    "failure": "failed",
    "canceling": "is being stopped",
    "canceled": "was stopped",
}


def budget_table(budgets: Sequence[BudgetUse]) -> str:
    columns: tuple[Column[BudgetUse], ...] = (
        Column("Budget", "Whose calls it limits", _budget, is_number=False),
        Column("Period", "In UTC", lambda budget: PERIODS[budget.period], is_number=False),
        Column("Spent", "What is set aside counts too", lambda budget: _amount(budget.spent_usd)),
        Column("Limit", "Collection stops before it", lambda budget: _amount(budget.limit_usd)),
        Column("Used", "Spent of the limit", _used),
    )
    return html_table("Budgets", columns, budgets)


def run_table(runs: Sequence[Run]) -> str:
    columns: tuple[Column[Run], ...] = (
        Column("Run", "What was done", lambda run: escape(JOBS.get(run.job, run.job)), is_number=False),
        Column("Hours", "Benchmark hours that it is about", _hours, is_number=False),
        Column("Since", "When it began", _since, is_number=False),
        Column("Took", "From its begin to its end", _took),
        Column(
            "State", "As seen last", lambda run: f"<b>{escape(STATES.get(run.status, run.status))}</b>", is_number=False
        ),
    )
    return html_table("Last runs", columns, runs)


def _budget(budget: BudgetUse) -> str:
    return escape(budget.label or "All real models") + badges(*["simulated"] * budget.simulated)


def _used(budget: BudgetUse) -> str:
    """The share in numbers and as a bar, which ends where the budget does."""
    share = budget.spent_usd / budget.limit_usd
    return f'{percent(share)}<span class="used" style="--used:{min(1.0, share) * 100:.1f}%"></span>'


def _since(run: Run) -> str:
    return moment(run.started_at) if run.started_at else missing("it has not begun")


def _amount(amount_usd: float) -> str:
    return usd(amount_usd, min(4, usd_digits([amount_usd])))


def _hours(run: Run) -> str:
    first, last = run.first_benchmark_hour, run.last_benchmark_hour
    if first is None or last is None:
        return missing("it is about no hour")
    from_hour, to_hour = first.astimezone(UTC), last.astimezone(UTC)
    return f"{from_hour:%Y-%m-%d %H}:00" if first == last else f"{from_hour:%Y-%m-%d %H}:00 to {to_hour:%Y-%m-%d %H}:00"


def _took(run: Run) -> str:
    if run.started_at is None or run.ended_at is None:
        return missing("it has not ended")
    seconds = round((run.ended_at - run.started_at).total_seconds())
    return f"{seconds} s" if seconds < SECONDS_SAID else count_of(seconds // 60, "minute")
