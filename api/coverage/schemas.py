"""The shape of the coverage.

Not here: where its numbers come from (queries.py).
"""

from typing import Annotated, Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.pagination import PageQuery
from api.parameters import ProviderFilter, Simulated, TargetFilter

EXAMPLE: dict[str, Any] = {
    "meta": {
        "as_of": "2026-11-23T21:04:12Z",
        "simulated": True,
        "first_hour": "2026-11-23T19:00:00Z",
        "last_hour": "2026-11-23T20:00:00Z",
    },
    "data": [
        {
            "target_id": "sim-atlas",
            "label": "Atlas",
            "provider": "simulator",
            "is_simulated": True,
            "is_enabled": True,
            "disabled_reason": None,
            "hours": [
                {
                    "benchmark_hour": "2026-11-23T19:00:00Z",
                    "planned_count": 0,
                    "answered_count": 0,
                    "late_count": 0,
                    "reason": "not_planned",
                },
                {
                    "benchmark_hour": "2026-11-23T20:00:00Z",
                    "planned_count": 12,
                    "answered_count": 9,
                    "late_count": 0,
                    "reason": "overloaded",
                },
            ],
            "missing": [{"reason": "overloaded", "call_count": 3}],
        }
    ],
    "next_cursor": None,
}


CALENDAR_EXAMPLE: dict[str, Any] = {"meta": EXAMPLE["meta"], "data": EXAMPLE["data"][0]["hours"]}


class CoverageQuery(PageQuery):
    """How far back, and of which models."""

    hours: Annotated[
        int, Field(ge=1, le=168, description="Hours of the span, which ends with the last hour that is over.")
    ] = 48
    target_id: TargetFilter = None
    provider: ProviderFilter = None
    simulated: Simulated = "any"


class CoveredHour(BaseModel):
    """One UTC hour of one model or of all together, over all suites; a call that two suites plan counts in each."""

    benchmark_hour: AwareDatetime
    planned_count: int
    answered_count: int = Field(description="Answered on time.")
    late_count: int = Field(description="Answered outside the hour.")
    reason: str | None = Field(
        description="Why calls are missing, that of most of them; `not_planned` for an hour without a plan, "
        "`not_built` for one whose numbers are not built: the build failed or is still to come. Else null."
    )


class MissingCalls(BaseModel):
    """Calls without an answer for one reason, over the whole span."""

    reason: str
    call_count: int


class ModelCoverage(BaseModel):
    """One model's hours, oldest first, without a hole."""

    ALWAYS: ClassVar = ("target_id", "is_simulated")

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    is_enabled: bool = Field(description="Whether it is measured now.")
    disabled_reason: str | None = Field(description="Why it is not measured; null when it is.")
    hours: list[CoveredHour]
    missing: list[MissingCalls] = Field(description="Most first.")


class CoverageMeta(Meta):
    """About the whole answer."""

    first_hour: AwareDatetime
    last_hour: AwareDatetime


class CalendarQuery(BaseModel):
    """How far back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[
        int, Field(ge=1, le=92, description="UTC days of the span; the last one is that of the last hour that is over.")
    ] = 7


class CoverageCalendar(BaseModel):
    """All models' hours together, oldest first from a midnight (UTC) on, without a hole."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALENDAR_EXAMPLE]})

    meta: CoverageMeta
    data: list[CoveredHour]


class CoverageList(BaseModel):
    """Models by id."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: CoverageMeta
    data: list[ModelCoverage]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")
