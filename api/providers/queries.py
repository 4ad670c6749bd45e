"""The statement behind the list of providers.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

PROVIDERS: LiteralString = """
SELECT
    targets.provider,
    count(*) AS model_count,
    count(*) FILTER (WHERE targets.is_enabled) AS enabled_model_count,
    bool_and(targets.is_simulated) AS is_all_simulated,
    bool_or(targets.is_simulated) AS is_any_simulated,
    min(targets.first_answered_at) AS first_answered_at,
    max(targets.last_answered_at) AS last_answered_at,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_targets AS targets
WHERE (%(is_simulated)s::boolean IS NULL OR targets.is_simulated = %(is_simulated)s)
    AND (%(after_provider)s::text IS NULL OR targets.provider > %(after_provider)s)
GROUP BY targets.provider
ORDER BY targets.provider ASC
LIMIT %(row_limit)s
"""

AS_OF: LiteralString = "SELECT max(scores.as_of) AS as_of FROM marts.fct_leaderboard AS scores"


async def provider_rows(
    database: Database, *, is_simulated: bool | None, after_provider: str | None, row_limit: int
) -> list[Row]:
    """Providers by name, behind `after_provider`."""
    return await database.fetch_all(
        PROVIDERS, {"is_simulated": is_simulated, "after_provider": after_provider, "row_limit": row_limit}
    )


async def as_of(database: Database) -> Row:
    """When the marts were computed: one row always."""
    row = await database.fetch_one(AS_OF)
    return row or {"as_of": None}
