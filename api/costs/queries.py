"""The statement behind projections of costs.

Not here: what a mix of tasks comes to (projection.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.database import Database, Row

PROJECTIONS: LiteralString = """
SELECT
    targets.target_id, targets.label, targets.provider, targets.is_simulated, targets.input_usd_per_mtok,
    targets.output_usd_per_mtok, families.family, projections.first_date, projections.last_date,
    projections.day_count, projections.answered_count, projections.cost_per_task_usd,
    projections.cost_per_task_ci95_lower, projections.cost_per_task_ci95_upper, projections.input_tokens_per_task,
    projections.output_tokens_per_task, projections.suite_versions,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_targets AS targets
CROSS JOIN unnest(%(families)s::text[]) AS families (family)
LEFT JOIN marts.fct_cost_projections AS projections
    ON targets.target_id = projections.target_id
    AND families.family = projections.family
    AND projections.horizon_day_count = %(days)s
WHERE targets.is_enabled
    AND (%(target_ids)s::text[] IS NULL OR targets.target_id = any(%(target_ids)s))
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(is_simulated)s::boolean IS NULL OR targets.is_simulated = %(is_simulated)s)
ORDER BY targets.target_id ASC, families.family ASC
"""

FAMILIES: LiteralString = """
SELECT DISTINCT projections.family FROM marts.fct_cost_projections AS projections ORDER BY projections.family ASC
"""


async def projection_rows(
    database: Database,
    families: Sequence[str],
    *,
    days: int,
    target_ids: Sequence[str] | None = None,
    provider: str | None = None,
    is_simulated: bool | None = None,
) -> list[Row]:
    """One row per measured target and family; what was never measured is null."""
    return await database.fetch_all(
        PROJECTIONS,
        {
            "families": list(families),
            "days": days,
            "target_ids": None if target_ids is None else list(target_ids),
            "provider": provider,
            "is_simulated": is_simulated,
        },
    )


async def known_families(database: Database) -> list[str]:
    return [row["family"] for row in await database.fetch_all(FAMILIES)]
