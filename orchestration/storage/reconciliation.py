"""Whether an hour's rows are the same calls all the way: planned, archived, loaded, scored, in the marts.

Not here: what is done about a difference; nothing is mended.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from orchestration.records import Response
    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection

_PLANNED = "select call_id, suite, suite_version, status, reason from raw.planned_calls where benchmark_hour = %s"
_LOADED = """
select call_id, attempt, status, error_code, try_count, answer_sha256, archive_file, started_at, finished_at, cost_usd,
       input_tokens, output_tokens
from raw.responses where benchmark_hour = %s
"""
_SCORED = """
select call_id, attempt, scorer, scorer_version, grading_attempt, score, reason, outcome
from raw.scores where benchmark_hour = %s
order by call_id, attempt, scorer_version, grading_attempt
"""
_RESOLVED = """
select call_id, suite, suite_version, status, reason, response_status, score
from intermediate.int_calls_resolved where benchmark_hour = %s
"""
_AGGREGATED = """
select suite, suite_version, coalesce(sum(planned_count), 0), coalesce(sum(answered_count), 0)
from marts.fct_reliability_hourly where benchmark_hour = %s group by suite, suite_version
"""
_SERIES = """
select suite, suite_version, coalesce(sum(scored_count), 0),
    count(*) filter (where status <> 'measured' and reason is null)
