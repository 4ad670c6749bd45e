"""The statements behind the leaderboard.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

LEADERBOARD: LiteralString = """
SELECT
    scores.target_id, targets.label, targets.provider, targets.model, targets.host, targets.quantisation,
    targets.reasoning_effort, scores.suite, scores.suite_version, scores.family, scores.window_name,
    scores.window_start, scores.window_end, scores.as_of, scores.score_mean, scores.score_sd,
    scores.score_ci95_lower, scores.score_ci95_upper, scores.response_count, scores.scored_count,
    scores.scenario_count, scores.cost_per_task_usd, scores.latency_p50_ms, scores.time_to_first_token_p50_ms,
    scores.error_rate, scores.last_benchmark_hour, scores.is_simulated, scores.is_preliminary
FROM marts.fct_leaderboard AS scores
INNER JOIN marts.dim_targets AS targets ON scores.target_id = targets.target_id
WHERE scores.suite = %(suite)s
    AND scores.suite_version = (
        SELECT max(newest.suite_version) FROM marts.fct_leaderboard AS newest WHERE newest.suite = %(suite)s
    )
    AND scores.window_name = %(window)s
    AND scores.family = %(family)s
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(is_simulated)s::boolean IS NULL OR scores.is_simulated = %(is_simulated)s)
    AND (
        %(after_target_id)s::text IS NULL
        OR coalesce(scores.score_mean, -1) < %(after_score)s::double precision
        OR (coalesce(scores.score_mean, -1) = %(after_score)s AND scores.target_id > %(after_target_id)s)
    )
ORDER BY coalesce(scores.score_mean, -1) DESC, scores.target_id ASC
LIMIT %(row_limit)s
"""

KNOWN_FILTERS: LiteralString = """
SELECT
    array(SELECT DISTINCT scores.suite FROM marts.fct_leaderboard AS scores) AS suites,
    array(SELECT DISTINCT targets.provider FROM marts.dim_targets AS targets) AS providers,
    array(SELECT DISTINCT scores.family FROM marts.fct_leaderboard AS scores) AS families,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of,
    (SELECT max(scores.suite_version) FROM marts.fct_leaderboard AS scores WHERE scores.suite = %(suite)s)
        AS suite_version
"""


async def leaderboard_rows(
    database: Database,
    *,
    window: str,
    suite: str,
    family: str,
    provider: str | None,
    is_simulated: bool | None,
    after: tuple[float | None, str] | None,
    row_limit: int,
) -> list[Row]:
    """Rows of the suite's newest version, best score first and unscored last, behind the position `after`."""
    after_score, after_target_id = after or (None, None)
    return await database.fetch_all(
        LEADERBOARD,
        {
            "window": window,
            "suite": suite,
            "family": family,
            "provider": provider,
            "is_simulated": is_simulated,
            "after_score": -1 if after_score is None else after_score,
            "after_target_id": after_target_id,
            "row_limit": row_limit,
        },
    )


async def known_filters(database: Database, suite: str) -> Row:
    """What suites, providers and families there are: one row always."""
    row = await database.fetch_one(KNOWN_FILTERS, {"suite": suite})
    return row or {}
