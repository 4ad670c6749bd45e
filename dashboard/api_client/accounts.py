"""Results about one's own account: its tier and limits, keys, subscriptions to alerts, and notifications.

Not here: what was measured.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time

from dashboard.api_client.result import Result


class Account(Result):
    """The account of the key that is sent; None of a limit is: without one, or not known."""

    email: str
    tier: str
    api_key_id: str
    scopes: tuple[str, ...]
    features: tuple[str, ...]
    history_days: int | None
    requests_per_hour: int | None
    remaining_count: int | None
    reset_s: int | None


class AccountAnswer(Result):
    data: Account


class ApiKeyEntry(Result):
    """A key without its secret."""

    api_key_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeyList(Result):
    data: tuple[ApiKeyEntry, ...]


class MadeApiKey(Result):
    """A new key with its secret, which is never told again."""

    name: str
    api_key: str


class MadeApiKeyAnswer(Result):
    data: MadeApiKey


class Destination(Result):
    """The way that alerts go; the host is None for ways without one."""

    channel: str
    host: str | None


class Subscription(Result):
    """Which changes are told, and how; empty lists leave nothing out. What the API may leave out has its default."""

    subscription_id: str
    name: str = "alerts"
    topics: tuple[str, ...] = ("anomalies",)
    target_ids: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    least_severity: str = "minor"
    direction: str = "worse"
    has_simulated: bool = False
    destination: Destination
    status: str
    reason: str | None
    given_up_at: datetime | None
    failure: str | None


class SubscriptionList(Result):
    data: tuple[Subscription, ...]
    next_cursor: str | None


class Notification(Result):
    """A message in the app."""

    notification_id: str
    told_at: datetime
    read_at: datetime | None
    title: str


class NotificationList(Result):
    data: tuple[Notification, ...]
    unread_count: int
    next_cursor: str | None


class GivenAnswer(Result):
    """What the account said to an anomaly."""

    kind: str
    note: str | None
    given_at: datetime


class GivenAnswerList(Result):
    data: tuple[GivenAnswer, ...]
