"""What values the filters of lists may have; asked only where an answer is empty.

Not here: the filters themselves (parameters).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from api.errors import refuse_unknown_value

if TYPE_CHECKING:
    from datetime import datetime

    from api.database import Database, Row

KNOWN_VALUES: LiteralString = """
SELECT
    array(SELECT DISTINCT scores.suite FROM marts.fct_leaderboard AS scores) AS suite,
    array(SELECT DISTINCT scores.family FROM marts.fct_leaderboard AS scores) AS family,
    array(SELECT DISTINCT targets.provider FROM marts.dim_targets AS targets) AS provider,
    array(SELECT targets.target_id FROM marts.dim_targets AS targets) AS target_id,
    array(SELECT DISTINCT targets.lifecycle FROM marts.dim_targets AS targets) AS lifecycle,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
"""


async def refuse_unknown_values(database: Database, **given: str | None) -> datetime | None:
    """Raises invalid-parameter for a value that nothing has, so that a misspelt one is never answered by nothing.

    `given` has values by parameter. Returns as of when the marts are.
    """
    return refuse_unknown(await database.fetch_one(KNOWN_VALUES) or {}, **given)


def refuse_unknown(known: Row, **given: str | None) -> datetime | None:
    """As `refuse_unknown_values`, where a resource has values of its own: `known` lists them by parameter."""
    for parameter, value in given.items():
        refuse_unknown_value(parameter, value, known[parameter])
    as_of: datetime | None = known.get("as_of")
    return as_of
