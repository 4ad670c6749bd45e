"""What is new since people were last told, kept with who is to hear of it, in one transaction.

Not here: the delivery. To be run by one at a time (storage.turns).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from orchestration.alerting.anomaly_events import anomaly_events, reminders
from orchestration.alerting.bounds import has_bounds, passed_bounds
from orchestration.alerting.change_events import budget_events, change_events, pipeline_events
from orchestration.alerting.event_making import Names
from orchestration.alerting.matching import notice_of, notices_of
from orchestration.alerting.threads import Threads
from orchestration.storage.alert_rows import (
    known_event_ids,
    read_feedback,
    read_recent_events,
    read_subscriptions,
    record_events,
    told_subscriptions,
)
from orchestration.storage.alert_sources import (
    read_anomaly_news,
    read_changes,
    read_families,
    read_known_targets,
)
from orchestration.storage.marts import newest_measured_hour
from orchestration.storage.spending import SpendingLedger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from orchestration.alerting.change_events import FailedRun
    from orchestration.storage.alert_rows import AlertEvent, Subscription
    from orchestration.storage.alert_sources import PublishedAnomaly
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.spending import Account

LOOKED_BACK: Final = timedelta(days=30)
"""How long after it was recorded something can become an event: for how long nobody may have looked."""
SILENCED: Final = frozenset({"acknowledged", "false_alarm", "muted"})
"""After this word a matter that is still open is not told of again; only the last of them ends its other news, too."""


def record_news(
    connection: Connection, limits: Mapping[Account, Decimal], failed: Iterable[FailedRun], now: datetime
) -> int:
    """Record what is news now and who is to hear of it. Returns how many events are new."""
    since = now - LOOKED_BACK
    told = read_recent_events(connection, since)
    names = _names(connection)
    ledger = SpendingLedger(connection)
    events = _new_events(connection, [
        *anomaly_events(read_anomaly_news(connection, since), told, names, now),
        *change_events(read_changes(connection, since), names.targets, now),
        *budget_events(ledger.spent(limits.keys()), ledger.left_out(limits.keys()), limits, now),
        *pipeline_events(newest_measured_hour(connection), failed, told, now),
    ])  # fmt: skip
    threads = {event.thread_id for event in events}
    muted = _threads_with(connection, threads, {"muted"})
    audible = [event for event in events if event.thread_id not in muted]
    heard = told_subscriptions(connection, threads)
    record_events(connection, events, notices_of(audible, read_subscriptions(connection), heard, now))
    return len(events)


def record_later_news(connection: Connection, now: datetime) -> int:
    """Record of open matters that they have passed bounds since they were raised, and that they are open still, for
    those who wish to hear it. Returns how many events are new.
    """
    subscriptions = read_subscriptions(connection)
    bounded = [row for row in subscriptions if has_bounds(row)]
    reminded = [row for row in subscriptions if row.remind_after is not None]
    if not (bounded or reminded):
        return 0
    since = now - LOOKED_BACK
    names = _names(connection)
    threads = Threads(read_recent_events(connection, since), names.targets)
    matters = _Matters(read_anomaly_news(connection, since), threads, names)
    return _record_passed_bounds(connection, bounded, matters, now) + _record_reminders(
        connection, reminded, matters, now
    )


class _Matters(NamedTuple):
    anomalies: list[PublishedAnomaly]
    threads: Threads
    names: Names


def _record_passed_bounds(
    connection: Connection, subscriptions: Collection[Subscription], matters: _Matters, now: datetime
) -> int:
    if not subscriptions:
        return 0
    anomalies, threads, names = matters
    told = told_subscriptions(connection, {threads.of(anomaly) for anomaly in anomalies})
    passed = list(passed_bounds(anomalies, threads, subscriptions, told, names, now))
    muted = _threads_with(connection, {event.thread_id for event, _ in passed}, {"muted"})
    audible = [(event, row) for event, row in passed if event.thread_id not in muted]
    events = {event.event_id: event for event, _ in audible}
    record_events(connection, events.values(), [notice_of(event, row, now) for event, row in audible])
    return len(events)


def _record_reminders(
    connection: Connection, subscriptions: Collection[Subscription], matters: _Matters, now: datetime
) -> int:
    intervals = (row.remind_after for row in subscriptions if row.remind_after)
    due = reminders(matters.anomalies, matters.threads, intervals, matters.names, now)
    events = {event.event_id: event for event in _new_events(connection, [event for _, event in due])}
    silent = _threads_with(connection, {event.thread_id for event in events.values()}, SILENCED)
    heard = told_subscriptions(connection, {event.thread_id for event in events.values()})
    notices = [
        notice_of(event, row, now)
        for interval, event in due
        for row in subscriptions
        if event.event_id in events and event.thread_id not in silent
        and row.remind_after == interval and row.subscription_id in heard.get(event.thread_id, ())
    ]  # fmt: skip
    record_events(connection, events.values(), notices)
    return len(events)


def _names(connection: Connection) -> Names:
    return Names(read_known_targets(connection), read_families(connection))


def _new_events(connection: Connection, events: list[AlertEvent]) -> list[AlertEvent]:
    made = {event.event_id: event for event in events}
    known = known_event_ids(connection, made.keys())
    return [event for event_id, event in made.items() if event_id not in known]


def _threads_with(connection: Connection, threads: Collection[UUID], kinds: Collection[str]) -> set[UUID]:
    return {row.thread_id for row in read_feedback(connection, threads) if row.kind in kinds}
