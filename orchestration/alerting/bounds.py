"""Who hears of an anomaly later than others: its level has passed the bounds of a subscription since it was raised.

Pure. Not here: what bounds are (matching).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestration.alerting.event_making import event_of
from orchestration.alerting.matching import is_wanted
from orchestration.alerting.threads import ENDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from orchestration.alerting.event_making import Names
    from orchestration.alerting.threads import Threads
    from orchestration.storage.alert_rows import AlertEvent, Subscription
    from orchestration.storage.anomaly_rows import Anomaly

BEYOND: Final = "beyond_bounds"


def has_bounds(subscription: Subscription) -> bool:
    return (subscription.value_floor, subscription.value_ceiling) != (None, None)


def passed_bounds(
    anomalies: Iterable[Anomaly],
    threads: Threads,
    subscriptions: Collection[Subscription],
    told: Mapping[UUID, Collection[UUID]],
    names: Names,
    now: datetime,
) -> Iterator[tuple[AlertEvent, Subscription]]:
    """Newest revisions of open matters, for whom that is of interest who has not heard of the matter.

    What was raised before a subscription began is no news for it, and what is held is told to nobody.
    """
    for anomaly in anomalies:
        thread = threads.of(anomaly)
        raised_at = threads.raised_at(thread)
        is_over = anomaly.state != "open" or threads.kinds(thread).intersection(ENDS)
        if raised_at is None or is_over or threads.worst_of(anomaly, thread) < 0:
            continue
        occasion = (anomaly.anomaly_id, anomaly.revision)
        event = event_of(anomaly, thread, BEYOND, names, now, *occasion)
        for subscription in subscriptions:
            is_later = subscription.enabled_at <= raised_at and subscription.subscription_id not in told.get(thread, ())
            if is_later and is_wanted(subscription, event):
                yield event, subscription
