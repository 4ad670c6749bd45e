"""The statement behind the changes.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, LiteralString

from api.ordering import OrderedList

if TYPE_CHECKING:
    from api.database import Database, Row
    from api.ordering import Position

CHANGES: LiteralString = """
SELECT
    changes.target_id, targets.label, targets.provider, changes.kind, changes.subject, changes.effective_at,
    changes.old_value, changes.new_value, changes.source, changes.noticed_at, changes.is_simulated,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_target_changes AS changes
INNER JOIN marts.dim_targets AS targets ON changes.target_id = targets.target_id
WHERE (%(target_id)s::text IS NULL OR changes.target_id = %(target_id)s)
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(kind)s::text IS NULL OR changes.kind = %(kind)s)
    AND (%(is_simulated)s::boolean IS NULL OR changes.is_simulated = %(is_simulated)s)
    AND (%(since)s::timestamptz IS NULL OR changes.effective_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR changes.effective_at < %(until)s)
"""
LISTED_CHANGES = OrderedList(
    CHANGES,
    sorts={"effective_at": datetime, "noticed_at": datetime, "target_id": str},
    ties={"target_id": str, "kind": str, "subject": str, "effective_at": datetime},
)


async def change_rows(
    database: Database,
    *,
    target_id: str | None = None,
    provider: str | None = None,
    kind: str | None = None,
    is_simulated: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-effective_at",
    after: Position | None = None,
    row_limit: int,
) -> list[Row]:
    """Changes of targets in the order `sort`, behind the position `after`; None leaves a filter out."""
    return await database.fetch_all(
        LISTED_CHANGES.statement(sort),
        {
            "target_id": target_id,
            "provider": provider,
            "kind": kind,
            "is_simulated": is_simulated,
            "since": since,
            "until": until,
            **LISTED_CHANGES.parameters(after, row_limit),
        },
    )
