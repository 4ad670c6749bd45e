"""Keys, subscriptions and notifications of one account, as tables.

Not here: how cells become a table (tables). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.anomaly_words import DIRECTIONS
from dashboard.app_pages.tables import Column, badges, html_table, missing
from dashboard.app_pages.wording import METRICS, count_of, moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.api_client.accounts import ApiKeyEntry, Notification, Subscription


def key_table(keys: Sequence[ApiKeyEntry], own: str) -> str:
    def name(key: ApiKeyEntry) -> str:
        marks = badges(*["this one"] * (key.api_key_id == own))
        return f"{escape(key.name)}{marks}<small>{escape(key.api_key_id)}</small>"

    columns: tuple[Column[ApiKeyEntry], ...] = (
        Column("Key", "The name that you gave it", name, is_number=False),
        Column("May", "What it opens besides reading", _scopes, is_number=False),
        Column("Made", "UTC", lambda key: moment(key.created_at), is_number=False),
        Column("Used last", "UTC", lambda key: _at(key.last_used_at, "never used"), is_number=False),
        Column("Expires", "UTC", lambda key: _at(key.expires_at, "not before it is revoked"), is_number=False),
        Column("State", "Whether it still opens anything", _state, is_number=False),
    )
    return html_table("API keys", columns, keys)


def subscription_table(subscriptions: Sequence[Subscription]) -> str:
    columns: tuple[Column[Subscription], ...] = (
        Column("Subscription", "The name that you gave it", lambda each: escape(each.name), is_number=False),
        Column("Tells of", "What has to happen", _topics, is_number=False),
        Column("From", "Least severity, and of which direction", _least, is_number=False),
        Column("To", "The way that alerts go", _way, is_number=False),
        Column("State", "Whether it tells anything now", _status, is_number=False),
    )
    return html_table("Subscriptions to alerts", columns, subscriptions)


def notification_table(notifications: Sequence[Notification]) -> str:
    columns: tuple[Column[Notification], ...] = (
        Column("What", "Newest first", _title, is_number=False),
        Column("Told", "UTC", lambda each: moment(each.told_at), is_number=False),
    )
    return html_table("Notifications", columns, notifications)


def _scopes(key: ApiKeyEntry) -> str:
    return badges(*key.scopes) or "read only"


def _at(when: datetime | None, otherwise: str) -> str:
    return missing(otherwise) if when is None else moment(when)


def _state(key: ApiKeyEntry) -> str:
    return "valid" if key.revoked_at is None else f"revoked<small> {moment(key.revoked_at)}</small>"


def _topics(subscription: Subscription) -> str:
    metrics = ", ".join(METRICS.get(metric, metric) for metric in subscription.metrics) or "all metrics"
    models = count_of(len(subscription.target_ids), "model") if subscription.target_ids else "all models"
    simulated = badges(*["simulated too"] * subscription.has_simulated)
    return f"{escape(', '.join(subscription.topics))}{simulated}<small> {escape(metrics)}, {models}</small>"


def _least(subscription: Subscription) -> str:
    direction = DIRECTIONS.get(subscription.direction, subscription.direction)
    return f"{escape(subscription.least_severity)}<small> {escape(direction)}</small>"


def _way(subscription: Subscription) -> str:
    way = subscription.destination
    return escape(way.channel.replace("_", " ")) + (f"<small> {escape(way.host)}</small>" if way.host else "")


def _status(subscription: Subscription) -> str:
    why = f"<small> {escape(subscription.reason)}</small>" if subscription.reason else ""
    return f"{escape(subscription.status.replace('_', ' '))}{why}{_given_up(subscription)}"


def _given_up(subscription: Subscription) -> str:
    if subscription.given_up_at is None:
        return ""
    when, why = moment(subscription.given_up_at), escape(subscription.failure or "")
    return f"<small> a message was given up {when}: {why}</small>"


def _title(notification: Notification) -> str:
    return escape(notification.title) + badges(*["unread"] * (notification.read_at is None))
