"""The statements behind readiness.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

MARTS = (
    "dim_prices", "dim_scenarios", "dim_suites", "dim_targets", "fct_anomalies", "fct_budgets",
    "fct_cost_projections", "fct_costs_daily", "fct_coverage", "fct_events", "fct_latency_daily",
    "fct_latency_hourly", "fct_latency_weekly", "fct_leaderboard", "fct_pairwise", "fct_pass_rates",
    "fct_public_evidence", "fct_reliability_hourly", "fct_reports", "fct_runs", "fct_scenario_scores_daily",
    "fct_score_moves", "fct_scores_daily", "fct_scores_hourly", "fct_scores_weekly", "fct_target_changes",
    "fct_watched_streams",
)  # fmt: skip
"""What the API reads."""

PRESENT_MARTS: LiteralString = """
SELECT tables.table_name
FROM information_schema.tables AS tables
WHERE tables.table_schema = 'marts'
"""

NEWEST_HOUR: LiteralString = """
SELECT
    max(scores.last_benchmark_hour) AS newest_benchmark_hour,
    extract(epoch FROM now() - max(scores.last_benchmark_hour))::bigint AS newest_benchmark_hour_age_s
FROM marts.fct_leaderboard AS scores
"""


async def missing_marts(database: Database) -> list[str]:
    """The marts that are not there for this role."""
    present = {row["table_name"] for row in await database.fetch_all(PRESENT_MARTS)}
    return [mart for mart in MARTS if mart not in present]


async def newest_hour(database: Database) -> Row:
    """The newest measured hour and its age; both null before the first."""
    row = await database.fetch_one(NEWEST_HOUR)
    return row or {}
