"""The shape of models, of a model's scores and of its history.

Not here: where the numbers come from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.models.queries import LISTED_MODELS
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import (
    NAME_PATTERN,
    FamilyName,
    Granularity,
    ProviderFilter,
    Simulated,
    Since,
    SuiteName,
    Until,
    Window,
)

MODEL_EXAMPLE: dict[str, Any] = {
    "target_id": "sim-atlas",
    "label": "Atlas (simulated)",
    "provider": "simulator",
    "model": "atlas",
    "host": "simulator",
    "quantisation": None,
    "reasoning_effort": None,
    "is_simulated": True,
    "is_open_weights": False,
    "lifecycle": "stable",
    "successor": None,
    "training_cutoff": None,
    "is_enabled": True,
    "disabled_reason": None,
    "first_answered_at": "2026-11-09T21:00:02Z",
    "last_answered_at": "2026-11-23T20:00:04Z",
    "input_usd_per_mtok": 3.0,
    "output_usd_per_mtok": 15.0,
    "price_valid_from": "2026-10-01T00:00:00Z",
}
SCORE_EXAMPLE: dict[str, Any] = {
    "suite": "canary",
    "suite_version": 1,
    "family": "all",
    "window_name": "7d",
    "window_start": "2026-11-16T21:00:00Z",
    "window_end": "2026-11-23T21:00:00Z",
    "as_of": "2026-11-23T21:04:12Z",
    "score_mean": 8.4125,
    "score_sd": 2.9113,
    "score_ci95_lower": 7.0211,
    "score_ci95_upper": 9.8039,
    "score_suite_ci95_lower": 8.2011,
    "score_suite_ci95_upper": 8.6239,
    "rank_ci95_lower": 1,
    "rank_ci95_upper": 2,
    "ranked_count": 6,
    "scorer_versions": "function:5, sql:2",
    "asked_count": 2034,
    "response_count": 2016,
    "priced_count": 2016,
    "streamed_count": 2016,
    "scored_count": 1998,
    "scenario_count": 12,
    "cost_per_task_usd": 0.001834,
    "cost_per_task_ci95_lower": 0.001801,
    "cost_per_task_ci95_upper": 0.001868,
    "cost_per_solved_task_usd": 0.002637,
    "latency_p50_ms": 1840.5,
    "latency_p50_ci95_lower": 1802.0,
    "latency_p50_ci95_upper": 1881.5,
    "latency_p95_ms": 4120.0,
    "latency_p95_ci95_lower": 3980.5,
    "latency_p95_ci95_upper": 4310.0,
    "time_to_first_token_p50_ms": 412.0,
    "time_to_first_token_p50_ci95_lower": 404.5,
    "time_to_first_token_p50_ci95_upper": 420.0,
    "time_to_first_token_p95_ms": 980.5,
    "time_to_first_token_p95_ci95_lower": 941.0,
    "time_to_first_token_p95_ci95_upper": 1033.5,
    "error_rate": 0.0089,
    "error_rate_ci95_lower": 0.0052,
    "error_rate_ci95_upper": 0.0152,
    "last_benchmark_hour": "2026-11-23T20:00:00Z",
    "is_simulated": True,
    "is_preliminary": False,
}
META_EXAMPLE: dict[str, Any] = {"as_of": "2026-11-23T21:04:12Z", "simulated": True}
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


class ModelsQuery(OrderedQuery):
    """Filters and order of the list of models."""

    provider: ProviderFilter = None
    lifecycle: Annotated[
        str | None, Field(pattern=NAME_PATTERN, description="Only in this stage of life, such as `deprecated`.")
    ] = None
    open_weights: Annotated[
        Literal["true", "false", "any"], Field(description="Only models with published weights, only others, or any.")
    ] = "any"
    enabled: Annotated[
        Literal["true", "false", "any"], Field(description="Only models that are measured now, only others, or any.")
    ] = "any"
    simulated: Simulated = "any"
    sort: Annotated[str, SortableBy(LISTED_MODELS), Field(description=SORT)] = "target_id"


class ModelQuery(BaseModel):
    """What may be asked of one model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: Window = "7d"


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


