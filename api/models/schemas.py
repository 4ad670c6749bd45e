"""The shape of models, of a model's scores and of its history.

Not here: where the numbers come from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.pagination import PageQuery
from api.parameters import FamilyName, Granularity, ProviderFilter, Simulated, SuiteName, Window

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
    "response_count": 2016,
    "scored_count": 1998,
    "scenario_count": 12,
    "cost_per_task_usd": 0.001834,
    "latency_p50_ms": 1840.5,
    "time_to_first_token_p50_ms": 412.0,
    "error_rate": 0.0089,
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
    "cost_usd": 0.022008,
    "input_tokens": 5210,
    "output_tokens": 2840,
    "latency_p50_ms": 1792.0,
    "time_to_first_token_p50_ms": 405.5,
    "planned_hour_count": None,
    "measured_hour_count": None,
    "is_simulated": True,
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
}


class ModelsQuery(PageQuery):
    """Filters of the list of models."""

    provider: ProviderFilter = None
    simulated: Simulated = "any"


class ModelQuery(BaseModel):
    """What may be asked of one model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: Window = "7d"


class HistoryQuery(BaseModel):
    """Which part of a model's history is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    granularity: Granularity = "hour"
    days: Annotated[int, Field(ge=1, le=90, description="Days back from the end of the newest planned hour.")] = 7
    suite: SuiteName = "canary"
    family: FamilyName = "all"


class Model(BaseModel):
    """A measured model on one host: two hosts of the same weights are two of these."""

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
    response_count: int
    scored_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    latency_p50_ms: float | None
    time_to_first_token_p50_ms: float | None
    error_rate: float | None
    last_benchmark_hour: AwareDatetime | None
    is_simulated: bool
    is_preliminary: bool


class ModelDetail(Model):
    """A model with its numbers in the window that was asked for."""

    scores: list[ModelScore] = Field(description="Per suite and family; the whole suite (`all`) first.")


class HistoryPoint(BaseModel):
    """One hour or day. A gap is a point too: null score, with a status and a reason."""

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
    cost_usd: float | None
    input_tokens: int | None
    output_tokens: int | None
    latency_p50_ms: float | None
    time_to_first_token_p50_ms: float | None
    planned_hour_count: int | None = Field(description="Only for days; null for hours.")
    measured_hour_count: int | None = Field(description="Only for days; null for hours.")
    is_simulated: bool


class HistoryMeta(Meta):
    """About the whole history. The window is null when nothing was ever planned."""

    target_id: str
    granularity: Granularity
    suite: str
    suite_versions: list[int]
    family: str
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None = Field(description="Exclusive.")


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
