"""The statement behind the changes.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from datetime import datetime

    from api.database import Database, Row

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
    AND (
        %(after_at)s::timestamptz IS NULL
        OR changes.effective_at < %(after_at)s
        OR (
            changes.effective_at = %(after_at)s
            AND (changes.target_id, changes.kind, changes.subject)
            > (%(after_target_id)s::text, %(after_kind)s::text, %(after_subject)s::text)
        )
    )
ORDER BY changes.effective_at DESC, changes.target_id ASC, changes.kind ASC, changes.subject ASC
LIMIT %(row_limit)s
"""


async def change_rows(
    database: Database,
    *,
    target_id: str | None = None,
    provider: str | None = None,
    kind: str | None = None,
    is_simulated: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, str, str, str] | None = None,
    row_limit: int,
) -> list[Row]:
    """Changes of targets, newest first, behind the position `after`; None leaves a filter out."""
    after_at, after_target_id, after_kind, after_subject = after or (None, None, None, None)
    return await database.fetch_all(
        CHANGES,
        {
            "target_id": target_id,
            "provider": provider,
            "kind": kind,
            "is_simulated": is_simulated,
            "since": since,
            "until": until,
            "after_at": after_at,
            "after_target_id": after_target_id,
            "after_kind": after_kind,
            "after_subject": after_subject,
            "row_limit": row_limit,
        },
    )
