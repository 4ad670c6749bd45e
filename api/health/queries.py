"""The statements behind readiness.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

MARTS = (
    "dim_targets", "fct_budgets", "fct_costs_daily", "fct_coverage", "fct_events", "fct_leaderboard", "fct_runs",
    "fct_scores_daily", "fct_scores_hourly",
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
