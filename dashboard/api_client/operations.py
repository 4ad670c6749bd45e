"""Results about how measuring goes: freshness, coverage, spending, budgets and runs.

Not here: what was measured.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time
from typing import Literal

from dashboard.api_client.result import Result


class OutcomeCount(Result):
    """Planned calls of the last hours that came to one end; a reason where they are missing."""

    outcome: Literal["answered", "late", "missing"]
    reason: str | None
    call_count: int
    scored_count: int


class Spending(Result):
    """What the calls of the current day or month cost; simulated models' costs are made up and stand apart."""

    period: Literal["day", "month"]
    simulated: bool
    cost_usd: float | None
    unknown_model_count: int


class BudgetUse(Result):
    """What was spent of a budget in the current hour, day or month; without a label that of all real models."""

    label: str | None
    period: Literal["hour", "day", "month"]
    limit_usd: float
    spent_usd: float
    simulated: bool


class Run(Result):
    """One run of the pipeline, as it was seen last."""

    job: str
    first_benchmark_hour: datetime | None
    last_benchmark_hour: datetime | None
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    seen_at: datetime


class Status(Result):
    """How collection goes."""

    newest_benchmark_hour: datetime | None
    model_count: int
    enabled_model_count: int
    hours: int
    outcomes: tuple[OutcomeCount, ...]
    spending: tuple[Spending, ...]
    budgets: tuple[BudgetUse, ...]
    runs: tuple[Run, ...]


class CoveredHour(Result):
    """One UTC hour of one model or all: planned calls, those answered on time and late, and why others are missing."""

    benchmark_hour: datetime
    planned_count: int
    answered_count: int
    late_count: int
    reason: str | None


class MissingCalls(Result):
    """Calls without an answer for one reason, over the whole span."""

    reason: str
    call_count: int


class ModelCoverage(Result):
    """One model's last hours, oldest first and without a hole."""

    target_id: str
    label: str
    is_simulated: bool
    is_enabled: bool
    disabled_reason: str | None
    hours: tuple[CoveredHour, ...]
    missing: tuple[MissingCalls, ...]


class StatusAnswer(Result):
    data: Status


class CoveragePage(Result):
    data: tuple[ModelCoverage, ...]
    next_cursor: str | None


class CoverageCalendar(Result):
    """All models' hours together, oldest first from a midnight on and without a hole."""

    data: tuple[CoveredHour, ...]
