"""The shape of recommendations.

Not here: where their numbers come from (queries.py), nor the order (order.py).
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.parameters import Ceiling, FamilyName, SuiteFilter, Window

EXAMPLE: dict[str, Any] = {
    "meta": {
        "as_of": "2026-11-23T21:04:12Z",
        "simulated": True,
        "suite": "core",
        "suite_version": 3,
        "family": "sql",
        "window_name": "30d",
        "window_start": "2026-10-24T21:00:00Z",
        "window_end": "2026-11-23T21:00:00Z",
    },
    "data": {
        "verdict": "Take Borealis: none of the 5 models that fit scores demonstrably higher, and it comes first by "
        "cost of those that can't be told from the best.",
        "recommended": [
            {
                "place": 1,
                "role": "choice",
                "group": 1,
                "target_id": "sim-borealis",
                "label": "Borealis",
                "provider": "simulator",
                "is_simulated": True,
                "is_other_provider": False,
                "reasons": ["can't be told from Atlas, which has the highest mean", "the cheapest of its group"],
                "score_mean": 8.31,
                "score_ci95_lower": 7.02,
                "score_ci95_upper": 9.6,
                "score_difference_to_best": -0.22,
                "score_difference_to_best_ci95_lower": -0.71,
                "score_difference_to_best_ci95_upper": 0.27,
                "asked_count": 484,
                "response_count": 480,
                "priced_count": 480,
                "streamed_count": 480,
                "scored_count": 476,
                "scenario_count": 4,
                "cost_per_task_usd": 0.000912,
                "cost_per_task_ci95_lower": 0.000896,
                "cost_per_task_ci95_upper": 0.000929,
                "cost_per_solved_task_usd": 0.00121,
                "input_usd_per_mtok": 1.5,
                "output_usd_per_mtok": 7.5,
                "latency_p50_ms": 1120.0,
                "latency_p50_ci95_lower": 1096.6,
                "latency_p50_ci95_upper": 1144.9,
                "latency_p95_ms": 2450.0,
                "latency_p95_ci95_lower": 2367.0,
                "latency_p95_ci95_upper": 2563.0,
                "time_to_first_token_p50_ms": 298.5,
                "time_to_first_token_p50_ci95_lower": 293.1,
                "time_to_first_token_p50_ci95_upper": 304.3,
                "time_to_first_token_p95_ms": 611.0,
                "time_to_first_token_p95_ci95_lower": 586.4,
                "time_to_first_token_p95_ci95_upper": 644.0,
                "error_rate": 0.0083,
                "error_rate_ci95_lower": 0.0048,
                "error_rate_ci95_upper": 0.0142,
                "is_preliminary": False,
            }
        ],
        "excluded": [
            {
                "target_id": "sim-flint",
                "label": "Flint",
                "provider": "simulator",
                "is_simulated": True,
                "reasons": [
                    {"constraint": "max_error_rate", "limit": 0.02, "value": 0.071, "detail": "error_rate is 0.071"}
                ],
            }
        ],
    },
}


class RecommendationsQuery(BaseModel):
    """The work, and the limits within which a model fits. What is unknown does not fit a limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: FamilyName = "all"
    window: Window = "7d"
    suite: SuiteFilter = None
    min_score_mean: Annotated[
        float | None, Field(ge=0, le=10, allow_inf_nan=False, description="At least this mean score.")
    ] = None
    max_cost_per_task_usd: Ceiling = None
    max_input_usd_per_mtok: Ceiling = None
    max_output_usd_per_mtok: Ceiling = None
    max_latency_p50_ms: Ceiling = None
    max_latency_p95_ms: Ceiling = None
    max_time_to_first_token_p50_ms: Ceiling = None
    max_time_to_first_token_p95_ms: Ceiling = None
    max_error_rate: Annotated[
        float | None, Field(ge=0, le=1, allow_inf_nan=False, description="At most this share of failed calls, 0 to 1.")
    ] = None
    open_weights: Annotated[
        Literal["true", "false", "any"], Field(description="Only models with published weights, only others, or any.")
    ] = "any"
    simulated: Annotated[
        Literal["true", "false", "auto"],
        Field(
            description="Only simulated models, only real ones, or `auto`: real ones, simulated where there are none."
        ),
    ] = "auto"
    limit: Annotated[int, Field(ge=1, le=50, description="The choice and so many fallbacks, together.")] = 5


class Recommended(BaseModel):
    """A model that fits, at its place."""

    place: int
    role: Literal["choice", "fallback"]
    group: int = Field(description="Those of one group can't be told apart by their scores; group 1 is the best.")
    target_id: str
    label: str
    provider: str
    is_simulated: bool
    is_other_provider: bool = Field(description="Whether it stands when the provider of the choice does not.")
    reasons: list[str] = Field(description="Why it stands at this place.")
    score_mean: float
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    score_difference_to_best: float | None = Field(
        description="Paired difference to the model with the highest mean of those that fit; null for itself, and "
        "where the two were not compared."
    )
    score_difference_to_best_ci95_lower: float | None
    score_difference_to_best_ci95_upper: float | None
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
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
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
    is_preliminary: bool


class ExclusionReason(BaseModel):
    """One limit that a model does not keep to."""

    constraint: str = Field(description="The parameter that it fails, or `enabled`, `scored`, `kind`.")
    limit: float | str | None
    value: float | str | None = Field(description="Null is unknown.")
    detail: str


class Excluded(BaseModel):
    """A model that does not fit, and why."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    reasons: list[ExclusionReason]


class Recommendation(BaseModel):
    """The choice, what to fall back to, and what was left out."""

    verdict: str
    recommended: list[Recommended] = Field(description="The choice first, then fallbacks; empty when nothing fits.")
    excluded: list[Excluded] = Field(description="By id.")


class RecommendationMeta(Meta):
    """About the numbers that it rests on. Suite and window are null when no model has a score."""

    suite: str | None = Field(
        description="The suite that counts; without one named, that which asks most of the family."
    )
    suite_version: int | None
    family: str
    window_name: str
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None = Field(description="Exclusive.")


class RecommendationAnswer(BaseModel):
    """A recommendation."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: RecommendationMeta
    data: Recommendation
