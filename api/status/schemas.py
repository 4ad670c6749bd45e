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


class Status(BaseModel):
    """How collection goes."""

    newest_benchmark_hour: AwareDatetime | None = Field(description="The newest measured hour; null before the first.")
    newest_benchmark_hour_age_s: int | None = Field(description="Seconds since that hour began.")
    model_count: int
    enabled_model_count: int = Field(description="Models that are measured now.")
    hours: int = Field(description="How many hours back `outcomes` reach.")
    outcomes: list[OutcomeCount] = Field(description="Planned calls by what they came to; they add up to the plan.")
    spending: list[Spending] = Field(description="Periods in which nothing was asked are left out.")


class StatusAnswer(BaseModel):
    """The status."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: Meta
    data: Status
