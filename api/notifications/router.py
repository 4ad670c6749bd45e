"""The routes of notifications: what an account was told in the app, and what it has read of it.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, TypeAdapter

from api.accounts.database import CurrentAccounts
from api.accounts.principal import AlertsHolder
from api.errors import (
    OF_ACCOUNTS,
    UNKNOWN_NOTIFICATION,
    ProblemError,
    documented,
)
from api.notifications import queries
from api.notifications.schemas import (
    Notification,
    NotificationAnswer,
    NotificationId,
    NotificationList,
    NotificationsQuery,
    ReadAnswer,
)
from api.pagination import split_page

POSITION: TypeAdapter[tuple[AwareDatetime, UUID]] = TypeAdapter(tuple[AwareDatetime, UUID])

router = APIRouter(
    prefix="/v1/notifications",
    tags=["alerts"],
    responses=documented(
        *OF_ACCOUNTS,
    ),
)


@router.get("", summary="What the account was told in the app")
async def list_notifications(
    query: Annotated[NotificationsQuery, Query()], response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> NotificationList:
    """Messages of subscriptions by the channel `in_app`, and word of what was stopped or given up, newest first."""
    response.headers["Cache-Control"] = "no-store"
    rows = await queries.notification_rows(
        accounts,
        holder.account_id,
        is_read=query.is_read,
        before=query.position(POSITION),
        row_limit=query.limit + 1,
    )
    page, has_more = split_page([Notification.model_validate(row) for row in rows], query.limit)
    last = page[-1] if has_more else None
    return NotificationList(
        data=page,
        unread_count=await queries.unread_count(accounts, holder.account_id),
        next_cursor=query.cursor_after(last.told_at.isoformat(), str(last.notification_id)) if last else None,
    )


@router.put("/{notification_id}/read", summary="Mark one as read", responses=documented(UNKNOWN_NOTIFICATION))
async def update_notification_read(
    notification_id: NotificationId, response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> NotificationAnswer:
    """It keeps the time of its first reading."""
    response.headers["Cache-Control"] = "no-store"
    await queries.mark_read(accounts, holder.account_id, notification_id)
    rows = await queries.notification_rows(accounts, holder.account_id, notification_id=notification_id)
    if not rows:
        raise ProblemError(UNKNOWN_NOTIFICATION, f"There is no notification {notification_id} of this account.")
    return NotificationAnswer(data=Notification.model_validate(rows[0]))


@router.put("/read", summary="Mark all as read")
async def update_notifications_read(response: Response, holder: AlertsHolder, accounts: CurrentAccounts) -> ReadAnswer:
    """All that were told so far."""
    response.headers["Cache-Control"] = "no-store"
    return ReadAnswer(read_count=await queries.mark_read(accounts, holder.account_id))
