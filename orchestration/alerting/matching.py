"""Who hears of an event, and when: subscriptions, quiet hours, digests.

Pure. Not here: which events there are, nor how they are delivered.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from orchestration.alerting.threads import ENDS, SPREAD, changes_of
from orchestration.records import id_of
from orchestration.stats.detection_metrics import SEVERITIES, is_worse
from orchestration.storage.alert_rows import AlertNotice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from uuid import UUID

    from orchestration.storage.alert_rows import AlertEvent, Subscription

FOLLOW_UPS: Final = frozenset({*ENDS, "late_over", "price_withdrawn", "price_confirmed"})
"""What ends a matter is for those who were told of it, and for nobody else."""


def notices_of(
    events: Iterable[AlertEvent],
    subscriptions: Collection[Subscription],
    told: Mapping[UUID, Collection[UUID]],
    now: datetime,
) -> Iterator[AlertNotice]:
    """`told` are the subscriptions that have heard of a matter, by its thread."""
    heard = {thread: set(ids) for thread, ids in told.items()}
    for event in events:
        known = heard.setdefault(event.thread_id, set())
        for subscription in subscriptions:
            if _is_told(subscription, event, has_heard=subscription.subscription_id in known):
                known.add(subscription.subscription_id)
                yield notice_of(event, subscription, now)


def _is_told(subscription: Subscription, event: AlertEvent, *, has_heard: bool) -> bool:
    """Whoever knows of an incident is not told what else has part in it."""
    if event.kind in FOLLOW_UPS:
        return has_heard
    return is_wanted(subscription, event) and not (has_heard and event.kind == SPREAD)


def notice_of(event: AlertEvent, subscription: Subscription, now: datetime) -> AlertNotice:
    """What waits for the same moment is one message."""
    due = due_at(subscription, now)
    together = due.isoformat() if due > now else event.event_id
    message_id = id_of("message", subscription.subscription_id, together)
    return AlertNotice(event.event_id, subscription.subscription_id, message_id, due, now)


def is_wanted(subscription: Subscription, event: AlertEvent) -> bool:
    """An incident is where any of its changes is."""
    return any(_is_wanted(subscription, change) for change in changes_of(event))


def _is_wanted(subscription: Subscription, event: AlertEvent) -> bool:
    return (
        event.topic in subscription.topics
        and (subscription.has_simulated or not event.is_simulated)
        and _is_about(subscription, event)
        and (not subscription.metrics or event.metric is None or event.metric in subscription.metrics)
        and (event.severity is None or _rank(event.severity) >= _rank(subscription.least_severity))
        and _is_in_direction(subscription, event)
        and _is_beyond_bounds(subscription, event)
    )


def _is_about(subscription: Subscription, event: AlertEvent) -> bool:
    """Whether it concerns what any of the lists names. What concerns no target in particular is for everybody."""
    if not (subscription.target_ids or subscription.families or subscription.providers):
        return True
    if not event.target_ids and event.provider is None:
        return True
    return (
        not set(subscription.target_ids).isdisjoint(event.target_ids)
        or not set(subscription.families).isdisjoint(event.families)
        or event.provider in subscription.providers
    )


def _is_in_direction(subscription: Subscription, event: AlertEvent) -> bool:
    if subscription.direction == "any" or event.metric is None:
        return True
    return is_worse(event.metric, event.content["sign"]) == (subscription.direction == "worse")


def _is_beyond_bounds(subscription: Subscription, event: AlertEvent) -> bool:
    floor, ceiling = subscription.value_floor, subscription.value_ceiling
    if event.value is None or (floor is None and ceiling is None):
        return True
    return (floor is not None and event.value < floor) or (ceiling is not None and event.value > ceiling)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity)


def due_at(subscription: Subscription, now: datetime) -> datetime:
    """Now, the next digest, or the end of the quiet hours, by the clock of the subscription's zone."""
    zone = ZoneInfo(subscription.time_zone)
    if subscription.is_digest:
        return _next(subscription.digest_at, now, zone)
    begin, end = subscription.quiet_from, subscription.quiet_until
    if begin is None or end is None or not _is_between(begin, now.astimezone(zone).time(), end):
        return now
    return _next(end, now, zone)


def _is_between(begin: time, moment: time, end: time) -> bool:
    if begin < end:
        return begin <= moment < end
    return moment >= begin or moment < end


def _next(clock: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment after `now` at which clocks of the zone show that time."""
    today = now.astimezone(zone).date()
    days = (datetime.combine(today + timedelta(days=days), clock, zone).astimezone(UTC) for days in (0, 1))
    return next(moment for moment in days if moment > now)
