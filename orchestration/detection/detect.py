"""From the cells of touched hours to anomalies: watch each target's streams, then look for causes.

Not here: how a change is found (stats), how rows are read and written (storage).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from orchestration.detection.anomalies import anomaly_of, retracted, revised
from orchestration.detection.causes import (
    Evidence,
    Onset,
    Window,
    evidence_of_changes,
    evidence_of_failures,
    evidence_of_versions,
    likeliest,
    provider_incidents,
)
from orchestration.detection.cells import HOUR, published_effect, published_value
from orchestration.detection.confirming import SAME_SIGNAL, Confirming, expired, last_round_before, with_verdict
from orchestration.detection.launch import known_launch, launch_baselines
from orchestration.detection.watch import Watched, daily_states, watch_from_nothing, watch_on, watch_quiet_hours
from orchestration.stats.change_points import DETECTOR_VERSION, THRESHOLD
from orchestration.stats.detection_metrics import ERRORS, WATCHED
from orchestration.stats.stream_values import WARM_UP_HOURS
from orchestration.storage.anomaly_rows import (
    EXTRA_CELLS,
    Anomaly,
    StreamKey,
    WatchedStream,
    read_anomalies,
    read_cells,
    read_failures,
    read_models,
    read_new_cells,
    read_recent_anomalies,
    read_states,
    read_target_changes,
    record_anomalies,
    replace_states,
    replace_watched_streams,
    touched_streams,
)
from orchestration.storage.baseline_rows import read_baselines, replace_baselines
from orchestration.storage.confirmation_rows import (
    PENDING,
    read_confirmations,
    read_recent_confirmations,
    replace_confirmations,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from orchestration.detection.causes import Incident
    from orchestration.storage.anomaly_rows import DetectionState, TargetChange, Touched
    from orchestration.storage.baseline_rows import BaselineRow
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.confirmation_rows import ConfirmationRow

KEPT_DAYS = 8
NEWEST_STATE = timedelta(days=2)
"""How old a kept state may be for its new cells to be read together with those of all targets."""
NEVER = datetime.max.replace(tzinfo=UTC)
RECENT = timedelta(days=14)
BESIDE = timedelta(days=1)
"""How much further back changes may lie that are of one incident with those whose causes are looked for again."""
FAILURES_BEFORE = timedelta(days=7)
"""How far before an onset calls are counted by the reason of their failure."""
OWN_KINDS = {"suite", "scenario", "scorer", "error_codes"}
"""Evidence from cells and calls, which are read when a stream is watched and not when causes are looked for again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run of the detector did."""

    streams: int
    anomalies: int
    revisions: int
    asked: int
    """Changes about which extra answers are asked in the next hour."""


def detect_anomalies(connection: Connection, touched: Touched | None, now: datetime, *, asks: bool = False) -> Found:
    """Watch the streams of the touched hours (first, end), or all from nothing; write what is new of them.

    With `asks` extra answers are to be asked about what shows in the newest touched hour.
    """
    known = _known(connection, touched)
    looks = [_watch(connection, stream, known, now, asks=asks) for stream in known.streams]
    states = (state for look in looks for state in look.states)
    replace_states(connection, known.streams, states, known.first, KEPT_DAYS)
    replace_baselines(connection, (baseline for look in looks for baseline in look.baselines))
    unwatched = chain.from_iterable(_unwatched(stream, hour, now) for stream, hour in known.unwatched.items())
    replace_watched_streams(connection, chain(unwatched, *(look.streams for look in looks)))
    signals = [row for look in looks for row in look.signals]
    replace_confirmations(connection, [*_expired(known, signals, now), *signals])
    drafts = [draft for look in looks for draft in look.drafts]
    since = _since(drafts, now)
    recent = read_recent_anomalies(connection, since - BESIDE)
    before = {anomaly.anomaly_id: anomaly for anomaly in (*recent, *chain(*known.published.values()))}
    now_known = {anomaly.anomaly_id: anomaly for anomaly in (*recent, *drafts)}
    found = [anomaly for anomaly in _with_causes(connection, now_known, now) if anomaly.onset_hour >= since]
    revisions = [new for anomaly in found if (new := revised(before.get(anomaly.anomaly_id), anomaly)) is not None]
    record_anomalies(connection, revisions)
    asked = sum(row.verdict == PENDING for row in signals)
    return Found(len(looks), sum(row.revision == 1 for row in revisions), len(revisions), asked)


def _since(drafts: Sequence[Anomaly], now: datetime) -> datetime:
    return min([now - RECENT, *(draft.onset_hour - timedelta(hours=6) for draft in drafts)])


# -- streams


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is of the touched streams: kept states that still hold, new cells, and what was published.

    `newest` is the newest touched hour, None where all is looked at from nothing; then no signal is looked at.
    """

    streams: Sequence[StreamKey]
    first: datetime | None
    kept: Mapping[StreamKey, DetectionState]
    new_cells: Mapping[StreamKey, pl.DataFrame]
    new_since: datetime
    published: Mapping[StreamKey, Sequence[Anomaly]]
    unwatched: Mapping[StreamKey, datetime]
    baselines: Mapping[StreamKey, Sequence[BaselineRow]]
    newest: datetime | None = None
    signals: Sequence[ConfirmationRow] = ()
    extra_cells: Mapping[StreamKey, pl.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Look:
    """At a target: its anomalies as its cells are now (none where nothing can be new of them), streams and states."""

    drafts: Sequence[Anomaly] = ()
    streams: Sequence[WatchedStream] = ()
    states: Sequence[DetectionState] = ()
    baselines: Sequence[BaselineRow] = ()
    signals: Sequence[ConfirmationRow] = ()


def _known(connection: Connection, touched: Touched | None) -> _Known:
    streams, unwatched = touched_streams(connection, touched)
    published: dict[StreamKey, list[Anomaly]] = {stream: [] for stream in streams}
    for anomaly in read_anomalies(connection, streams):
        published.setdefault(anomaly.stream, []).append(anomaly)
    baselines: dict[StreamKey, list[BaselineRow]] = defaultdict(list)
    for row in read_baselines(connection, streams):
        baselines[row.stream].append(row)
    if touched is None:
        return _Known(streams, None, {}, {}, NEVER, published, unwatched, baselines)
    since, newest = touched[0] - NEWEST_STATE, touched[1] - HOUR
    return _Known(
        streams,
        touched[0],
        read_states(connection, streams, touched[0], DETECTOR_VERSION),
        read_new_cells(connection, streams, since),
        since,
        published,
        unwatched,
        baselines,
        newest,
        read_recent_confirmations(connection, newest - SAME_SIGNAL),
        read_new_cells(connection, streams, last_round_before(newest), EXTRA_CELLS),
    )


def _expired(known: _Known, judged: Sequence[ConfirmationRow], now: datetime) -> list[ConfirmationRow]:
    """Of streams that were not looked at."""
    if known.newest is None:
        return []
    done = {row.confirmation_id for row in judged}
    return [expired(row, known.newest, now) for row in known.signals if row.confirmation_id not in done]


def _watch(connection: Connection, stream: StreamKey, known: _Known, now: datetime, *, asks: bool) -> _Look:
    kept, drafts = known.kept.get(stream), []
    watched = None if kept is None else _watch_quiet(stream, kept, known)
    if watched is None:
        frame = read_cells(connection, stream)
        if frame.is_empty():
            return _Look()
        launched = known_launch(known.baselines.get(stream, ()))
        watched = watch_from_nothing(frame, launched) if kept is None else watch_on(kept, frame, launched)
        drafts = _drafts(stream, watched, frame, known.published[stream], now)
        drafts = [_with_failures(connection, draft) for draft in drafts]
    signals = [] if known.newest is None else _signals(stream, known, now).look(watched, known.newest, asks=asks)
    if drafts:
        rows = {row.confirmation_id: row for row in (*read_confirmations(connection, stream), *signals)}
        drafts = [with_verdict(draft, rows.values()) for draft in drafts]
    states = list(daily_states(stream, watched, None if kept is None else kept.state_hour, now))[-KEPT_DAYS:]
    baselines = list(launch_baselines(stream, watched, known.baselines.get(stream, ()), now)) if states else []
    return _Look(drafts, list(_streams(stream, watched, now)), states, baselines, signals)


def _signals(stream: StreamKey, known: _Known, now: datetime) -> Confirming:
    own = [row for row in known.signals if row.stream == stream]
    return Confirming(stream, own, known.extra_cells.get(stream), now)


def _watch_quiet(stream: StreamKey, kept: DetectionState, known: _Known) -> Watched | None:
    """From the new cells alone, where that will do."""
    if kept.state_hour < known.new_since or stream not in known.new_cells:
        return None
    if any(row.raised_hour >= kept.state_hour for row in known.published[stream]):
        return None
    new = known.new_cells[stream].filter(pl.col("benchmark_hour") >= kept.state_hour)
    return watch_quiet_hours(kept, new) if len(new) else None


def _drafts(
    stream: StreamKey, watched: Watched, frame: pl.DataFrame, published: Sequence[Anomaly], now: datetime
) -> list[Anomaly]:
    drafts = [
        _with_what_was_asked(
            anomaly_of(stream, metric, change, watched.cells[metric], watched.first_hour, now), frame
        )
        for metric, found in watched.found.items()
        for change in found.changes
    ]  # fmt: skip
    raised = {draft.anomaly_id for draft in drafts}
    # Of what was raised before the first cells that are left could be compared nothing is known any more.
    launched = watched.first_hour + WARM_UP_HOURS * HOUR
    return drafts + [
        retracted(known, now) for known in published if known.anomaly_id not in raised and known.raised_hour >= launched
    ]


def _with_what_was_asked(draft: Anomaly, frame: pl.DataFrame) -> Anomaly:
    """With the version of its suite, and other versions as evidence."""
    found = evidence_of_versions(frame, draft.metric, _window(draft))
    asked = frame.filter(pl.col("benchmark_hour") <= draft.raised_hour)["suite_version"].to_list()
    return replace(draft, suite_version=max(asked, default=None), evidence=[evidence.told() for evidence in found])


def _with_failures(connection: Connection, draft: Anomaly) -> Anomaly:
    """Of more or fewer failed calls: for which reasons, from a week before the onset to the hour of the alarm."""
    if draft.metric != ERRORS.name or draft.state == "retracted":
        return draft
    first, onset = draft.onset_hour - FAILURES_BEFORE, draft.onset_hour
    failures = read_failures(connection, draft.stream, first, onset, draft.raised_hour)
    found = [evidence.told() for evidence in evidence_of_failures(failures, onset)]
    return replace(draft, evidence=[*draft.evidence, *found])


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


def _unwatched(stream: StreamKey, hour: datetime, now: datetime) -> Iterator[WatchedStream]:
    """Of a suite that is not asked every hour."""
    for metric in WATCHED:
        yield WatchedStream(*stream, metric.name, "not_hourly", hour, hour, None, None, now)


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
