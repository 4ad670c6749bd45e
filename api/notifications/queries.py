"""The statements behind notifications. Each names its account.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from api.accounts.database import AccountsDatabase
    from api.database import Row

NOTIFICATIONS: LiteralString = """
SELECT
    told.notification_id, told.kind, told.subscription_id, told.told_at, told.title, told.parts, marks.read_at
FROM account.notifications AS told
LEFT JOIN account.read_notifications AS marks
    ON told.notification_id = marks.notification_id AND told.account_id = marks.account_id
WHERE told.account_id = %(account_id)s
    AND (%(notification_id)s::uuid IS NULL OR told.notification_id = %(notification_id)s)
    AND (%(is_read)s::boolean IS NULL OR (marks.read_at IS NOT NULL) = %(is_read)s)
    AND (
        %(before_id)s::uuid IS NULL
        OR (told.told_at, told.notification_id) < (%(before_at)s::timestamptz, %(before_id)s::uuid)
    )
ORDER BY told.told_at DESC, told.notification_id DESC
LIMIT %(row_limit)s
"""

UNREAD: LiteralString = """
SELECT count(*) AS unread_count
FROM account.notifications AS told
WHERE told.account_id = %(account_id)s
    AND NOT EXISTS (
        SELECT 1 FROM account.read_notifications AS marks
        WHERE marks.account_id = told.account_id AND marks.notification_id = told.notification_id
    )
"""

MARK: LiteralString = """
INSERT INTO account.read_notifications AS marks (notification_id, account_id)
SELECT told.notification_id, told.account_id FROM account.notifications AS told
WHERE told.account_id = %(account_id)s
    AND (%(notification_id)s::uuid IS NULL OR told.notification_id = %(notification_id)s)
ON CONFLICT DO NOTHING
RETURNING marks.notification_id
"""


async def notification_rows(
    accounts: AccountsDatabase,
    account_id: UUID,
    *,
    notification_id: UUID | None = None,
    is_read: bool | None = None,
    before: tuple[datetime, UUID] | None = None,
    row_limit: int = 1,
) -> list[Row]:
    """Those of an account, newest first, behind the position `before`."""
    before_at, before_id = before or (None, None)
    return await accounts.fetch_all(
        NOTIFICATIONS,
        {
            "account_id": account_id,
            "notification_id": notification_id,
            "is_read": is_read,
            "before_at": before_at,
            "before_id": before_id,
            "row_limit": row_limit,
        },
    )


async def unread_count(accounts: AccountsDatabase, account_id: UUID) -> int:
    row = await accounts.fetch_one(UNREAD, {"account_id": account_id})
    return row["unread_count"] if row else 0


async def mark_read(accounts: AccountsDatabase, account_id: UUID, notification_id: UUID | None = None) -> int:
    """Mark one, or all that were told so far. Returns how many were not marked before."""
    key = {"account_id": account_id, "notification_id": notification_id}
    return len(await accounts.fetch_all(MARK, key))
