"""What the detector reads of the warehouse and what it leaves there: cells, states, streams, anomalies.

Not here: the detector (stats), nor what makes an anomaly of a change (detection).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

import polars as pl
from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from orchestration.storage.bulk_insert import Connection, RawTable, insert_rows, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

Touched = tuple[Any, Any]


class StreamKey(NamedTuple):
    """Whose cells are looked at together; simulated ones and real ones never are."""

    target_id: str
    suite: str
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One revision of one published alarm.

    Values are points, milliseconds, USD an answer, or a share of failed calls. The effect is their difference for
    quality and errors, and their ratio (after / before) for the others, as are `detectable_effect` and what extra
    answers show (`confirming_effect`, None without any). `suite_version` is that of the hour in which it was raised,
    the counts are of answers that the values rest on; they are None where an older detector did not say.
    """

    anomaly_id: UUID
    revision: int
    target_id: str
    suite: str
    suite_version: int | None
    is_simulated: bool
    metric: str
    sign: int
    raised_hour: datetime
    state: str
    severity: str
    is_final: bool
    onset_hour: datetime
    onset_earliest_hour: datetime
    onset_latest_hour: datetime
    resolved_hour: datetime | None
    accepted_hour: datetime | None
    before_value: float
    before_ci95_lower: float
    before_ci95_upper: float
    after_value: float
    after_ci95_lower: float
    after_ci95_upper: float
    before_answer_count: int | None
    after_answer_count: int | None
    effect: float
    effect_ci95_lower: float
    effect_ci95_upper: float
    detectable_effect: float
    statistic: float
    is_of_single_scenarios: bool
    responsible_scenarios: list[dict[str, Any]]
    cause: str
    evidence: list[dict[str, Any]]
    incident_id: UUID | None
    verdict: str
    confirming_answer_count: int
    confirming_effect: float | None
    confirming_effect_ci95_lower: float | None
    confirming_effect_ci95_upper: float | None
    computed_at: datetime

    @property
    def stream(self) -> StreamKey:
        return StreamKey(self.target_id, self.suite, self.is_simulated)


@dataclass(frozen=True, slots=True)
class WatchedStream:
    """Whether there is enough to compare with, and since `first_hour` what is seen; the last two are None if not."""

    target_id: str
    suite: str
    is_simulated: bool
    metric: str
    status: str
    first_hour: datetime
    last_hour: datetime
    launch_value: float | None
    detectable_effect: float | None
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class DetectionState:
    """What a version of the detector knew before `state_hour`; hour 0 of its hours is `first_hour`."""

    target_id: str
    suite: str
    is_simulated: bool
    state_hour: datetime
    detector_version: int
    first_hour: datetime
    state: bytes
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class TargetChange:
    """A change in raw.changes that concerns a target, by its own id, its model or its host."""

    target_id: str
    kind: str
    effective_at: datetime
    old_value: dict[str, Any] | None
    new_value: dict[str, Any] | None


_JSON = {"responsible_scenarios", "evidence"}
_NAMES = tuple(field.name for field in fields(Anomaly))
ANOMALIES = RawTable[Anomaly](
    "anomalies",
    _NAMES,
    lambda row: tuple(Jsonb(getattr(row, name)) if name in _JSON else getattr(row, name) for name in _NAMES),
)
_STREAM_NAMES = tuple(field.name for field in fields(WatchedStream))
WATCHED_STREAMS = RawTable[WatchedStream]("watched_streams", _STREAM_NAMES, attrgetter(*_STREAM_NAMES))
_STATE_NAMES = tuple(field.name for field in fields(DetectionState))
DETECTION_STATES = RawTable[DetectionState]("detection_states", _STATE_NAMES, attrgetter(*_STATE_NAMES))
DETECTION_TABLES: tuple[RawTable[Any], ...] = (ANOMALIES, WATCHED_STREAMS, DETECTION_STATES)

_CELLS: dict[str, pl.DataType | type[pl.DataType]] = {
    "benchmark_hour": pl.Datetime("us", "UTC"),
    "scenario_id": pl.String,
    "suite_version": pl.Int64,
    "scenario_version": pl.Int64,
    "variant_seed": pl.Int64,
    "answered_count": pl.Int64,
    "failed_count": pl.Int64,
    "scored_count": pl.Int64,
    "score_mean": pl.Float64,
    "latency_p50_ms": pl.Float64,
    "time_to_first_token_p50_ms": pl.Float64,
    "cost_mean_usd": pl.Float64,
    "scorer": pl.String,
    "scorer_version": pl.Int64,
}
_STREAM: LiteralString = "target_id = %(target_id)s and suite = %(suite)s and is_simulated = %(is_simulated)s"
_READ_CELLS = f"""
select {", ".join(_CELLS)} from intermediate.int_detection_cells
where {_STREAM}
order by benchmark_hour
"""  # noqa: S608 - fixed names
EXTRA_CELLS = "int_confirming_cells"
_READ_NEW_CELLS: LiteralString = """
select {columns} from intermediate.{cells}
where benchmark_hour >= %(since)s and target_id = any(%(target_ids)s)
order by benchmark_hour
"""

