"""Delivers what is due: an attempt is a row, transient failures are tried again, final ones stop a subscription.

Not here: what is due to whom (news). To be run by one at a time (storage.turns): a message that was sent has its row
before another run looks for it. Only a program that is killed between the two sends again, under the same id.
"""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from orchestration.alerting.channels.in_app import listed_message
from orchestration.alerting.channels.interface import TransportError
from orchestration.alerting.channels.registry import channel_of
from orchestration.alerting.threads import changes_of
from orchestration.alerting.wording import message_of
from orchestration.storage.alert_rows import (
    AlertDelivery,
    SubscriptionStop,
    read_due_messages,
    read_events,
    read_subscriptions,
    record_delivery,
)
from orchestration.storage.alert_sources import read_series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from orchestration.alerting.channels.interface import Leave
    from orchestration.alerting.wording import Message, Places
    from orchestration.storage.alert_rows import AlertEvent, Outcome, Subscription
    from orchestration.storage.bulk_insert import Connection

KEPT_FOR: Final = timedelta(days=14)
"""How long a notice waits for a subscription that is stopped."""
PAUSES: Final = tuple(map(timedelta, [0] * 8, [30, 120, 600, 1800, 3600, 7200, 14_400, 28_800]))
"""Between attempts; after the last of them a message is given up, about 16 hours after the first."""
AT_ONCE: Final = 8
CHART_BEFORE, CHART_AFTER = timedelta(days=7), timedelta(days=7)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message on its way to one subscription, for the time `number`."""

    number: int
    subscription: Subscription
    message: Message


def deliver_due(
    connection: Connection, leave: Leave, places: Places, now: datetime, reconnect: Callable[[], Connection]
) -> Counter[str]:
    """Send all that is due. Returns how many attempts ended how; each is committed when it ends."""
    attempts = list(_attempts(connection, places, now))
    connection.commit()
    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way = {pool.submit(attempted, attempt, leave): attempt.message for attempt in attempts}
        for done in as_completed(under_way):
            delivery, stop = done.result()
            counts[delivery.outcome] += 1
            record_delivery(connection, delivery, stop, listed_message(under_way[done], delivery), reconnect)
            if stop is not None:
                _log.warning("stopped subscription %s (%s): %s", stop.subscription_id, delivery.channel, stop.reason)
    return counts


def _attempts(connection: Connection, places: Places, now: datetime) -> Iterator[Attempt]:
    subscriptions = {row.subscription_id: row for row in read_subscriptions(connection)}
    for due in read_due_messages(connection, now, now - KEPT_FOR):
        subscription = subscriptions.get(due.subscription_id)
        if subscription is None:  # it was taken back since
            continue
        events = read_events(connection, due.event_ids)
        chart = _chart(connection, events) if subscription.channel == "email" else None
        yield Attempt(due.attempt, subscription, message_of(due.message_id, events, places, chart))


def _chart(connection: Connection, events: list[AlertEvent]) -> bytes | None:
    """Of the first anomaly among the events; None where there is none, or no hours of it."""
    changes = (change for event in events if event.topic == "anomalies" for change in changes_of(event))
    event = next(changes, None)
    if event is None or event.metric is None:
        return None
    onset = datetime.fromisoformat(event.content["onset_hour"])
    series = read_series(
        connection,
        event.target_ids[0],
        event.content["suite"],
        event.is_simulated,
        event.metric,
        onset - CHART_BEFORE,
        onset + CHART_AFTER,
    )
    if not series:
        return None
    from orchestration.alerting.chart import chart_png  # noqa: PLC0415 - as Apprise

    return chart_png(series, event.content)


def attempted(attempt: Attempt, leave: Leave) -> tuple[AlertDelivery, SubscriptionStop | None]:
    """Send once. What became of it, and whether the subscription ends with that."""
    subscription, started_at = attempt.subscription, datetime.now(UTC)
    outcome, reason = sent(
        subscription.channel, subscription.channel_settings, subscription.email, attempt.message, leave
    )
    finished_at = datetime.now(UTC)
    pause = PAUSES[attempt.number - 1] if outcome == "failed" and attempt.number <= len(PAUSES) else None
    delivery = AlertDelivery(
        message_id=attempt.message.message_id,
        attempt=attempt.number,
        subscription_id=subscription.subscription_id,
        channel=subscription.channel,
        started_at=started_at,
        finished_at=finished_at,
        outcome=outcome,
        reason=reason,
        retry_at=None if pause is None else finished_at + pause,
    )
    if outcome != "refused":
        return delivery, None
    return delivery, SubscriptionStop(subscription.subscription_id, finished_at, reason or outcome)


def sent(
    channel: str, channel_settings: Mapping[str, Any], email: str, message: Message, leave: Leave
) -> tuple[Outcome, str | None]:
    """What became of handing a message over. A mistake of ours is a failure like any other: the others go on."""
    try:
        channel_of(channel, channel_settings, email, leave).send(message)
    except TransportError as error:
        return ("refused" if error.permanent else "failed"), str(error)
    except Exception as error:  # noqa: BLE001 - its text may hold an address
        return "failed", f"could not be sent: {type(error).__name__}"
    return "sent", None
