"""The shape of reports.

Not here: where they come from (queries.py), nor who writes them (the pipeline).
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import SPAN_EXAMPLE, Meta, SpanMeta
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import Since, Until
from api.reports.queries import LISTED_REPORTS

META_EXAMPLE: dict[str, Any] = {"as_of": "2026-11-23T21:04:12Z", "simulated": None}
EXAMPLE: dict[str, Any] = {
    "report_id": "2026-11-22",
    "kind": "daily",
    "period_start": "2026-11-22T00:00:00Z",
    "period_end": "2026-11-23T00:00:00Z",
    "suite_versions": "canary:4",
    "as_of": "2026-11-22T23:00:00Z",
    "computed_at": "2026-11-23T01:05:09Z",
    "is_complete": True,
}
BODY_EXAMPLE: dict[str, Any] = {
    "suites": [
        {
            "suite": "canary",
            "suite_version": 4,
            "standings": [
                {
                    "target_id": "sim-atlas",
                    "label": "Atlas",
                    "is_simulated": True,
                    "score_mean": 8.41,
                    "score_ci95_lower": 7.02,
                    "score_ci95_upper": 9.8,
                    "scored_count": 287,
                    "scenario_count": 12,
                    "scorer_versions": "function:5, sql:2",
                    "reason": None,
                    "previous_score_mean": 8.47,
                    "move": -0.06,
                    "move_reason": None,
                }
            ],
            "coverage": {
                "target_hour_count": 24,
                "planned_count": 288,
                "answered_count": 287,
                "failed_count": 1,
                "scored_count": 287,
                "by_reason": [
                    {
                        "status": "measured",
                        "reason": None,
                        "target_hour_count": 24,
                        "planned_count": 288,
                        "answered_count": 287,
                        "failed_count": 1,
                        "scored_count": 287,
                    }
                ],
            },
        }
    ],
    "late_hours": [],
    "spend": [
        {
            "target_id": "sim-atlas",
            "is_simulated": True,
            "asked_count": 288,
            "unknown_count": 0,
            "known_usd": 0.528,
            "cost_usd": 0.528,
            "reason": None,
        }
    ],
    "changes": [],
}


class ReportsQuery(OrderedQuery):
    """Filters and order of the list of reports."""

    kind: Annotated[Literal["daily", "weekly"] | None, Field(description="Only of days, or only of weeks.")] = None
    since: Since = None
    until: Until = None
    sort: Annotated[str, SortableBy(LISTED_REPORTS), Field(description=SORT)] = "-period_start"


class ReportEntry(BaseModel):
    """One report, without what it says."""

    ALWAYS: ClassVar = ("report_id", "kind")

    report_id: str = Field(description="The day like 2026-11-23, or the ISO week like 2026-W47 (UTC).")
    kind: Literal["daily", "weekly"]
    period_start: AwareDatetime
    period_end: AwareDatetime = Field(description="Exclusive.")
    suite_versions: str = Field(description="Suites and versions that it tells of.")
    as_of: AwareDatetime | None = Field(description="Newest measured hour of the period; null where there is none.")
    computed_at: AwareDatetime
    is_complete: bool = Field(description="Whether the period had ended.")


class ReportedStanding(BaseModel):
    """A model in the period, and how far it moved from the one before."""

    target_id: str
    label: str
    is_simulated: bool
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    scored_count: int
    scenario_count: int
    scorer_versions: str | None
    reason: str | None = Field(description="Why there is no mean.")
    previous_score_mean: float | None
    move: float | None = Field(description="Only between means that rest on the same versions of suite and scorers.")
    move_reason: str | None = Field(description="Why there is no move.")


class ReportedHours(BaseModel):
    """What became of planned calls."""

    target_hour_count: int
    planned_count: int
    answered_count: int
    failed_count: int
    scored_count: int


class ReportedReason(ReportedHours):
    """The same of the hours of one status and reason."""

    status: str
    reason: str | None


class ReportedCoverage(ReportedHours):
    """The same of all hours, and by reason."""

    by_reason: list[ReportedReason]


class ReportedSuite(BaseModel):
    """One suite version in the period."""

    suite: str
    suite_version: int
    standings: list[ReportedStanding] = Field(description="Best score first.")
    coverage: ReportedCoverage


class LateHour(BaseModel):
    """An hour that was measured outside its own time."""

    benchmark_hour: AwareDatetime
    suite: str
    suite_version: int
    target_ids: list[str]


class ReportedSpend(BaseModel):
    """What the calls of a model cost."""

    target_id: str
    is_simulated: bool
    asked_count: int
    unknown_count: int
    known_usd: float | None
    cost_usd: float | None = Field(description="Null when any cost is unknown: a part is no sum.")
    reason: str | None


class ReportedChange(BaseModel):
    """Something that was otherwise before."""

    kind: str
    subject: str
    effective_at: AwareDatetime
    old_value: dict[str, Any] | None
    new_value: dict[str, Any] | None
    source: str


class Report(ReportEntry):
    """A report with what it says."""

    suites: list[ReportedSuite]
    late_hours: list[LateHour]
    spend: list[ReportedSpend]
    changes: list[ReportedChange]


class ReportList(BaseModel):
    """Reports, newest period first unless sorted otherwise."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": META_EXAMPLE | SPAN_EXAMPLE, "data": [EXAMPLE], "next_cursor": None}]}
    )

    meta: SpanMeta
    data: list[ReportEntry]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class ReportAnswer(BaseModel):
    """One report."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"meta": {**META_EXAMPLE, "simulated": True}, "data": {**EXAMPLE, **BODY_EXAMPLE}}]
        }
    )

    meta: Meta
    data: Report
