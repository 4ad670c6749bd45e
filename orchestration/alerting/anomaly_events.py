"""Which anomalies are news: raised, worse than was told, over, or open for so long that it is said again.

Pure. Not here: who hears of it (matching), nor the words (messages).

An alarm is told once extra answers have confirmed it, or were too few to; they are awaited for two hours at most. A
replay of late hours may retract an alarm and raise the same change under another id. Both are one matter, a
thread, which is raised once and ended once; a person is never told of the difference.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from orchestration.records import id_of
from orchestration.stats.detection_metrics import SEVERITIES
from orchestration.storage.alert_rows import AlertEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestration.storage.alert_sources import KnownTarget
    from orchestration.storage.anomaly_rows import Anomaly

SAME_CHANGE: Final = timedelta(hours=12)
"""How far apart the onsets of one change may be estimated; the detector is armed again 24 hours after an alarm."""
OLD_NEWS: Final = timedelta(hours=48)
"""An alarm about hours of real targets that long ago comes of grading anew: it is history and no news."""
RAISED, WORSE, REMINDER = "raised", "worse", "reminder"
ENDS: Final = ("resolved", "accepted", "retracted")

_TOLD = (
    "suite", "metric", "sign", "state", "severity", "cause", "evidence", "responsible_scenarios", "is_final",
    "before_value", "before_ci95_lower", "before_ci95_upper", "after_value", "after_ci95_lower", "after_ci95_upper",
    "effect", "effect_ci95_lower", "effect_ci95_upper", "detectable_effect", "verdict", "confirming_answer_count",
    "confirming_effect", "confirming_effect_ci95_lower", "confirming_effect_ci95_upper",
    "suite_version", "before_answer_count", "after_answer_count",
)  # fmt: skip
_HOURS = ("raised_hour", "onset_hour", "onset_earliest_hour", "onset_latest_hour", "resolved_hour", "accepted_hour")


class Threads:
    """What was told of which matter."""

    def __init__(self, told: Iterable[AlertEvent]) -> None:
        self._told: dict[UUID, list[AlertEvent]] = defaultdict(list)
        for event in told:
            if event.topic == "anomalies":
                self._told[event.thread_id].append(event)

    def of(self, anomaly: Anomaly) -> UUID:
        """Its own, or that of the same change under another id."""
        if anomaly.anomaly_id in self._told:
            return anomaly.anomaly_id
        alike = [thread for thread, events in sorted(self._told.items()) if _is_same_change(events[0], anomaly)]
        return alike[0] if alike else anomaly.anomaly_id

    def kinds(self, thread: UUID) -> set[str]:
        return {event.kind for event in self._told.get(thread, [])}

    def severities(self, thread: UUID) -> set[str]:
        return {event.severity for event in self._told.get(thread, []) if event.severity}

    def raised_at(self, thread: UUID) -> datetime | None:
        """When it was first told."""
        return min((event.recorded_at for event in self._told.get(thread, []) if event.kind == RAISED), default=None)

    def add(self, event: AlertEvent) -> None:
        self._told[event.thread_id].append(event)


def _is_same_change(event: AlertEvent, anomaly: Anomaly) -> bool:
    content = event.content
    stream = (anomaly.target_id, anomaly.suite, anomaly.is_simulated, anomaly.metric, anomaly.sign)
    if (event.target_ids[0], content["suite"], event.is_simulated, event.metric, content["sign"]) != stream:
        return False
    return abs(datetime.fromisoformat(content["onset_hour"]) - anomaly.onset_hour) <= SAME_CHANGE


def anomaly_events(
    anomalies: Sequence[Anomaly],
    told: Iterable[AlertEvent],
    targets: Mapping[str, KnownTarget],
    families: Mapping[str, str],
    now: datetime,
) -> list[AlertEvent]:
    """What is new of the matters that these newest revisions belong to."""
    threads, seen, found = Threads(told), set[UUID](), []
    for anomaly in sorted(anomalies, key=_standing):
        thread = threads.of(anomaly)
        if thread in seen:
            continue
        seen.add(thread)
        for kind in _news(threads, thread, anomaly):
            event = event_of(anomaly, thread, kind, targets, families, now)
            threads.add(event)
            found.append(event)
    return found


def _standing(anomaly: Anomaly) -> tuple[int, datetime, UUID]:
    """Of several that are one matter the first one says how it stands."""
    return ("open", *ENDS).index(anomaly.state), anomaly.raised_hour, anomaly.anomaly_id


def _news(threads: Threads, thread: UUID, anomaly: Anomaly) -> list[str]:
    """The kinds of events that the state of a matter asks for beyond those that were told."""
    kinds = threads.kinds(thread)
    if not kinds:
        if anomaly.state == "retracted" or _is_old(anomaly) or is_held(anomaly):
            return []
        return [RAISED] if anomaly.state == "open" else [RAISED, anomaly.state]
    if anomaly.state in ENDS:
        return [] if anomaly.state in kinds else [anomaly.state]
    if kinds.intersection(ENDS):
        return []
    worst = max(map(SEVERITIES.index, threads.severities(thread)), default=0)
    return [WORSE] if SEVERITIES.index(anomaly.severity) > worst else []


def is_held(anomaly: Anomaly) -> bool:
    """Whether it is not told as yet: extra answers are awaited, or speak against it and a day does not outweigh them.

    Of single scenarios a day is nothing: they are told when their new level is accepted.
    """
    if anomaly.verdict != "stable":
        return anomaly.verdict == "pending"
    if anomaly.state != "open":
        return anomaly.state == "resolved"
    return anomaly.is_of_single_scenarios or not anomaly.is_final


def _is_old(anomaly: Anomaly) -> bool:
    return not anomaly.is_simulated and anomaly.computed_at - anomaly.raised_hour > OLD_NEWS


def event_of(
    anomaly: Anomaly,
    thread: UUID,
    kind: str,
    targets: Mapping[str, KnownTarget],
    families: Mapping[str, str],
    now: datetime,
    *occasion: object,
) -> AlertEvent:
    """What is told of an anomaly. The same kind is told once of a thread, or once for each `occasion`."""
    target = targets.get(anomaly.target_id)
    told_once = (anomaly.severity,) if kind == WORSE else occasion
    return AlertEvent(
        event_id=id_of("anomaly", thread, kind, *told_once),
        thread_id=thread,
        topic="anomalies",
        kind=kind,
        target_ids=[anomaly.target_id],
        families=sorted({families[name] for name in _scenarios(anomaly) if name in families}),
        provider=target.provider if target else None,
        metric=anomaly.metric,
        severity=anomaly.severity,
        value=anomaly.after_value,
        is_simulated=anomaly.is_simulated,
        content=_content(anomaly, target.label if target else anomaly.target_id),
        occurred_at=_moment(anomaly, kind) or now,
        recorded_at=now,
    )


def _moment(anomaly: Anomaly, kind: str) -> datetime | None:
    """The hour in which it came to be; None where that is no hour's."""
    return {RAISED: anomaly.raised_hour, "resolved": anomaly.resolved_hour, "accepted": anomaly.accepted_hour}.get(kind)


