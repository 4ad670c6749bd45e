"""The statements behind models and their histories.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.database import Database, Row

MODELS: LiteralString = """
SELECT
    targets.target_id, targets.label, targets.provider, targets.model, targets.host, targets.quantisation,
    targets.reasoning_effort, targets.is_simulated, targets.is_open_weights, targets.lifecycle,
    targets.training_cutoff, targets.is_enabled, targets.disabled_reason, targets.first_answered_at,
    targets.last_answered_at, targets.input_usd_per_mtok, targets.output_usd_per_mtok, targets.price_valid_from,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_targets AS targets
WHERE (%(target_ids)s::text[] IS NULL OR targets.target_id = any(%(target_ids)s))
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(is_simulated)s::boolean IS NULL OR targets.is_simulated = %(is_simulated)s)
    AND (%(after_target_id)s::text IS NULL OR targets.target_id > %(after_target_id)s)
ORDER BY targets.target_id ASC
LIMIT %(row_limit)s
"""

MODEL_SCORES: LiteralString = """
SELECT
    scores.target_id, scores.suite, scores.suite_version, scores.family, scores.window_name, scores.window_start,
    scores.window_end,
    scores.as_of, scores.score_mean, scores.score_sd, scores.score_ci95_lower, scores.score_ci95_upper,
    scores.response_count, scores.scored_count, scores.scenario_count, scores.cost_per_task_usd,
    scores.latency_p50_ms, scores.time_to_first_token_p50_ms, scores.error_rate, scores.last_benchmark_hour,
    scores.is_simulated, scores.is_preliminary
FROM marts.fct_leaderboard AS scores
WHERE scores.target_id = any(%(target_ids)s)
    AND scores.window_name = %(window)s
    AND scores.suite_version = (
        SELECT max(newest.suite_version) FROM marts.fct_leaderboard AS newest WHERE newest.suite = scores.suite
    )
ORDER BY scores.suite ASC, (scores.family <> 'all') ASC, scores.family ASC
"""

HOURLY_HISTORY: LiteralString = """
WITH newest AS MATERIALIZED (
    SELECT max(hours.benchmark_hour) + interval '1 hour' AS window_end
    FROM marts.fct_scores_hourly AS hours
    WHERE hours.target_id = %(target_id)s AND hours.suite = %(suite)s AND hours.family = %(family)s
)
SELECT
    points.benchmark_hour AS period_start, points.suite_version, points.status, points.reason,
    points.planned_count, points.answered_count, points.failed_count, points.scored_count, points.scenario_count,
    points.score_mean, points.score_sd, points.score_ci95_lower, points.score_ci95_upper, points.cost_usd,
    points.input_tokens, points.output_tokens, points.latency_p50_ms, points.time_to_first_token_p50_ms,
    NULL AS planned_hour_count, NULL AS measured_hour_count, points.is_simulated,
    newest.window_end - make_interval(days => %(days)s) AS window_start, newest.window_end,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_scores_hourly AS points
CROSS JOIN newest
WHERE points.target_id = %(target_id)s
    AND points.suite = %(suite)s
    AND points.family = %(family)s
    AND points.benchmark_hour >= newest.window_end - make_interval(days => %(days)s)
ORDER BY points.benchmark_hour ASC, points.suite_version ASC
"""

DAILY_HISTORY: LiteralString = """
WITH newest AS MATERIALIZED (
    SELECT max(days.score_date) + 1 AS end_date
    FROM marts.fct_scores_daily AS days
    WHERE days.target_id = %(target_id)s AND days.suite = %(suite)s AND days.family = %(family)s
)
SELECT
    points.score_date::timestamp AT TIME ZONE 'UTC' AS period_start, points.suite_version, points.status,
    points.reason, points.planned_count, points.answered_count, points.failed_count, points.scored_count,
    points.scenario_count, points.score_mean, points.score_sd, points.score_ci95_lower, points.score_ci95_upper,
    points.cost_usd, points.input_tokens, points.output_tokens, points.latency_p50_ms,
    points.time_to_first_token_p50_ms, points.planned_hour_count, points.measured_hour_count, points.is_simulated,
    (newest.end_date - %(days)s::integer)::timestamp AT TIME ZONE 'UTC' AS window_start,
    newest.end_date::timestamp AT TIME ZONE 'UTC' AS window_end,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_scores_daily AS points
CROSS JOIN newest
WHERE points.target_id = %(target_id)s
    AND points.suite = %(suite)s
    AND points.family = %(family)s
    AND points.score_date >= newest.end_date - %(days)s::integer
ORDER BY points.score_date ASC, points.suite_version ASC
"""

KNOWN_FILTERS: LiteralString = """
SELECT
    array(SELECT DISTINCT scores.suite FROM marts.fct_leaderboard AS scores) AS suites,
    array(SELECT DISTINCT targets.provider FROM marts.dim_targets AS targets) AS providers,
    array(SELECT DISTINCT scores.family FROM marts.fct_leaderboard AS scores) AS families,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
"""

MODEL_NAMES: LiteralString = """
SELECT targets.target_id, targets.model, targets.label FROM marts.dim_targets AS targets
ORDER BY targets.target_id DESC
"""


async def model_rows(
    database: Database,
    *,
    target_ids: Collection[str] | None = None,
    provider: str | None = None,
    is_simulated: bool | None = None,
    after_target_id: str | None = None,
    row_limit: int = 1,
) -> list[Row]:
    """Models by id, behind `after_target_id`."""
    return await database.fetch_all(
        MODELS,
        {
            "target_ids": None if target_ids is None else list(target_ids),
            "provider": provider,
            "is_simulated": is_simulated,
            "after_target_id": after_target_id,
            "row_limit": row_limit,
        },
    )


async def model_score_rows(database: Database, target_ids: Collection[str], window: str) -> list[Row]:
    """One row per model, suite, in its newest version, and family; the whole suite before its families."""
    return await database.fetch_all(MODEL_SCORES, {"target_ids": list(target_ids), "window": window})


async def history_rows(
    database: Database, *, granularity: str, target_id: str, suite: str, family: str, days: int
) -> list[Row]:
    """Hours or days, oldest first, gaps included, of the `days` days before the newest planned hour's end."""
    statement = HOURLY_HISTORY if granularity == "hour" else DAILY_HISTORY
    return await database.fetch_all(statement, {"target_id": target_id, "suite": suite, "family": family, "days": days})


async def known_filters(database: Database) -> Row:
    """What suites, providers and families there are: one row always."""
    row = await database.fetch_one(KNOWN_FILTERS)
    return row or {}


async def ids_by_name(database: Database) -> dict[str, str]:
    """Target ids by everything a model is called, in lower case; the id itself wins."""
    rows = await database.fetch_all(MODEL_NAMES)
    names = {str(row[column]).lower(): str(row["target_id"]) for column in ("label", "model") for row in rows}
    return names | {str(row["target_id"]): str(row["target_id"]) for row in rows}
