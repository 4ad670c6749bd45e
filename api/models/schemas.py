"""The shape of models and of a model's scores.

Not here: a model's history (history_schemas.py), nor where the numbers come from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.models.queries import LISTED_MODELS
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import (
    NAME_PATTERN,
    ProviderFilter,
    Simulated,
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
