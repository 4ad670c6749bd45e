"""The statement behind the list of providers.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, LiteralString

from api.ordering import OrderedList

if TYPE_CHECKING:
    from api.database import Database, Row
    from api.ordering import Position

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
GROUP BY targets.provider
"""
LISTED_PROVIDERS = OrderedList(
    PROVIDERS,
    sorts={"provider": str, "model_count": float, "first_answered_at": datetime, "last_answered_at": datetime},
    ties={"provider": str},
)

AS_OF: LiteralString = "SELECT max(scores.as_of) AS as_of FROM marts.fct_leaderboard AS scores"


async def provider_rows(
    database: Database, *, is_simulated: bool | None, sort: str, after: Position | None, row_limit: int
) -> list[Row]:
    """Providers in the order `sort`, behind the position `after`."""
    return await database.fetch_all(
        LISTED_PROVIDERS.statement(sort),
        {"is_simulated": is_simulated, **LISTED_PROVIDERS.parameters(after, row_limit)},
    )


async def as_of(database: Database) -> Row:
    """When the marts were computed: one row always."""
    row = await database.fetch_one(AS_OF)
    return row or {"as_of": None}
