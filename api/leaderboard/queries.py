"""The statements behind the leaderboard.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from api.ordering import OrderedList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.database import Database, Row
    from api.ordering import Position

LEADERBOARD: LiteralString = """
SELECT
    scores.target_id, targets.label, targets.provider, targets.model, targets.host, targets.quantisation,
    targets.reasoning_effort, targets.is_open_weights, scores.suite, scores.suite_version, scores.family,
    scores.window_name, scores.window_start, scores.window_end, scores.as_of, scores.score_mean, scores.score_sd,
    scores.score_ci95_lower, scores.score_ci95_upper, scores.score_suite_ci95_lower, scores.score_suite_ci95_upper,
    scores.rank_ci95_lower, scores.rank_ci95_upper, scores.ranked_count, scores.scorer_versions, scores.asked_count,
    scores.response_count, scores.priced_count, scores.streamed_count, scores.scored_count, scores.solved_count,
    scores.scenario_count, scores.measured_hour_count, scores.cost_per_task_usd, scores.cost_per_task_ci95_lower,
    scores.cost_per_task_ci95_upper, scores.cost_per_solved_task_usd, targets.input_usd_per_mtok,
    targets.output_usd_per_mtok, scores.latency_p50_ms, scores.latency_p50_ci95_lower, scores.latency_p50_ci95_upper,
    scores.latency_p95_ms, scores.latency_p95_ci95_lower, scores.latency_p95_ci95_upper,
    scores.time_to_first_token_p50_ms, scores.time_to_first_token_p50_ci95_lower,
    scores.time_to_first_token_p50_ci95_upper, scores.time_to_first_token_p95_ms,
    scores.time_to_first_token_p95_ci95_lower, scores.time_to_first_token_p95_ci95_upper, scores.error_rate,
    scores.error_rate_ci95_lower, scores.error_rate_ci95_upper, rates.attempt_count, rates.pass_at_k_rate,
    rates.pass_at_k_ci95_lower, rates.pass_at_k_ci95_upper, rates.pass_hat_k_rate, rates.pass_hat_k_ci95_lower,
    rates.pass_hat_k_ci95_upper, moves.score_change AS score_change_7d,
    moves.score_change_ci95_lower AS score_change_7d_ci95_lower,
    moves.score_change_ci95_upper AS score_change_7d_ci95_upper, moves.holm_p_value AS score_change_7d_holm_p_value,
    scores.last_benchmark_hour, scores.is_simulated, scores.is_preliminary
FROM marts.fct_leaderboard AS scores
INNER JOIN marts.dim_targets AS targets ON scores.target_id = targets.target_id
LEFT JOIN marts.fct_pass_rates AS rates
    ON scores.window_name = rates.window_name
    AND scores.family = rates.family
    AND scores.target_id = rates.target_id
    AND rates.attempt_count = %(attempts)s
    AND scores.suite = rates.suite
    AND scores.suite_version = rates.suite_version
LEFT JOIN marts.fct_score_moves AS moves
    ON scores.suite = moves.suite
    AND scores.suite_version = moves.suite_version
    AND scores.family = moves.family
    AND scores.target_id = moves.target_id
WHERE scores.suite = %(suite)s
    AND scores.suite_version = (
        SELECT max(newest.suite_version) FROM marts.fct_leaderboard AS newest WHERE newest.suite = %(suite)s
    )
    AND scores.window_name = %(window)s
    AND scores.family = %(family)s
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(is_simulated)s::boolean IS NULL OR scores.is_simulated = %(is_simulated)s)
    AND (%(is_open_weights)s::boolean IS NULL OR targets.is_open_weights = %(is_open_weights)s)
    AND (%(effort)s::text IS NULL OR coalesce(targets.reasoning_effort, 'default') = %(effort)s)
    AND (
        %(max_input_usd_per_mtok)s::double precision IS NULL
        OR targets.input_usd_per_mtok <= %(max_input_usd_per_mtok)s::double precision
    )
    AND (
        %(max_output_usd_per_mtok)s::double precision IS NULL
        OR targets.output_usd_per_mtok <= %(max_output_usd_per_mtok)s::double precision
    )
    AND (
        %(max_cost_per_task_usd)s::double precision IS NULL
        OR scores.cost_per_task_usd <= %(max_cost_per_task_usd)s::double precision
    )