# Only suites that are asked every hour: the detector's rates are those of hourly series.
_TOUCHED: LiteralString = """
select target_id, suite, is_simulated, max(benchmark_hour), suite in (
    select hourly.suite from raw.suites as hourly where hourly.cadence = 'hourly'
)
from intermediate.int_calls_resolved
where benchmark_hour >= %(first)s and benchmark_hour < %(end)s
group by target_id, suite, is_simulated
order by target_id, suite, is_simulated
"""


def touched_streams(
    connection: Connection, touched: Touched | None
) -> tuple[list[StreamKey], dict[StreamKey, datetime]]:
    """The hourly streams with calls in the touched hours (first, end), or all; the newest of these of the others."""
    first, end = touched or ("-infinity", "infinity")
    rows = connection.execute(_TOUCHED, {"first": first, "end": end}).fetchall()
    hourly = [StreamKey(*key) for *key, _, is_hourly in rows if is_hourly]
    return hourly, {StreamKey(*key): newest for *key, newest, is_hourly in rows if not is_hourly}


def read_cells(connection: Connection, stream: StreamKey) -> pl.DataFrame:
    """The stream's cells in the order of their hours."""
    rows = connection.execute(_READ_CELLS.encode(), stream._asdict()).fetchall()
    return pl.DataFrame(rows, schema=_CELLS, orient="row")


def read_new_cells(
    connection: Connection, streams: Iterable[StreamKey], since: datetime, cells: str = "int_detection_cells"
) -> dict[StreamKey, pl.DataFrame]:
    """The cells of many targets' streams from an hour on, at once; or those of extra answers."""
    columns = sql.SQL(", ").join(map(sql.Identifier, (*StreamKey._fields, *_CELLS)))
    query = sql.SQL(_READ_NEW_CELLS).format(columns=columns, cells=sql.Identifier(cells))
    rows = connection.execute(query, {"since": since, "target_ids": _target_ids(streams)}).fetchall()
    schema = {"target_id": pl.String, "suite": pl.String, "is_simulated": pl.Boolean, **_CELLS}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    parts = frame.partition_by(StreamKey._fields, as_dict=True, include_key=False)
    return {StreamKey(*key): part for key, part in parts.items()}


_FAILURES: LiteralString = """
select reason, count(*) filter (where benchmark_hour < %(onset)s), count(*) filter (where benchmark_hour >= %(onset)s)
from intermediate.int_calls_resolved
where
    target_id = %(target_id)s and suite = %(suite)s and is_simulated = %(is_simulated)s and sample_index = 0
    and response_status = 'failed' and status <> 'late' and benchmark_hour between %(first)s and %(last)s
group by reason order by reason
"""


def read_failures(
    connection: Connection, stream: StreamKey, first: datetime, onset: datetime, last: datetime
) -> list[tuple[str, int, int]]:
    """How many calls of the hours failed for each reason, before an onset and from it on."""
    hours = {"first": first, "onset": onset, "last": last}
    return connection.execute(_FAILURES, stream._asdict() | hours).fetchall()


def _target_ids(streams: Iterable[StreamKey]) -> list[str]:
    return sorted({stream.target_id for stream in streams})


_READ_STATES: LiteralString = """
select distinct on (target_id, suite, is_simulated) {columns} from raw.detection_states
where target_id = any(%(target_ids)s) and state_hour <= %(not_after)s and detector_version = %(version)s
order by target_id, suite, is_simulated, state_hour desc
"""


def read_states(
    connection: Connection, streams: Iterable[StreamKey], not_after: datetime, detector_version: int
) -> dict[StreamKey, DetectionState]:
    """The newest kept state of each stream by that version of the detector whose hour is not after that one."""
    query = sql.SQL(_READ_STATES).format(columns=DETECTION_STATES.column_list)
    parameters = {"target_ids": _target_ids(streams), "not_after": not_after, "version": detector_version}
    with connection.cursor(row_factory=class_row(DetectionState)) as cursor:
        rows = cursor.execute(query, parameters).fetchall()
    return {StreamKey(row.target_id, row.suite, row.is_simulated): row for row in rows}


