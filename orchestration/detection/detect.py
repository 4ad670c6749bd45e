"""From the cells of touched hours to anomalies: watch each target's streams, then look for causes.

Not here: how a change is found (stats), how rows are read and written (storage).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.detection.anomalies import anomaly_of, retracted, revised
from orchestration.detection.causes import (
    Evidence,
    Onset,
    Window,
    evidence_of_changes,
    evidence_of_versions,
    likeliest,
    provider_incidents,
)
from orchestration.detection.cells import published_effect, published_value
from orchestration.detection.watch import Watched, daily_states, watch_from_nothing, watch_on, watch_quiet_hours
from orchestration.stats.change_points import DETECTOR_VERSION, THRESHOLD
from orchestration.storage.anomaly_rows import (
    Anomaly,
    StreamKey,
    WatchedStream,
    read_anomalies,
    read_cells,
    read_models,
    read_recent_anomalies,
    read_state,
    read_target_changes,
    record_anomalies,
    replace_states,
    replace_watched_streams,
    touched_streams,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    import polars as pl

    from orchestration.detection.causes import Incident
    from orchestration.storage.anomaly_rows import TargetChange, Touched
    from orchestration.storage.bulk_insert import Connection

KEPT_DAYS = 8
RECENT = timedelta(days=14)
OWN_KINDS = {"suite", "scenario", "scorer"}
"""Evidence from the cells, which are read when a stream is watched and not when causes are looked for again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run of the detector did."""

    streams: int
    anomalies: int
    revisions: int


def detect_anomalies(connection: Connection, touched: Touched | None, now: datetime) -> Found:
    """Watch the streams of the touched hours (first, end), or all from nothing; write what is new of them."""
    streams = touched_streams(connection, touched)
    first = None if touched is None else touched[0]
    drafts: list[Anomaly] = []
    looked_at: list[WatchedStream] = []
    for stream in streams:
        look = _watch(connection, stream, first, now)
        drafts += look.drafts
        looked_at += look.streams
    replace_watched_streams(connection, looked_at)
    recent = {anomaly.anomaly_id: anomaly for anomaly in read_recent_anomalies(connection, _since(drafts, now))}
    known = recent | {anomaly.anomaly_id: anomaly for anomaly in _published(connection, drafts)}
    found = _with_causes(connection, {**recent, **{draft.anomaly_id: draft for draft in drafts}}, now)
    revisions = [new for anomaly in found if (new := revised(known.get(anomaly.anomaly_id), anomaly)) is not None]
    record_anomalies(connection, revisions)
    return Found(len(streams), sum(row.revision == 1 for row in revisions), len(revisions))


def _since(drafts: Sequence[Anomaly], now: datetime) -> datetime:
    return min([now - RECENT, *(draft.onset_hour - timedelta(hours=6) for draft in drafts)])


def _published(connection: Connection, drafts: Sequence[Anomaly]) -> Iterator[Anomaly]:
    for stream in sorted({draft.stream for draft in drafts}):
        yield from read_anomalies(connection, stream)


# -- streams


@dataclass(frozen=True, slots=True)
class _Look:
    """At a target: its anomalies as its cells are now, none where nothing can have become of them; and its streams."""

    drafts: Sequence[Anomaly] = ()
    streams: Sequence[WatchedStream] = ()


def _watch(connection: Connection, stream: StreamKey, first: datetime | None, now: datetime) -> _Look:
    kept = None if first is None else read_state(connection, stream, first, DETECTOR_VERSION)
    published = read_anomalies(connection, stream)
    watched = None
    if kept is not None and not any(row.raised_hour >= kept.state_hour for row in published):
        fresh = read_cells(connection, stream, kept.state_hour)
        watched = watch_quiet_hours(kept, fresh) if len(fresh) else None
    drafts: list[Anomaly] = []
    if watched is None:
        frame = read_cells(connection, stream)
        if frame.is_empty():
            return _Look()
        watched = watch_from_nothing(frame) if kept is None else watch_on(kept, frame)
        drafts = _drafts(stream, watched, frame, published, now)
    states = daily_states(stream, watched, None if kept is None else kept.state_hour, now)
    replace_states(connection, stream, list(states)[-KEPT_DAYS:], first or watched.first_hour, KEPT_DAYS)
    return _Look(drafts, list(_streams(stream, watched, now)))


def _drafts(
    stream: StreamKey, watched: Watched, frame: pl.DataFrame, published: Sequence[Anomaly], now: datetime
) -> list[Anomaly]:
    drafts = [
        _with_own_evidence(
            anomaly_of(stream, metric, change, watched.cells[metric], watched.first_hour, now), frame
        )
        for metric, found in watched.found.items()
        for change in found.changes
    ]  # fmt: skip
    raised = {draft.anomaly_id for draft in drafts}
    return drafts + [retracted(known, now) for known in published if known.anomaly_id not in raised]


def _with_own_evidence(draft: Anomaly, frame: pl.DataFrame) -> Anomaly:
    found = evidence_of_versions(frame, draft.metric, _window(draft))
    return replace(draft, evidence=[evidence.told() for evidence in found])


def _window(anomaly: Anomaly) -> Window:
    return Window(anomaly.onset_earliest_hour, anomaly.onset_latest_hour)


def _streams(stream: StreamKey, watched: Watched, now: datetime) -> Iterator[WatchedStream]:
    for metric, found in watched.found.items():
        watch = found.newest.watch
        launch = detectable = None
        if watch is not None:
            launch = published_value(metric, watch.values.launch_level)
            detectable = published_effect(metric, watch.values.detectable_effect(THRESHOLD))
        status = "insufficient_data" if watch is None else "watched"
        yield WatchedStream(
            *stream, metric.name, status, watched.first_hour, watched.last_hour, launch, detectable, now
        )


# -- causes


def _with_causes(connection: Connection, anomalies: Mapping[UUID, Anomaly], now: datetime) -> list[Anomaly]:
    if not anomalies:
        return []
    since = min(anomaly.onset_earliest_hour for anomaly in anomalies.values()) - timedelta(hours=6)
    changes: dict[str, list[TargetChange]] = defaultdict(list)
    for change in read_target_changes(connection, since):
        changes[change.target_id].append(change)
    models = read_models(connection)
    incidents = provider_incidents(_onsets(anomalies.values(), models), models)
    of = {anomaly_id: incident for incident in incidents for anomaly_id in incident.anomaly_ids}
    return [
        _with_cause(anomaly, changes[anomaly.target_id], of.get(anomaly.anomaly_id), now)
        for anomaly in anomalies.values()
    ]


def _onsets(anomalies: Iterable[Anomaly], models: Mapping[str, tuple[str, str]]) -> Iterator[Onset]:
    for row in anomalies:
        if row.state != "retracted" and row.target_id in models:
            provider, model = models[row.target_id]
            yield Onset(row.anomaly_id, provider, model, row.metric, row.sign, row.is_simulated, row.onset_hour)


def _with_cause(anomaly: Anomaly, changes: Sequence[TargetChange], incident: Incident | None, now: datetime) -> Anomaly:
    told = [entry for entry in anomaly.evidence if entry["kind"] in OWN_KINDS]
    told += [evidence.told() for evidence in evidence_of_changes(changes, anomaly.metric, _window(anomaly))]
    if incident is not None:
        told.append(Evidence("provider_incident", "onsets", incident.hour, None, list(incident.models)).told())
    return replace(
        anomaly,
        evidence=told,
        cause=likeliest(entry["cause"] for entry in told),
        incident_id=None if incident is None else incident.incident_id,
        computed_at=now,
    )
