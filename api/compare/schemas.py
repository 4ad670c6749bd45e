"""The shape of a comparison.

Not here: where its numbers come from (queries.py).
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.envelope import WindowMeta
from api.parameters import FamilyName, ListedId, SuiteName, Window

EXAMPLE: dict[str, Any] = {
    "meta": {
        "as_of": "2026-11-23T21:04:12Z",
        "simulated": True,
        "suite": "canary",
        "suite_version": 1,
        "family": "all",
        "window_name": "7d",
        "window_start": "2026-11-16T21:00:00Z",
        "window_end": "2026-11-23T21:00:00Z",
    },
    "data": {
        "verdict": "Atlas scores 1.25 points higher than Borealis on the same 12 tasks (95% interval 0.48 to 2.02).",
        "models": [
            {
                "target_id": "sim-atlas",
                "label": "Atlas",
                "provider": "simulator",
                "is_simulated": True,
                "score_mean": 8.4125,
                "score_ci95_lower": 7.0211,
                "score_ci95_upper": 9.8039,
                "score_suite_ci95_lower": 8.2011,
                "score_suite_ci95_upper": 8.6239,
                "rank_ci95_lower": 1,
                "rank_ci95_upper": 2,
                "ranked_count": 6,
                "asked_count": 2034,
                "response_count": 2016,
                "priced_count": 2016,
                "streamed_count": 2016,
                "scored_count": 1998,
                "scenario_count": 12,
                "cost_per_task_usd": 0.001834,
                "cost_per_task_ci95_lower": 0.001801,
                "cost_per_task_ci95_upper": 0.001868,
                "latency_p50_ms": 1840.5,
                "latency_p50_ci95_lower": 1802.0,
                "latency_p50_ci95_upper": 1881.5,
                "time_to_first_token_p50_ms": 412.0,
                "time_to_first_token_p50_ci95_lower": 404.5,
                "time_to_first_token_p50_ci95_upper": 420.0,
                "error_rate": 0.0089,
                "error_rate_ci95_lower": 0.0052,
                "error_rate_ci95_upper": 0.0152,
                "is_preliminary": False,
            },
            {
                "target_id": "sim-borealis",
                "label": "Borealis",
                "provider": "simulator",
                "is_simulated": True,
                "score_mean": 7.1625,
                "score_ci95_lower": 5.6711,
                "score_ci95_upper": 8.6539,
                "score_suite_ci95_lower": 6.9412,
                "score_suite_ci95_upper": 7.3838,
                "rank_ci95_lower": 2,
                "rank_ci95_upper": 4,
                "ranked_count": 6,
                "asked_count": 2034,
                "response_count": 2010,
                "priced_count": 2010,
                "streamed_count": 2010,
                "scored_count": 1990,
                "scenario_count": 12,
                "cost_per_task_usd": None,
                "cost_per_task_ci95_lower": None,
                "cost_per_task_ci95_upper": None,
                "latency_p50_ms": 1120.0,
                "latency_p50_ci95_lower": 1096.6,
                "latency_p50_ci95_upper": 1144.9,
                "time_to_first_token_p50_ms": 298.5,
                "time_to_first_token_p50_ci95_lower": 293.1,
                "time_to_first_token_p50_ci95_upper": 304.3,
                "error_rate": 0.0119,
                "error_rate_ci95_lower": 0.007,
                "error_rate_ci95_upper": 0.0203,
                "is_preliminary": False,
            },
        ],
        "pairs": [
            {
                "target_id": "sim-atlas",
                "other_target_id": "sim-borealis",
                "outcome": "higher",
                "reason": None,
                "scenario_count": 12,
                "score_difference": 1.25,
                "score_difference_ci95_lower": 0.4812,
                "score_difference_ci95_upper": 2.0188,
                "p_value": 0.0029,
                "holm_p_value": 0.0117,
                "compared_count": 15,
                "interval_method": "paired_t",
                "scorer_versions": "function:5, sql:2",
            }
        ],
        "scenarios": [
            {
                "scenario_id": "sql/monthly-net-revenue",
                "scenario_version": 1,
                "family": "sql",
                "title": "Net revenue by month",
                "difficulty": "medium",
                "scores": [
                    {
                        "target_id": "sim-atlas",
                        "score_mean": 9.5,
                        "score_ci95_lower": 9.31,
                        "score_ci95_upper": 9.69,
                        "scored_count": 166,
                    },
                    {
                        "target_id": "sim-borealis",
                        "score_mean": None,
                        "score_ci95_lower": None,
                        "score_ci95_upper": None,
                        "scored_count": 0,
                    },
                ],
            }
        ],
    },
}

SIGNIFICANCE = 0.05
"""The Holm-adjusted p-value below which two models are called different."""


def each_once(target_ids: list[str]) -> list[str]:
    """Raises ValueError for a model that is named twice."""
    if len(set(target_ids)) < len(target_ids):
        raise ValueError("each model is named once")
    return target_ids


class CompareQuery(BaseModel):
    """Which models are compared, and over what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target_id: Annotated[
        list[ListedId],
        Field(min_length=2, max_length=6, description="Two to six models by their `target_id`, each given once."),
        AfterValidator(each_once),
    ]
    window: Window = "7d"
    suite: SuiteName = "canary"
    family: FamilyName = "all"