_DELETE_OUTDATED: LiteralString = """
delete from raw.detection_states where target_id = any(%(target_ids)s) and state_hour > %(changed_from)s
"""
_DELETE_OLD: LiteralString = """
delete from raw.detection_states as kept
using (
    select
        target_id, suite, is_simulated, state_hour,
        row_number() over (partition by target_id, suite, is_simulated order by state_hour desc) as age
    from raw.detection_states
    where target_id = any(%(target_ids)s)
) as aged
where (kept.target_id, kept.suite, kept.is_simulated, kept.state_hour)
    = (aged.target_id, aged.suite, aged.is_simulated, aged.state_hour)
    and aged.age > %(kept)s
"""


def replace_states(
    connection: Connection,
    streams: Iterable[StreamKey],
    states: Iterable[DetectionState],
    changed_from: datetime | None,
    kept: int,
) -> None:
    """Write states in place of those after `changed_from` (None: of all), which are of no use any more.

    So many of each stream are kept, the newest.
    """
    target_ids = _target_ids(streams)
    with connection.transaction():
        outdated = {"target_ids": target_ids, "changed_from": changed_from or "-infinity"}
        connection.execute(_DELETE_OUTDATED, outdated)
        insert_rows(connection, DETECTION_STATES, states, _REPLACE_STATES)
        connection.execute(_DELETE_OLD, {"target_ids": target_ids, "kept": kept})


_REPLACE_STATES = replacing(DETECTION_STATES, (*StreamKey._fields, "state_hour"))
_REPLACE_STREAMS = replacing(WATCHED_STREAMS, (*StreamKey._fields, "metric"))


def replace_watched_streams(connection: Connection, rows: Iterable[WatchedStream]) -> int:
    return insert_rows(connection, WATCHED_STREAMS, rows, _REPLACE_STREAMS)


def record_anomalies(connection: Connection, rows: Iterable[Anomaly]) -> int:
    """Record revisions. Returns how many are new."""
    return insert_rows(connection, ANOMALIES, rows)


_NEWEST: LiteralString = """
select {columns} from (
    select distinct on (anomaly_id) * from raw.anomalies where {of} order by anomaly_id, revision desc
) as newest
where {condition}
order by raised_hour, anomaly_id
"""


def read_anomalies(connection: Connection, streams: Iterable[StreamKey]) -> list[Anomaly]:
    """The newest revisions of the anomalies of these targets."""
    return _anomalies(connection, {"target_ids": _target_ids(streams)}, of="target_id = any(%(target_ids)s)")


def read_recent_anomalies(connection: Connection, since: datetime) -> list[Anomaly]:
    """The newest revisions of all anomalies that began after a moment or are open."""
    return _anomalies(connection, {"since": since}, condition="onset_hour >= %(since)s or state = 'open'")


def _anomalies(
    connection: Connection, parameters: dict[str, Any], of: LiteralString = "true", condition: LiteralString = "true"
) -> list[Anomaly]:
    query = sql.SQL(_NEWEST).format(columns=ANOMALIES.column_list, of=sql.SQL(of), condition=sql.SQL(condition))
    with connection.cursor(row_factory=class_row(Anomaly)) as cursor:
        return cursor.execute(query, parameters).fetchall()


_TARGETS: LiteralString = """
select distinct on (target_id) target_id, provider, model, host
from raw.targets order by target_id, recorded_at desc
"""
_CHANGES: LiteralString = """
with targets as ({targets})
select targets.target_id, changes.kind, changes.effective_at, changes.old_value, changes.new_value
from raw.changes
inner join targets
    on changes.subject in (targets.target_id, targets.provider || '/' || targets.model, targets.host)
    or starts_with(targets.host, changes.subject || '/')
where
    changes.effective_at >= %(since)s
    and coalesce(changes.new_value ->> 'suspicion', changes.old_value ->> 'suspicion') is null
order by targets.target_id, changes.effective_at, changes.kind
"""
_MODELS: LiteralString = """
with targets as ({targets})
select target_id, provider, model from targets
where target_id in (select target_id from raw.watched_streams where status = 'watched')
"""


def read_target_changes(connection: Connection, since: datetime) -> list[TargetChange]:
    """The changes from a moment on that concern a target, those left out that may be mistakes."""
    query = sql.SQL(_CHANGES).format(targets=sql.SQL(_TARGETS))
    with connection.cursor(row_factory=class_row(TargetChange)) as cursor:
        return cursor.execute(query, {"since": since}).fetchall()


def read_models(connection: Connection) -> dict[str, tuple[str, str]]:
    """Provider and model of each target with enough data in any stream."""
    query = sql.SQL(_MODELS).format(targets=sql.SQL(_TARGETS))
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}
