"""Which anomalies are news: raised, worse than was told, over, or open for so long that it is said again.

Pure. Not here: which alarms are one matter (threads), what an event of it says (event_making), who hears of it
(matching).

An alarm is told once extra answers have confirmed it, or were too few to; they are awaited for three hours at most. A
replay of late hours may retract an alarm and raise the same change under another id, and several models of a provider
may change together. Both are one matter, which is raised once and ended once; a person is never told of the parts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from orchestration.alerting.event_making import event_of, incident_event_of
from orchestration.alerting.threads import ENDS, RAISED, REMINDER, SPREAD, WORSE, Threads
from orchestration.stats.detection_metrics import SEVERITIES
from orchestration.storage.alert_rows import AlertEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from orchestration.alerting.event_making import Names
    from orchestration.storage.alert_sources import PublishedAnomaly

OLD_NEWS: Final = timedelta(hours=48)
"""An alarm about hours of real targets that long before it was published comes of grading anew: it is no news."""
LONGEST_HELD: Final = timedelta(hours=3)
"""Extra answers come within two hours, and their run ends in the third; without it nothing more will come."""


def anomaly_events(
    anomalies: Sequence[PublishedAnomaly], told: Iterable[AlertEvent], names: Names, now: datetime
) -> list[AlertEvent]:
    """What is new of the matters that these newest revisions belong to."""
    threads, seen, found = Threads(told, names.targets), set[UUID](), list[AlertEvent]()
    incidents: dict[UUID, list[PublishedAnomaly]] = defaultdict(list)
    for anomaly in sorted(anomalies, key=_standing):
        thread = threads.of(anomaly)
        if threads.is_of_incident(thread) or thread == anomaly.incident_id:
            incidents[thread].append(anomaly)
        elif thread not in seen:
            seen.add(thread)
            for kind in _news(threads, thread, anomaly, now):
                event = event_of(anomaly, thread, kind, names, now)
                threads.add(event)
                found.append(event)
    for thread, parts in incidents.items():
        news = _news_of_incident(threads, thread, parts, now)
        found += [incident_event_of(rows, thread, kind, names, now) for kind, rows in news]
    return found


def _standing(anomaly: PublishedAnomaly) -> tuple[int, datetime, UUID]:
    """Of several that are one matter the first one says how it stands."""
    return ("open", *ENDS).index(anomaly.state), anomaly.raised_hour, anomaly.anomaly_id


def _news(threads: Threads, thread: UUID, anomaly: PublishedAnomaly, now: datetime) -> list[str]:
    """The kinds of events that the state of a matter asks for beyond those that were told."""
    kinds = threads.kinds(thread)
    if not kinds:
        if not is_news(anomaly, now):
            return []
        return [RAISED] if anomaly.state == "open" else [RAISED, anomaly.state]
    if anomaly.state in ENDS:
        return [] if anomaly.state in kinds else [anomaly.state]
    if kinds.intersection(ENDS):
        return []
    return [WORSE] if SEVERITIES.index(anomaly.severity) > threads.worst(thread) else []


def _news_of_incident(
    threads: Threads, thread: UUID, parts: Sequence[PublishedAnomaly], now: datetime
) -> Iterator[tuple[str, list[PublishedAnomaly]]]:
    """Each kind of event that an incident asks for, and the alarms that it is about."""
    kinds = threads.kinds(thread)
    rows = [row for row in parts if threads.worst_of(row, thread) >= 0 or is_news(row, now)]
    if not rows or kinds.intersection(ENDS):
        return
    if kinds:
        yield from _grown(threads, thread, rows)
    else:
        yield RAISED, rows
    if all(row.state != "open" for row in rows):
        yield _end_of(rows), rows


def _grown(
    threads: Threads, thread: UUID, rows: Sequence[PublishedAnomaly]
) -> Iterator[tuple[str, list[PublishedAnomaly]]]:
    """What is worse than was told of any of it; and what is new or worse of its own, for whom it alone concerns."""
    by_kind: dict[str, list[PublishedAnomaly]] = defaultdict(list)
    worst = threads.worst(thread)
    for row in rows:
        rank, told = SEVERITIES.index(row.severity), threads.worst_of(row, thread)
        if rank > told and (row.state == "open" or told < 0):
            by_kind[WORSE if rank > worst else SPREAD].append(row)
    yield from by_kind.items()


def _end_of(rows: Sequence[PublishedAnomaly]) -> str:
    """As most of them ended; those that were withdrawn say nothing where any other is left."""
    ended = Counter(row.state for row in rows if row.state != "retracted")
    return max(sorted(ended), key=ended.__getitem__, default="retracted")


def is_news(anomaly: PublishedAnomaly, now: datetime) -> bool:
    """Whether an alarm that was not told as yet is to be."""
    return anomaly.state != "retracted" and not _is_old(anomaly) and not is_held(anomaly, now)


def is_held(anomaly: PublishedAnomaly, now: datetime) -> bool:
    """Whether it is not told as yet: extra answers are awaited, or speak against it and a day does not outweigh them.

    Of single scenarios a day is nothing: they are told when their new level is accepted.
    """
    if anomaly.verdict != "stable":
        return anomaly.verdict == "pending" and now - anomaly.published_at < LONGEST_HELD
    if anomaly.state != "open":
        return anomaly.state == "resolved"
    return anomaly.is_of_single_scenarios or not anomaly.is_final


def _is_old(anomaly: PublishedAnomaly) -> bool:
    return not anomaly.is_simulated and anomaly.published_at - anomaly.raised_hour > OLD_NEWS


def reminders(
    anomalies: Iterable[PublishedAnomaly],
    threads: Threads,
    intervals: Iterable[timedelta],
    names: Names,
    now: datetime,
) -> list[tuple[timedelta, AlertEvent]]:
    """For each open matter and interval: that it is still open, for the newest time that the interval has passed."""
    matters: dict[UUID, list[PublishedAnomaly]] = defaultdict(list)
    for anomaly in anomalies:
        if anomaly.state == "open":
            matters[threads.of(anomaly)].append(anomaly)
    return [
        (interval, _reminder(rows, threads, thread, interval, passed, names, now))
        for thread, rows in matters.items()
        if (raised_at := threads.raised_at(thread)) is not None
        for interval in sorted(set(intervals))
        if (passed := (now - raised_at) // interval)
    ]


def _reminder(
    rows: Sequence[PublishedAnomaly],
    threads: Threads,
    thread: UUID,
    interval: timedelta,
    passed: int,
    names: Names,
    now: datetime,
) -> AlertEvent:
    occasion = (interval.total_seconds(), passed)
    if not threads.is_of_incident(thread):
        return event_of(rows[0], thread, REMINDER, names, now, *occasion)
    told = [row for row in rows if threads.worst_of(row, thread) >= 0]
    return incident_event_of(told, thread, REMINDER, names, now, *occasion)