class ComparedModel(BaseModel):
    """One model's numbers in the window. What was never measured is null, with counts of 0."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    score_mean: float | None = Field(description="0 to 10.")
    score_ci95_lower: float | None = Field(description="95% interval of the mean for tasks like these.")
    score_ci95_upper: float | None
    score_suite_ci95_lower: float | None = Field(
        description="The mean's other 95% interval: exactly these tasks on other days. Two days are needed."
    )
    score_suite_ci95_upper: float | None
    rank_ci95_lower: int | None = Field(description="Best rank that the scores allow at 95%, among `ranked_count`.")
    rank_ci95_upper: int | None = Field(description="Worst rank of the same range.")
    ranked_count: int | None
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
    latency_p50_ms: float | None
    latency_p50_ci95_lower: float | None = Field(
        description="95% interval in ms, observed times: the same tasks on other days, days being clusters; null with "
        "fewer than two days, and where these tell too little."
    )
    latency_p50_ci95_upper: float | None
    time_to_first_token_p50_ms: float | None
    time_to_first_token_p50_ci95_lower: float | None
    time_to_first_token_p50_ci95_upper: float | None
    error_rate: float | None
    error_rate_ci95_lower: float | None = Field(
        description="95% interval: other days, with days as clusters; null with fewer than two days."
    )
    error_rate_ci95_upper: float | None
    is_preliminary: bool = Field(description="Too few scenarios or hours to rest on.")


class ComparedPair(BaseModel):
    """How far the first model's scores lie above the other's on the same scenarios."""

    target_id: str
    other_target_id: str
    outcome: Literal["higher", "lower", "not_told_apart", "not_compared"] = Field(
        description=f"`higher` or `lower` when `holm_p_value` is below {SIGNIFICANCE}: the first against the other."
    )
    reason: Literal["simulated_and_real", "no_common_scenario", "no_interval"] | None = Field(
        description="Why there is nothing to tell by; null where there is an interval."
    )
    scenario_count: int = Field(description="Scenarios that both have scores for: what the interval rests on.")
    score_difference: float | None = Field(description="Mean difference, in points.")
    score_difference_ci95_lower: float | None = Field(description="95% interval of this pair alone, tasks like these.")
    score_difference_ci95_upper: float | None
    p_value: float | None
    holm_p_value: float | None = Field(
        description="Adjusted for all `compared_count` pairs of the window: those below 0.05 hold together at 95%."
    )
    compared_count: int | None
    interval_method: str | None
    scorer_versions: str | None


class ScenarioMean(BaseModel):
    """One model's mean score of a scenario."""

    target_id: str
    score_mean: float | None
    score_ci95_lower: float | None = Field(
        description="95% interval of the mean: this task on other days. Null with fewer than four days, and where all "
        "days are equal."
    )
    score_ci95_upper: float | None
    scored_count: int


class ComparedScenario(BaseModel):
    """One scenario with the models' means over the UTC days that the window touches, in the order asked."""

    scenario_id: str
    scenario_version: int
    family: str
    title: str | None
    difficulty: str | None
    scores: list[ScenarioMean]


class Comparison(BaseModel):
    """Models beside each other."""

    verdict: str = Field(description="What the differences come to, in one sentence.")
    models: list[ComparedModel] = Field(description="In the order asked.")
    pairs: list[ComparedPair] = Field(description="Every two of them, in the order asked.")
    scenarios: list[ComparedScenario] = Field(description="By id.")


class ComparisonAnswer(BaseModel):
    """A comparison."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: WindowMeta
    data: Comparison