"""
STANDINGS = OrderedList(
    LEADERBOARD,
    sorts=dict.fromkeys(
        (
            "score_mean", "score_ci95_lower", "score_change_7d", "pass_hat_k_rate", "cost_per_task_usd",
            "cost_per_solved_task_usd", "input_usd_per_mtok", "output_usd_per_mtok", "latency_p50_ms", "latency_p95_ms",
            "time_to_first_token_p50_ms", "time_to_first_token_p95_ms", "error_rate",
        ),
        float,
    ),
    ties={"target_id": str},
)  # fmt: skip

SPARKLINES: LiteralString = """
SELECT days.target_id, days.score_date, days.score_mean, days.scored_count, days.reason
FROM marts.fct_scores_daily AS days
WHERE days.target_id = any(%(target_ids)s)
    AND days.suite = %(suite)s
    AND days.suite_version = %(suite_version)s
    AND days.family = %(family)s
    AND days.score_date
    > (%(window_end)s::timestamptz AT TIME ZONE 'UTC' - interval '1 microsecond')::date - %(days)s::integer
ORDER BY days.target_id ASC, days.score_date ASC
"""

KNOWN_FILTERS: LiteralString = """
SELECT
    array(SELECT DISTINCT scores.suite FROM marts.fct_leaderboard AS scores) AS suite,
    array(SELECT DISTINCT targets.provider FROM marts.dim_targets AS targets) AS provider,
    array(SELECT DISTINCT scores.family FROM marts.fct_leaderboard AS scores) AS family,
    array(SELECT DISTINCT coalesce(targets.reasoning_effort, 'default') FROM marts.dim_targets AS targets) AS effort,
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
    provider: str | None = None,
    is_simulated: bool | None = None,
    is_open_weights: bool | None = None,
    effort: str | None = None,
    max_input_usd_per_mtok: float | None = None,
    max_output_usd_per_mtok: float | None = None,
    max_cost_per_task_usd: float | None = None,
    attempts: int = 3,
    sort: str = "-score_mean",
    after: Position | None = None,
    row_limit: int,
) -> list[Row]:
    """Rows of the suite's newest version in the order `sort`, behind the position `after`.

    A ceiling leaves out what has no known price or cost.
    """
    return await database.fetch_all(
        STANDINGS.statement(sort),
        {
            "window": window,
            "suite": suite,
            "family": family,
            "provider": provider,
            "is_simulated": is_simulated,
            "is_open_weights": is_open_weights,
            "effort": effort,
            "max_input_usd_per_mtok": max_input_usd_per_mtok,
            "max_output_usd_per_mtok": max_output_usd_per_mtok,
            "max_cost_per_task_usd": max_cost_per_task_usd,
            "attempts": attempts,
            **STANDINGS.parameters(after, row_limit),
        },
    )


async def sparkline_rows(
    database: Database,
    target_ids: Sequence[str],
    *,
    suite: str,
    suite_version: int,
    family: str,
    window_end: datetime,
    days: int,
) -> list[Row]:
    """The daily means of so many UTC days up to the window's end, oldest first; days without a plan have no row."""
    return await database.fetch_all(
        SPARKLINES,
        {
            "target_ids": list(target_ids),
            "suite": suite,
            "suite_version": suite_version,
            "family": family,
            "window_end": window_end,
            "days": days,
        },
    )


async def known_filters(database: Database, suite: str) -> Row:
    """What suites, providers, families and efforts there are: one row always."""
    row = await database.fetch_one(KNOWN_FILTERS, {"suite": suite})
    return row or {}
