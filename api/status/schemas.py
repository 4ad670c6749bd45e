"""The shape of the status.

Not here: where its numbers come from (queries.py).
"""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta

EXAMPLE: dict[str, Any] = {
    "meta": {"as_of": "2026-11-23T21:04:12Z", "simulated": True},
    "data": {
        "newest_benchmark_hour": "2026-11-23T20:00:00Z",
        "newest_benchmark_hour_age_s": 4210,
        "model_count": 9,
        "enabled_model_count": 6,
        "hours": 24,
        "outcomes": [
            {"outcome": "answered", "reason": None, "call_count": 1700, "scored_count": 1694},
            {"outcome": "missing", "reason": "overloaded", "call_count": 28, "scored_count": 0},
        ],
        "spending": [
            {
                "period": "day",
                "period_start": "2026-11-23",
                "simulated": True,
                "cost_usd": 1.284031,
                "unknown_model_count": 0,
            }
        ],
        "budgets": [
            {
                "model_id": None,
                "label": None,
                "period": "day",
                "period_started_at": "2026-11-23T00:00:00Z",
                "limit_usd": 20.0,
                "spent_usd": 3.25,
                "simulated": False,
            }
        ],
        "runs": [
            {
                "run_id": "753ed6bf-ca7b-4f2d-8109-a722acdc739c",
                "job": "run_hourly_benchmark_job",
                "first_benchmark_hour": "2026-11-23T20:00:00Z",
                "last_benchmark_hour": "2026-11-23T20:00:00Z",
                "status": "success",
                "requested_at": "2026-11-23T20:05:00Z",
                "started_at": "2026-11-23T20:05:04Z",
                "ended_at": "2026-11-23T20:07:41Z",
                "seen_at": "2026-11-23T20:25:03Z",
            }
        ],
    },
}


class OutcomeCount(BaseModel):
    """Planned calls of the last hours that came to one end."""

    outcome: Literal["answered", "late", "missing"] = Field(
        description="Answered on time, answered outside the hour, or not answered."
    )
    reason: str | None = Field(description="Why they are missing; null when they were answered.")
    call_count: int
    scored_count: int = Field(description="Those of them with a score that counts.")


class Spending(BaseModel):
    """What the calls of a period's benchmark hours cost, with all their attempts."""

    period: Literal["day", "month"] = Field(description="The current day or month, UTC.")
    period_start: date
    simulated: bool = Field(description="Whether it is made-up money: that of simulated models.")
    cost_usd: float | None = Field(description="Known costs; null when none is known.")
    unknown_model_count: int = Field(description="Models of which a cost is unknown and not in the sum.")


class BudgetUse(BaseModel):
    """What was spent of one budget in the current period. Late answers count in the period in which they were asked."""

    model_id: str | None = Field(description="Whose budget it is; null is that of all real models together.")
    label: str | None = Field(description="Its name; null as above.")
    period: Literal["hour", "day", "month"] = Field(description="The current hour, day or month, UTC.")
    period_started_at: AwareDatetime
    limit_usd: float
    spent_usd: float = Field(description="Spent, or set aside for calls under way.")
    simulated: bool = Field(description="Whether it is made-up money: that of a simulated model.")


class Run(BaseModel):
    """One run of the pipeline, in the state in which it was seen last."""

    run_id: str
    job: str
    first_benchmark_hour: AwareDatetime | None = Field(description="First of its hours; null where it is about none.")
    last_benchmark_hour: AwareDatetime | None = Field(description="Last of its hours, included.")
    status: str = Field(description="`queued`, `started`, `success`, `failure`, `canceled` and what lies between.")
    requested_at: AwareDatetime
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    seen_at: AwareDatetime = Field(
        description="When it was seen in this state: at most half an hour ago, if all is well."
    )


class Status(BaseModel):
    """How collection goes."""

    newest_benchmark_hour: AwareDatetime | None = Field(description="The newest measured hour; null before the first.")
    newest_benchmark_hour_age_s: int | None = Field(description="Seconds since that hour began.")
    model_count: int
    enabled_model_count: int = Field(description="Models that are measured now.")
    hours: int = Field(description="How many hours back `outcomes` reach.")
    outcomes: list[OutcomeCount] = Field(description="Planned calls by what they came to; they add up to the plan.")
    spending: list[Spending] = Field(description="Periods in which nothing was asked are left out.")
    budgets: list[BudgetUse] = Field(description="Only what has a limit; the budgets of all real models first.")
    runs: list[Run] = Field(description="The last ten, newest first.")


class StatusAnswer(BaseModel):
    """The status."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: Meta
    data: Status
