"""The statements behind the status.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

FRESHNESS: LiteralString = """
SELECT
    max(scores.last_benchmark_hour) AS newest_benchmark_hour,
    extract(epoch FROM now() - max(scores.last_benchmark_hour))::bigint AS newest_benchmark_hour_age_s,
    max(scores.as_of) AS as_of,
    (SELECT count(*) FROM marts.dim_targets AS targets) AS model_count,
    (SELECT count(*) FROM marts.dim_targets AS targets WHERE targets.is_enabled) AS enabled_model_count,
    (SELECT bool_and(targets.is_simulated) FROM marts.dim_targets AS targets) AS is_all_simulated,
    (SELECT bool_or(targets.is_simulated) FROM marts.dim_targets AS targets) AS is_any_simulated
FROM marts.fct_leaderboard AS scores
"""

OUTCOMES: LiteralString = """
SELECT
    coverage.outcome, nullif(coverage.reason, '') AS reason,
    sum(coverage.call_count)::bigint AS call_count, sum(coverage.scored_count)::bigint AS scored_count
FROM marts.fct_coverage AS coverage
WHERE coverage.benchmark_hour > now() - make_interval(hours => %(hours)s)
GROUP BY coverage.outcome, coverage.reason
ORDER BY coverage.outcome ASC, call_count DESC, reason ASC
"""

SPENDING: LiteralString = """
WITH periods AS (
    SELECT 'day' AS period, (now() AT TIME ZONE 'UTC')::date AS period_start
    UNION ALL
    SELECT 'month' AS period, date_trunc('month', now() AT TIME ZONE 'UTC')::date AS period_start
)
SELECT
    periods.period, periods.period_start, costs.is_simulated,
    sum(costs.cost_usd) AS cost_usd,
    count(DISTINCT costs.target_id) FILTER (WHERE costs.cost_usd IS NULL AND costs.answered_count > 0)
        AS unknown_model_count
FROM periods
INNER JOIN marts.fct_costs_daily AS costs ON costs.cost_date >= periods.period_start AND costs.family = 'all'
GROUP BY periods.period, periods.period_start, costs.is_simulated
ORDER BY periods.period ASC, costs.is_simulated ASC
"""

BUDGETS: LiteralString = """
SELECT
    nullif(budgets.target_id, '') AS model_id, targets.label, budgets.period, budgets.period_started_at,
    budgets.limit_usd, budgets.spent_usd, budgets.is_simulated
FROM marts.fct_budgets AS budgets
LEFT JOIN marts.dim_targets AS targets ON budgets.target_id = targets.target_id
ORDER BY budgets.target_id ASC, array_position(ARRAY['hour', 'day', 'month'], budgets.period) ASC
"""

RUNS: LiteralString = """
SELECT
    runs.run_id, runs.job, runs.first_benchmark_hour, runs.last_benchmark_hour, runs.status, runs.requested_at,
    runs.started_at, runs.ended_at, runs.seen_at
FROM marts.fct_runs AS runs
ORDER BY runs.requested_at DESC, runs.run_id ASC
LIMIT %(count)s
"""


async def freshness(database: Database) -> Row:
    """The newest measured hour with its age, and how many models there are: one row always."""
    row = await database.fetch_one(FRESHNESS)
    return row or {}


async def outcomes(database: Database, hours: int) -> list[Row]:
    """What the planned calls of the last hours came to."""
    return await database.fetch_all(OUTCOMES, {"hours": hours})


async def spending(database: Database) -> list[Row]:
    """What calls of today's and this month's hours cost, of real and of simulated models apart."""
    return await database.fetch_all(SPENDING)


async def budgets(database: Database) -> list[Row]:
    """What was spent of the budgets of the current hour, day and month; all real models together first."""
    return await database.fetch_all(BUDGETS)


async def runs(database: Database, count: int) -> list[Row]:
    """The last runs of the pipeline, newest first."""
    return await database.fetch_all(RUNS, {"count": count})
