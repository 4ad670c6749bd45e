"""Results about how targets stand: the leaderboard, comparisons and recommendations. Scores run 0-10, rates 0-1.

Not here: how they came to stand there over time (histories).
"""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - pydantic reads them at run time
from typing import Literal

from dashboard.api_client.result import Result, WindowMeta


class DayMean(Result):
    """One UTC day of one target; without a score it has a reason."""

    score_date: date
    score_mean: float | None
    scored_count: int
    reason: str | None


class LeaderboardEntry(Result):
    """One target in one window. The sparkline is None where it was not asked for."""

    target_id: str
    label: str
    provider: str
    model: str
    host: str
    quantisation: str | None
    reasoning_effort: str | None
    is_open_weights: bool
    is_simulated: bool
    is_preliminary: bool
    suite: str
    suite_version: int
    family: str
    window_start: datetime
    window_end: datetime
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    rank_ci95_lower: int | None
    rank_ci95_upper: int | None
    ranked_count: int | None
    scorer_versions: str | None
    response_count: int
    scored_count: int
    solved_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    cost_per_task_ci95_lower: float | None
    cost_per_task_ci95_upper: float | None
    cost_per_solved_task_usd: float | None
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    latency_p50_ms: float | None
    latency_p50_ci95_lower: float | None
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
    error_rate_ci95_lower: float | None
    error_rate_ci95_upper: float | None
    attempt_count: int | None
    pass_hat_k_rate: float | None
    pass_hat_k_ci95_lower: float | None
    pass_hat_k_ci95_upper: float | None
    score_change_7d: float | None
    score_change_7d_ci95_lower: float | None
    score_change_7d_ci95_upper: float | None
    is_score_change_7d_significant: bool | None
    last_benchmark_hour: datetime | None
    sparkline: tuple[DayMean, ...] | None


class LeaderboardPage(Result):
    data: tuple[LeaderboardEntry, ...]
    next_cursor: str | None


class ComparedModel(Result):
    """The standing of one of the compared targets."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    is_preliminary: bool
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    rank_ci95_lower: int | None
    rank_ci95_upper: int | None
    response_count: int
    scored_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    latency_p50_ms: float | None
    time_to_first_token_p50_ms: float | None
    error_rate: float | None


class ComparedPair(Result):
    """Two targets on the scenarios that both answered; the difference is the first one's score less the other's."""

    target_id: str
    other_target_id: str
    outcome: Literal["higher", "lower", "not_told_apart", "not_compared"]
    reason: Literal["simulated_and_real", "no_common_scenario", "no_interval"] | None
    scenario_count: int
    score_difference: float | None
    score_difference_ci95_lower: float | None
    score_difference_ci95_upper: float | None
    holm_p_value: float | None


class ScenarioMean(Result):
    """One target's mean in one scenario."""

    target_id: str
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    scored_count: int


class ComparedScenario(Result):
    """One scenario that at least one of the compared targets answered."""

    scenario_id: str
    scenario_version: int
    family: str
    title: str | None
    difficulty: str | None
    scores: tuple[ScenarioMean, ...]


class Comparison(Result):
    """Two to six targets beside each other."""

    verdict: str
    models: tuple[ComparedModel, ...]
    pairs: tuple[ComparedPair, ...]
    scenarios: tuple[ComparedScenario, ...]


class ComparisonAnswer(Result):
    meta: WindowMeta
    data: Comparison


class Recommended(Result):
    """A target that fits the limits, at its place."""

    place: int
    role: Literal["choice", "fallback"]
    group: int
    target_id: str
    label: str
    provider: str
    is_simulated: bool
    is_other_provider: bool
    is_preliminary: bool
    reasons: tuple[str, ...]
    score_mean: float
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    score_difference_to_best: float | None
    score_difference_to_best_ci95_lower: float | None
    score_difference_to_best_ci95_upper: float | None
    scored_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    cost_per_solved_task_usd: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    time_to_first_token_p50_ms: float | None
    error_rate: float | None


class ExclusionReason(Result):
    """Why a target does not fit."""

    constraint: str
    limit: float | str | None
    value: float | str | None
    detail: str


class Excluded(Result):
    """A target that does not fit, and every limit that it breaks."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    reasons: tuple[ExclusionReason, ...]


class Recommendation(Result):
    """What to take in one sentence, the targets that fit in their order, and those that do not."""

    verdict: str
    recommended: tuple[Recommended, ...]
    excluded: tuple[Excluded, ...]


class RecommendationMeta(Result):
    """What a recommendation rests on; the suite is None where nothing was measured."""

    as_of: datetime | None
    suite: str | None
    suite_version: int | None
    family: str
    window_name: str
    window_start: datetime | None
    window_end: datetime | None


class RecommendationAnswer(Result):
    meta: RecommendationMeta
    data: Recommendation
