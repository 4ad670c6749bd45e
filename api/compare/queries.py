"""The statements behind a comparison.

Not here: what it comes to in words (verdict.py), nor how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.database import Database, Row

STANDINGS: LiteralString = """
SELECT
    targets.target_id, targets.label, targets.provider, targets.is_simulated, scores.suite_version, scores.window_start,
    scores.window_end, scores.as_of, scores.score_mean, scores.score_ci95_lower, scores.score_ci95_upper,
    scores.score_suite_ci95_lower, scores.score_suite_ci95_upper, scores.rank_ci95_lower, scores.rank_ci95_upper,
    scores.ranked_count, coalesce(scores.asked_count, 0) AS asked_count,
    coalesce(scores.response_count, 0) AS response_count, coalesce(scores.priced_count, 0) AS priced_count,
    coalesce(scores.streamed_count, 0) AS streamed_count, coalesce(scores.scored_count, 0) AS scored_count,
    coalesce(scores.scenario_count, 0) AS scenario_count, scores.cost_per_task_usd, scores.cost_per_task_ci95_lower,
    scores.cost_per_task_ci95_upper, scores.latency_p50_ms, scores.latency_p50_ci95_lower,
    scores.latency_p50_ci95_upper, scores.time_to_first_token_p50_ms, scores.time_to_first_token_p50_ci95_lower,
    scores.time_to_first_token_p50_ci95_upper, scores.error_rate, scores.error_rate_ci95_lower,
    scores.error_rate_ci95_upper, coalesce(scores.is_preliminary, TRUE) AS is_preliminary
FROM marts.dim_targets AS targets
LEFT JOIN marts.fct_leaderboard AS scores
    ON targets.target_id = scores.target_id
    AND scores.suite = %(suite)s
    AND scores.suite_version = (
        SELECT max(newest.suite_version) FROM marts.fct_leaderboard AS newest WHERE newest.suite = %(suite)s
    )
    AND scores.family = %(family)s
    AND scores.window_name = %(window)s
WHERE targets.target_id = any(%(target_ids)s)
"""

PAIRS: LiteralString = """
SELECT
    pairs.target_id, pairs.other_target_id, pairs.scenario_count, pairs.score_difference,
    pairs.score_difference_ci95_lower, pairs.score_difference_ci95_upper, pairs.p_value, pairs.holm_p_value,
    pairs.compared_count, pairs.interval_method, pairs.scorer_versions
FROM marts.fct_pairwise AS pairs
WHERE pairs.target_id = any(%(target_ids)s)
    AND pairs.other_target_id = any(%(target_ids)s)
    AND pairs.suite = %(suite)s
    AND pairs.suite_version = %(suite_version)s
    AND pairs.family = %(family)s
    AND pairs.window_name = %(window)s
"""

SCENARIOS: LiteralString = """
WITH days AS (
    SELECT
        scores.target_id, scores.scenario_id, scores.scenario_version, scores.family, scores.score_date,
        scores.scored_count, scores.score_mean, scores.scorer_versions,
        first_value(scores.scorer_versions) OVER (
            PARTITION BY scores.scenario_id, scores.scenario_version ORDER BY scores.score_date DESC
        ) AS newest_scorer_versions
    FROM marts.fct_scenario_scores_daily AS scores
    WHERE scores.target_id = any(%(target_ids)s)
        AND scores.suite = %(suite)s
        AND scores.suite_version = %(suite_version)s
        AND (%(family)s::text = 'all' OR scores.family = %(family)s)
        AND scores.score_date BETWEEN (%(window_start)s::timestamptz AT TIME ZONE 'UTC')::date
            AND (%(window_end)s::timestamptz AT TIME ZONE 'UTC' - interval '1 microsecond')::date
        AND scores.scored_count > 0
)
SELECT
    days.scenario_id, days.scenario_version, days.family, scenarios.title, scenarios.difficulty, days.target_id,
    sum(days.score_mean * days.scored_count) / sum(days.scored_count) AS score_mean,
    sum(days.scored_count)::bigint AS scored_count, array_agg(days.score_mean ORDER BY days.score_date) AS day_means,
    array_agg(days.scored_count ORDER BY days.score_date) AS day_counts
FROM days
LEFT JOIN marts.dim_scenarios AS scenarios
    ON days.scenario_id = scenarios.scenario_id AND days.scenario_version = scenarios.scenario_version
WHERE days.scorer_versions = days.newest_scorer_versions
GROUP BY
    days.scenario_id, days.scenario_version, days.family, scenarios.title, scenarios.difficulty, days.target_id
ORDER BY days.scenario_id ASC, days.scenario_version ASC, days.target_id ASC
"""


async def standing_rows(
    database: Database, target_ids: Sequence[str], *, window: str, suite: str, family: str
) -> list[Row]:
    """One row per known target, with its standing in the suite's newest version, nulls without one."""
    return await database.fetch_all(
        STANDINGS, {"target_ids": list(target_ids), "window": window, "suite": suite, "family": family}
    )


async def pair_rows(
    database: Database, target_ids: Sequence[str], *, window: str, suite: str, suite_version: int, family: str
) -> list[Row]:
    """One row per two of the targets that were compared; `target_id` is the one that sorts first."""
    return await database.fetch_all(
        PAIRS,
        {
            "target_ids": list(target_ids),
            "window": window,
            "suite": suite,
            "suite_version": suite_version,
            "family": family,
        },
    )


async def scenario_rows(
    database: Database,
    target_ids: Sequence[str],
    *,
    suite: str,
    suite_version: int,
    family: str,
    window_start: datetime,
    window_end: datetime,
) -> list[Row]:
    """One row per scenario and target with its mean over the UTC days that the window touches.

    Of each scenario only the scores by the scorer of its newest day count.
    """
    return await database.fetch_all(
        SCENARIOS,
        {
            "target_ids": list(target_ids),
            "suite": suite,
            "suite_version": suite_version,
            "family": family,
            "window_start": window_start,
            "window_end": window_end,
        },
    )