class Model(BaseModel):
    """A measured model on one host: two hosts of the same weights are two of these."""

    ALWAYS: ClassVar = ("target_id", "is_simulated")

    target_id: str
    label: str
    provider: str
    model: str = Field(description="The provider's name of the model.")
    host: str
    quantisation: str | None
    reasoning_effort: str | None
    is_simulated: bool
    is_open_weights: bool
    lifecycle: str
    successor: str | None = Field(description="The model that takes its place; null is none or unknown.")
    training_cutoff: date | None
    is_enabled: bool
    disabled_reason: str | None = Field(description="Why it is not measured now; null when it is.")
    first_answered_at: AwareDatetime | None
    last_answered_at: AwareDatetime | None
    input_usd_per_mtok: float | None = Field(description="USD per million tokens now; null is unknown, never 0.")
    output_usd_per_mtok: float | None
    price_valid_from: AwareDatetime | None


class ModelScore(BaseModel):
    """A model's numbers in one window, of one suite version and family."""

    suite: str
    suite_version: int
    family: str
    window_name: str
    window_start: AwareDatetime
    window_end: AwareDatetime = Field(description="Exclusive.")
    as_of: AwareDatetime | None
    score_mean: float | None = Field(description="0 to 10; null when nothing could be scored.")
    score_sd: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    score_suite_ci95_lower: float | None = Field(
        description="The mean's other 95% interval: exactly these tasks on other days; null with fewer than two days."
    )
    score_suite_ci95_upper: float | None
    rank_ci95_lower: int | None = Field(description="Best rank that the scores allow at 95%, among `ranked_count`.")
    rank_ci95_upper: int | None = Field(description="Worst rank of the same range.")
    ranked_count: int | None
    scorer_versions: str | None
    asked_count: int = Field(description="Calls answered or failed in time: what `error_rate` rests on.")
    response_count: int = Field(description="Calls answered in time: what latencies rest on.")
    priced_count: int = Field(description="Those of known cost: what `cost_per_task_usd` rests on.")
    streamed_count: int = Field(description="Those whose first token was timed: what times to it rest on.")
    scored_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    cost_per_task_ci95_lower: float | None = Field(
        description="95% interval: the same tasks on other days, with days as clusters; null with fewer than two days, "
        "and where these are all alike."
    )
    cost_per_task_ci95_upper: float | None
    cost_per_solved_task_usd: float | None
    latency_p50_ms: float | None
    latency_p50_ci95_lower: float | None = Field(
        description="95% interval in ms, observed times: the same tasks on other days, days being clusters; null with "
        "fewer than two days, and where these tell too little."
    )
    latency_p50_ci95_upper: float | None
    latency_p95_ms: float | None
    latency_p95_ci95_lower: float | None
    latency_p95_ci95_upper: float | None
    time_to_first_token_p50_ms: float | None
    time_to_first_token_p50_ci95_lower: float | None
    time_to_first_token_p50_ci95_upper: float | None
    time_to_first_token_p95_ms: float | None
    time_to_first_token_p95_ci95_lower: float | None
    time_to_first_token_p95_ci95_upper: float | None
    error_rate: float | None
    error_rate_ci95_lower: float | None = Field(
        description="95% interval: other days, with days as clusters; null with fewer than two days."
    )
    error_rate_ci95_upper: float | None
    last_benchmark_hour: AwareDatetime | None
    is_simulated: bool
    is_preliminary: bool


class ModelDetail(Model):
    """A model with its numbers in the window that was asked for."""

    scores: list[ModelScore] = Field(description="Per suite and family; the whole suite (`all`) first.")


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
    reason: str | None = Field(description="Why it is not `measured`: `not_planned`, `not_answered`, an error code, …")
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


class ModelList(BaseModel):
    """Models by id."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": META_EXAMPLE, "data": [MODEL_EXAMPLE], "next_cursor": None}]}
    )

    meta: Meta
    data: list[Model]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class ModelAnswer(BaseModel):
    """One model."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": META_EXAMPLE, "data": {**MODEL_EXAMPLE, "scores": [SCORE_EXAMPLE]}}]}
    )

    meta: Meta
    data: ModelDetail


class History(BaseModel):
    """A model's numbers over time, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": HISTORY_META_EXAMPLE, "data": [POINT_EXAMPLE, GAP_EXAMPLE]}]}
    )

    meta: HistoryMeta
    data: list[HistoryPoint]
