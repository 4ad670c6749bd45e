"""The statements behind recommendations.

Not here: the order (order.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

CANDIDATES: LiteralString = """
WITH newest AS (
    SELECT scores.suite, max(scores.suite_version) AS suite_version
    FROM marts.fct_leaderboard AS scores
    WHERE %(suite)s::text IS NULL OR scores.suite = %(suite)s
    GROUP BY scores.suite
),

widest AS (
    SELECT scores.suite, scores.suite_version, max(scores.as_of) AS as_of
    FROM marts.fct_leaderboard AS scores
    INNER JOIN newest ON scores.suite = newest.suite AND scores.suite_version = newest.suite_version
    WHERE scores.window_name = %(window)s AND scores.family = %(family)s AND scores.score_mean IS NOT NULL
    GROUP BY scores.suite, scores.suite_version
    ORDER BY max(scores.scenario_count) DESC, sum(scores.scored_count) DESC, scores.suite ASC
    LIMIT 1
)

SELECT
    targets.target_id, targets.label, targets.provider, targets.is_simulated, targets.is_open_weights,
    targets.is_enabled, targets.disabled_reason, targets.lifecycle, targets.input_usd_per_mtok,
    targets.output_usd_per_mtok, widest.suite, widest.suite_version, widest.as_of, scores.window_start,
    scores.window_end, scores.score_mean, scores.score_ci95_lower, scores.score_ci95_upper,
    coalesce(scores.asked_count, 0) AS asked_count, coalesce(scores.response_count, 0) AS response_count,
    coalesce(scores.priced_count, 0) AS priced_count, coalesce(scores.streamed_count, 0) AS streamed_count,
    coalesce(scores.scored_count, 0) AS scored_count, coalesce(scores.scenario_count, 0) AS scenario_count,
    scores.cost_per_task_usd, scores.cost_per_task_ci95_lower, scores.cost_per_task_ci95_upper,
    scores.cost_per_solved_task_usd, scores.latency_p50_ms, scores.latency_p50_ci95_lower,
    scores.latency_p50_ci95_upper, scores.latency_p95_ms, scores.latency_p95_ci95_lower, scores.latency_p95_ci95_upper,
    scores.time_to_first_token_p50_ms, scores.time_to_first_token_p50_ci95_lower,
    scores.time_to_first_token_p50_ci95_upper, scores.time_to_first_token_p95_ms,
    scores.time_to_first_token_p95_ci95_lower, scores.time_to_first_token_p95_ci95_upper, scores.error_rate,
    scores.error_rate_ci95_lower, scores.error_rate_ci95_upper, coalesce(scores.is_preliminary, TRUE) AS is_preliminary
FROM marts.dim_targets AS targets
CROSS JOIN widest
LEFT JOIN marts.fct_leaderboard AS scores
    ON targets.target_id = scores.target_id
    AND widest.suite = scores.suite
    AND widest.suite_version = scores.suite_version
    AND scores.family = %(family)s
    AND scores.window_name = %(window)s
ORDER BY targets.target_id ASC
"""

DIFFERENCES: LiteralString = """
SELECT
    pairs.target_id, pairs.other_target_id, pairs.score_difference, pairs.score_difference_ci95_lower,
    pairs.score_difference_ci95_upper, pairs.scenario_count
FROM marts.fct_pairwise AS pairs
WHERE pairs.window_name = %(window)s
    AND pairs.family = %(family)s
    AND pairs.suite = %(suite)s
    AND pairs.suite_version = %(suite_version)s
"""


async def candidate_rows(database: Database, *, window: str, family: str, suite: str | None = None) -> list[Row]:
    """Every target with its standing, null without one, in the suite that asks most of the family, its newest version.

    No rows when no target has a score.
    """
    return await database.fetch_all(CANDIDATES, {"window": window, "family": family, "suite": suite})


async def difference_rows(database: Database, *, window: str, family: str, suite: str, suite_version: int) -> list[Row]:
    """The paired difference of every two targets; `target_id` is the one that sorts first."""
    return await database.fetch_all(
        DIFFERENCES, {"window": window, "family": family, "suite": suite, "suite_version": suite_version}
    )
