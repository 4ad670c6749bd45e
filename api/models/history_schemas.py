"""The shape of a model's history.

Not here: models and their scores in windows (schemas.py), nor where the numbers come from (queries.py).
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.models.schemas import META_EXAMPLE
from api.parameters import FamilyName, Granularity, Since, SuiteName, Until

POINT_EXAMPLE: dict[str, Any] = {
    "period_start": "2026-11-23T19:00:00Z",
    "suite_version": 1,
    "status": "measured",
    "reason": None,
    "planned_count": 12,
    "answered_count": 12,
    "failed_count": 0,
    "scored_count": 12,
    "scenario_count": 12,
    "score_mean": 8.5,
    "score_sd": 2.8123,
    "score_ci95_lower": 6.9102,
    "score_ci95_upper": 10.0,
    "scorer_versions": "function:5, sql:2",
    "cost_usd": 0.022008,
    "input_tokens": 5210,
    "output_tokens": 2840,
    "latency_p50_ms": 1792.0,
    "time_to_first_token_p50_ms": 405.5,
    "planned_hour_count": None,
    "measured_hour_count": None,
    "is_simulated": True,
    "percentiles": None,
    "reliability": None,
    "baseline_score_mean": None,
}
GAP_EXAMPLE: dict[str, Any] = {
    **dict.fromkeys(POINT_EXAMPLE),
    "period_start": "2026-11-23T20:00:00Z",
    "suite_version": 1,
    "status": "missing",
    "reason": "overloaded",
    "planned_count": 12,
    "answered_count": 0,
    "failed_count": 12,
    "scored_count": 0,
    "scenario_count": 0,
    "is_simulated": True,
}
HISTORY_META_EXAMPLE: dict[str, Any] = {
    **META_EXAMPLE,
    "target_id": "sim-atlas",
    "granularity": "hour",
    "suite": "canary",
    "suite_versions": [1],
    "family": "all",
    "window_start": "2026-11-16T21:00:00Z",
    "window_end": "2026-11-23T21:00:00Z",
    "launch_score_mean": None,
}


MOST_DAYS = {"hour": 92, "day": 3660, "week": 3660}
"""The longest span of one answer by its granularity."""


class HistoryQuery(BaseModel):
    """Which part of a model's history is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    granularity: Granularity = "hour"
    days: Annotated[
        int,
        Field(
            ge=1,
            le=366,
            description="Days back from `until`, or from the end of the newest planned hour. By hour at "
            f"most {MOST_DAYS['hour']}.",
        ),
    ] = 7
    since: Annotated[Since, Field(description="From this moment on, with its time zone; in place of `days`.")] = None
    until: Until = None
    suite: SuiteName = "canary"
    family: FamilyName = "all"
    include: Annotated[
        list[Literal["percentiles", "reliability", "baseline"]],
        Field(
            max_length=3,
            description="Adds to every point how fast answers were, what became of calls, or the mean of days before.",
        ),
    ] = []


class SpeedPercentiles(BaseModel):
    """Observed times that so many percent of the answers on time did not exceed; mind `answered_count`."""

    answered_count: int
    streamed_count: int = Field(description="Those of them whose first token was timed.")
    latency_p50_ms: float | None
    latency_p90_ms: float | None
    latency_p95_ms: float | None
    latency_p99_ms: float | None
    time_to_first_token_p50_ms: float | None
    time_to_first_token_p90_ms: float | None
    time_to_first_token_p95_ms: float | None
    time_to_first_token_p99_ms: float | None
    output_speed_p50_tokens_per_s: float | None


class Reliability(BaseModel):
    """What became of the calls that were made."""

    asked_count: int
    failed_count: int
    first_try_count: int
    retry_count: int
    error_rate: float | None = Field(description="Failed calls by calls made, 0 to 1; null when none was made.")
    first_try_rate: float | None = Field(description="Calls answered at the first request by calls made.")
    graded_count: int
    refusal_count: int
    truncated_count: int
    format_ok_count: int


class HistoryPoint(BaseModel):
    """One hour, day or week. A gap is a point too: null score, with a status and a reason."""

    ALWAYS: ClassVar = (
        "period_start",
        "suite_version",
        "status",
        "reason",
        "answered_count",
        "scored_count",
        "is_simulated",
    )

    period_start: AwareDatetime
    suite_version: int = Field(description="A change of version is a break: the two sides are not compared.")
    status: Literal["measured", "missing", "late"] = Field(
        description="`late` was measured after its own hour and is kept out of trends."
    )
    reason: str | None = Field(
        description="Why it is not `measured`: `not_planned`, `not_built`, `not_answered`, an error code, …"
    )
    planned_count: int
    answered_count: int
    failed_count: int
    scored_count: int
    scenario_count: int
    score_mean: float | None
    score_sd: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    scorer_versions: str | None = Field(description="Means with different ones are not compared.")
    cost_usd: float | None
    input_tokens: int | None
    output_tokens: int | None
    latency_p50_ms: float | None = Field(
        description="Median of the answers on time; of a week, as in `percentiles`, an observed time, of an hour or a "
        "day with an even number of them the mean of the two in the middle."
    )
    time_to_first_token_p50_ms: float | None = Field(description="The same of those whose first token was timed.")
    planned_hour_count: int | None = Field(description="Null for hours.")
    measured_hour_count: int | None = Field(description="Null for hours.")
    is_simulated: bool
    percentiles: SpeedPercentiles | None = Field(
        description="Null unless `include=percentiles`, for hours of a family, and without a timely answer."
    )
    reliability: Reliability | None = Field(
        description="Null unless `include=reliability`, of a family, and without a planned call."
    )
    baseline_score_mean: float | None = Field(
        description="Mean of the seven UTC days before the day on which the period begins, by the same scorers. Null "
        "unless `include=baseline`, and where fewer than three of them were scored."
    )


class HistoryMeta(Meta):
    """About the whole history. The window is null when nothing was ever planned."""

    target_id: str
    granularity: Granularity
    suite: str
    suite_versions: list[int]
    family: str
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None = Field(description="Exclusive.")
    launch_score_mean: float | None = Field(
        description="The level of the first weeks, which stays and which changes are told against. Null unless "
        "`include=baseline`, of a family, of what is not watched, and where it began before the days of your tier."
    )


class History(BaseModel):
    """A model's numbers over time, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": HISTORY_META_EXAMPLE, "data": [POINT_EXAMPLE, GAP_EXAMPLE]}]}
    )

    meta: HistoryMeta
    data: list[HistoryPoint]
