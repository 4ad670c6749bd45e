"""What was told of which matter: alarms of the same change are one, and so are those of one incident of a provider.

Pure. Not here: what is news of a matter (anomaly_events).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from orchestration.stats.detection_metrics import SEVERITIES, is_worse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from orchestration.storage.alert_rows import AlertEvent
    from orchestration.storage.alert_sources import KnownTarget
    from orchestration.storage.anomaly_rows import Anomaly

SAME_CHANGE: Final = timedelta(hours=12)
"""How far apart the onsets of one change may be estimated; the detector is armed again 24 hours after an alarm."""
RAISED, WORSE, SPREAD, REMINDER = "raised", "worse", "spread", "reminder"
ENDS: Final = ("resolved", "accepted", "retracted")


def changes_of(event: AlertEvent) -> list[AlertEvent]:
    """What is told of an incident, as an event of each of its changes; any other event alone."""
    return [
        replace(
            event,
            target_ids=[change["target_id"]],
            families=change["families"],
            metric=change["metric"],
            severity=change["severity"],
            value=change["after_value"],
            content=change,
        )
        for change in event.content["changes"]
    ] if is_of_incident(event) else [event]  # fmt: skip


def is_of_incident(event: AlertEvent) -> bool:
    return "changes" in event.content


class Threads:
    """What was told of which matter."""

    def __init__(self, told: Iterable[AlertEvent], targets: Mapping[str, KnownTarget]) -> None:
        self._targets = targets
        self._told: dict[UUID, list[AlertEvent]] = defaultdict(list)
        self._changes: dict[UUID, list[AlertEvent]] = defaultdict(list)
        self._own: dict[str, list[AlertEvent]] = defaultdict(list)
        for event in told:
            if event.topic == "anomalies":
                self.add(event)

    def add(self, event: AlertEvent) -> None:
        self._told[event.thread_id].append(event)
        for change in changes_of(event):
            self._changes[event.thread_id].append(change)
            self._own[change.content["anomaly_id"]].append(change)

    def of(self, anomaly: Anomaly) -> UUID:
        """The one in which it was told, that of the same change under another id, its incident's, or its own."""
        if anomaly.anomaly_id in self._told:
            return anomaly.anomaly_id
        if own := self._own.get(str(anomaly.anomaly_id)):
            return own[0].thread_id
        return self._of_same_change(anomaly) or self._of_incident(anomaly) or anomaly.anomaly_id

    def is_of_incident(self, thread: UUID) -> bool:
        return any(map(is_of_incident, self._told.get(thread, ())))

    def kinds(self, thread: UUID) -> set[str]:
        return {event.kind for event in self._told.get(thread, ())}

    def worst(self, thread: UUID) -> int:
        """The worst severity that was told of it, as a place in SEVERITIES; -1 for none."""
        return _worst(self._changes.get(thread, ()))

    def worst_of(self, anomaly: Anomaly, thread: UUID) -> int:
        """As `worst`, of one alarm of several, or of the same change under another id."""
        own = [change for change in self._own.get(str(anomaly.anomaly_id), ()) if change.thread_id == thread]
        changes = self._changes.get(thread, ())
        return _worst(own or (change for change in changes if _is_same_change(change, anomaly)))

    def raised_at(self, thread: UUID) -> datetime | None:
        """When it was first told."""
        return min((event.recorded_at for event in self._told.get(thread, ()) if event.kind == RAISED), default=None)

    def _of_same_change(self, anomaly: Anomaly) -> UUID | None:
        alike = (
            thread
            for thread, changes in sorted(self._changes.items())
            if any(_is_same_change(change, anomaly) for change in changes)
        )
        return next(alike, None)

    def _of_incident(self, anomaly: Anomaly) -> UUID | None:
        """An open one; a replay may know it by another id. None of what joins an incident that is over."""
        if anomaly.incident_id is None:
            return None
        target = self._targets.get(anomaly.target_id)
        alike = (
            thread
            for thread, events in sorted(self._told.items())
            if self.kinds(thread).isdisjoint(ENDS)
            and any(_is_same_incident(event, anomaly, target.provider if target else None) for event in events)
        )
        return next(alike, None if anomaly.incident_id in self._told else anomaly.incident_id)


def _worst(changes: Iterable[AlertEvent]) -> int:
    return max((SEVERITIES.index(change.content["severity"]) for change in changes), default=-1)


def _is_same_change(event: AlertEvent, anomaly: Anomaly) -> bool:
    content = event.content
    stream = (anomaly.target_id, anomaly.suite, anomaly.is_simulated, anomaly.metric, anomaly.sign)
    if (event.target_ids[0], content["suite"], event.is_simulated, event.metric, content["sign"]) != stream:
        return False
    return _is_near(content["onset_hour"], anomaly)


def _is_same_incident(event: AlertEvent, anomaly: Anomaly, provider: str | None) -> bool:
    if not is_of_incident(event):
        return False
    side = (provider, anomaly.is_simulated, is_worse(anomaly.metric, anomaly.sign))
    if (event.provider, event.is_simulated, event.content["is_worse"]) != side:
        return False
    return event.thread_id == anomaly.incident_id or _is_near(event.content["onset_hour"], anomaly)


def _is_near(onset_hour: str, anomaly: Anomaly) -> bool:
    return abs(datetime.fromisoformat(onset_hour) - anomaly.onset_hour) <= SAME_CHANGE
