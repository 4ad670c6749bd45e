"""What the pipeline may spend and what its runs came to, as HTML tables that become cards on a phone.

Not here: the style sheet (theme.css). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.coverage_table import html_table
from dashboard.app_pages.leaderboard_table import badges, missing
from dashboard.app_pages.wording import count_of, moment, percent, usd, usd_digits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.api_client import BudgetUse, Run

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
    rows = [
        (
            escape(budget.label or "All real models") + badges(is_simulated=budget.simulated, is_preliminary=False),
            PERIODS[budget.period],
            _amount(budget.spent_usd),
            _amount(budget.limit_usd),
            percent(budget.spent_usd / budget.limit_usd),
        )
        for budget in budgets
    ]
    return html_table("Budgets", ("Budget", "Period", "Spent", "Limit", "Used"), rows)


def run_table(runs: Sequence[Run]) -> str:
    rows = [
        (
            escape(JOBS.get(run.job, run.job)),
            _hours(run.first_benchmark_hour, run.last_benchmark_hour),
            moment(run.started_at) if run.started_at else missing("it has not begun"),
            _took(run),
            f"<b>{escape(STATES.get(run.status, run.status))}</b>",
        )
        for run in runs
    ]
    return html_table("Last runs", ("Run", "Hours", "Since", "Took", "State"), rows)


def _amount(amount_usd: float) -> str:
    return usd(amount_usd, min(4, usd_digits([amount_usd])))


def _hours(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return missing("it is about no hour")
    from_hour, to_hour = first.astimezone(UTC), last.astimezone(UTC)
    return f"{from_hour:%Y-%m-%d %H}:00" if first == last else f"{from_hour:%Y-%m-%d %H}:00 to {to_hour:%Y-%m-%d %H}:00"


def _took(run: Run) -> str:
    if run.started_at is None or run.ended_at is None:
        return missing("it has not ended")
    seconds = round((run.ended_at - run.started_at).total_seconds())
    return f"{seconds} s" if seconds < SECONDS_SAID else count_of(seconds // 60, "minute")