from marts.fct_scores_hourly where benchmark_hour = %s and family = 'all' group by suite, suite_version
"""


@dataclass(slots=True)
class Reconciliation:
    """Counts of rows over all hours, gaps by their reasons, and every difference in words."""

    hours: int = 0
    planned: int = 0
    archived: int = 0
    answered: int = 0
    loaded: int = 0
    scored: int = 0
    resolved: int = 0
    reliability_planned: int = 0
    scored_in_marts: int = 0
    gaps: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def differ(self, hour: datetime, what: str, calls: Iterable[object] = ()) -> None:
        named = sorted(map(str, calls))
        listed = f": {len(named)}, the first {named[0]}" if named else ""
        self.differences.append(f"{hour:%Y-%m-%dT%H} {what}{listed}")


def reconcile(connection: Connection, archive: Archive, expected: Mapping[datetime, set[UUID]]) -> Reconciliation:
    """Compare every row of hours that were run to their end; `expected` holds the calls that each must have planned."""
    found = Reconciliation()
    for hour, calls in expected.items():
        found.hours += 1
        _reconcile_hour(connection, archive, hour, calls, found)
    found.differences += [f"{hour:%Y-%m-%dT%H} a journal is left open" for hour in archive.unsealed_hours()]
    left = sorted(str(path.relative_to(archive.root)) for path in archive.root.rglob("*.unfinished"))
    found.differences += [f"an unfinished file is left: {name}" for name in left]
    return found


def _reconcile_hour(
    connection: Connection, archive: Archive, hour: datetime, expected: set[UUID], found: Reconciliation
) -> None:
    plan = connection.execute(_PLANNED, (hour,)).fetchall()
    planned = {row[0] for row in plan if row[3] == "planned"}
    if planned != expected:
        found.differ(hour, "the plan is not what it ought to be", planned ^ expected)
    found.planned += len(plan)
    archived = _archived(archive, hour, planned, found)
    _compare_loaded(connection, hour, archived, found)
    final = _final_responses(archived)
    scores = _compare_scores(connection, hour, final, archived, found)
    _compare_resolved(connection, hour, plan, final, scores, found)
    _compare_aggregates(connection, hour, plan, final, scores, found)


def _archived(
    archive: Archive, hour: datetime, planned: set[UUID], found: Reconciliation
) -> dict[tuple[UUID, int], tuple[str, Response]]:
    """Every archived attempt with its file. A call is asked once; those left out by a budget were not asked."""
    rows = [(name, response) for name in archive.files(hour) for response in archive.read_file(name)]
    by_key = {(response.call_id, response.attempt): (name, response) for name, response in rows}
    if len(by_key) < len(rows):
        found.differ(hour, "archived twice", _repeated((r.call_id, r.attempt) for _, r in rows))
    made = [response.call_id for _, response in rows if response.status != "budget"]
    if repeated := _repeated(made):
        found.differ(hour, "asked in two attempts", repeated)
    archived = {response.call_id for _, response in rows}
    if lost := planned - archived:
        found.differ(hour, "planned and not archived", lost)
    if unknown := archived - planned:
        found.differ(hour, "archived and not planned", unknown)
    found.archived += len(rows)
    found.answered += sum(response.status == "answered" for _, response in rows)
    return by_key


def _compare_loaded(
    connection: Connection,
    hour: datetime,
    archived: Mapping[tuple[UUID, int], tuple[str, Response]],
    found: Reconciliation,
) -> None:
    loaded = {(row[0], row[1]): tuple(row[2:]) for row in connection.execute(_LOADED, (hour,))}
    found.loaded += len(loaded)
    if lost := archived.keys() - loaded.keys():
        found.differ(hour, "archived and not in raw.responses", lost)
    if unknown := loaded.keys() - archived.keys():
        found.differ(hour, "in raw.responses and not archived", unknown)
    common = archived.keys() & loaded.keys()
    if other := [key for key in common if loaded[key] != _measurements(*archived[key])]:
        found.differ(hour, "raw.responses differs from the archive", other)


def _measurements(name: str, response: Response) -> tuple[Any, ...]:
    return (
        response.status, response.error_code, response.try_count, response.answer_sha256, name, response.started_at,
        response.finished_at, response.cost_usd, response.usage.input_tokens, response.usage.output_tokens,
    )  # fmt: skip


def _final_responses(archived: Mapping[tuple[UUID, int], tuple[str, Response]]) -> dict[UUID, Response]:
    return {call_id: archived[call_id, attempt][1] for call_id, attempt in sorted(archived, key=lambda key: key[1])}


def _compare_scores(
    connection: Connection,
    hour: datetime,
    final: Mapping[UUID, Response],
    archived: Mapping[tuple[UUID, int], tuple[str, Response]],
    found: Reconciliation,
) -> dict[UUID, float | None]:
    """The newest score of each final answer."""
    gradings: dict[tuple[UUID, int], list[tuple[Any, ...]]] = {}
    for row in connection.execute(_SCORED, (hour,)):
        gradings.setdefault((row[0], row[1]), []).append(tuple(row[2:]))
    answered = {key for key, (_, response) in archived.items() if response.status == "answered"}
    found.scored += len(answered & gradings.keys())
    if lost := answered - gradings.keys():
        found.differ(hour, "answered and not scored", lost)
    if unknown := gradings.keys() - answered:
        found.differ(hour, "scored and not answered", unknown)
    if doubled := [key for key, rows in gradings.items() if any(row[5] != "infrastructure" for row in rows[:-1])]:
        found.differ(hour, "graded twice", doubled)
    if mute := [key for key, rows in gradings.items() if rows[-1][3] is None and rows[-1][4] is None]:
        found.differ(hour, "no score and no reason", mute)
    newest = {key: rows[-1][3] for key, rows in gradings.items()}
    return {call_id: newest.get((call_id, response.attempt)) for call_id, response in final.items()}


def _compare_resolved(
    connection: Connection,
    hour: datetime,
    plan: list[tuple[Any, ...]],
    final: Mapping[UUID, Response],
    scores: Mapping[UUID, float | None],
    found: Reconciliation,
) -> None:
    rows = connection.execute(_RESOLVED, (hour,)).fetchall()
    found.resolved += len(rows)
    expected, resolved = Counter(tuple(row[:3]) for row in plan), Counter(tuple(row[:3]) for row in rows)
    if lost := expected - resolved:
        found.differ(hour, "planned and not in int_calls_resolved", lost)
    if unknown := resolved - expected:
        found.differ(hour, "more often in int_calls_resolved than planned", unknown)
    _compare_resolved_rows(hour, rows, final, scores, found)


def _compare_resolved_rows(
    hour: datetime,
    rows: list[tuple[Any, ...]],
    final: Mapping[UUID, Response],
    scores: Mapping[UUID, float | None],
    found: Reconciliation,
) -> None:
    for call_id, _, _, status, reason, response_status, score in rows:
        response = final.get(call_id)
        if response_status != (response.status if response else None) or score != scores.get(call_id):
            found.differ(hour, "int_calls_resolved differs from archive or score", [call_id])
        if status != "measured":
            found.gaps[reason or "unexplained"] += 1
        if status != "measured" and reason in {None, "not_answered"}:
            found.differ(hour, f"a gap without an explanation ({reason})", [call_id])


def _compare_aggregates(
    connection: Connection,
    hour: datetime,
    plan: list[tuple[Any, ...]],
    final: Mapping[UUID, Response],
    scores: Mapping[UUID, float | None],
    found: Reconciliation,
) -> None:
    expected: dict[tuple[str, int], list[int]] = {}
    for call_id, suite, version, *_ in plan:
        counts = expected.setdefault((suite, version), [0, 0, 0])
        response = final.get(call_id)
        is_answered = response is not None and response.status == "answered"
        counts[0] += 1
        counts[1] += is_answered
        counts[2] += is_answered and scores.get(call_id) is not None
    reliability = {(row[0], row[1]): row[2:] for row in connection.execute(_AGGREGATED, (hour,))}
    series = {(row[0], row[1]): row[2:] for row in connection.execute(_SERIES, (hour,))}
    for key, (planned, answered, scored) in expected.items():
        told = tuple(map(int, reliability.get(key, (0, 0))))
        if told != (planned, answered):
            found.differ(hour, f"fct_reliability_hourly says {told} planned and answered, not {(planned, answered)}")
        scored_told, unexplained = map(int, series.get(key, (0, 0)))
        if scored_told != scored:
            found.differ(hour, f"fct_scores_hourly says {scored_told} scored, not {scored}")
        if unexplained:
            found.differ(hour, f"{unexplained} rows of fct_scores_hourly have a gap without a reason")
        found.reliability_planned += told[0]
        found.scored_in_marts += scored_told


def _repeated(keys: Iterable[Any]) -> list[Any]:
    return [key for key, count in Counter(keys).items() if count > 1]


# fct_publications says when each table was built, which is never the same twice.
_TABLES = """
    select schemaname, tablename from pg_tables
    where schemaname in ('intermediate', 'marts') and tablename <> 'fct_publications' order by 1, 2
"""


def table_digests(connection: Connection) -> dict[str, tuple[int, str]]:
    """Rows of every table that dbt builds from rows, and a digest of them that knows no order."""
    return {f"{schema}.{table}": _digest(connection, schema, table) for schema, table in connection.execute(_TABLES)}


def _digest(connection: Connection, schema: str, table: str) -> tuple[int, str]:
    query = sql.SQL(
        "select count(*), coalesce(md5(string_agg(row_md5, '' order by row_md5)), '') "
        "from (select md5(t::text) as row_md5 from {} as t) as hashed"
    ).format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")