def _scenarios(anomaly: Anomaly) -> list[str]:
    return [entry["scenario_id"] for entry in anomaly.responsible_scenarios]


def _content(anomaly: Anomaly, label: str) -> dict[str, Any]:
    content: dict[str, Any] = {"anomaly_id": str(anomaly.anomaly_id), "label": label}
    content |= {name: getattr(anomaly, name) for name in _TOLD}
    hours = {name: getattr(anomaly, name) for name in _HOURS}
    return content | {name: hour.isoformat() for name, hour in hours.items() if hour is not None}


def reminders(
    anomalies: Iterable[Anomaly],
    threads: Threads,
    intervals: Iterable[timedelta],
    targets: Mapping[str, KnownTarget],
    families: Mapping[str, str],
    now: datetime,
) -> list[tuple[timedelta, AlertEvent]]:
    """For each open matter and interval: that it is still open, for the newest time that the interval has passed."""
    found = []
    for anomaly in anomalies:
        thread = threads.of(anomaly)
        raised_at = threads.raised_at(thread)
        if anomaly.state != "open" or raised_at is None:
            continue
        for interval in sorted(set(intervals)):
            if passed := (now - raised_at) // interval:
                occasion = (interval.total_seconds(), passed)
                event = event_of(anomaly, thread, REMINDER, targets, families, now, *occasion)
                found.append((interval, event))
    return found
