"""Writes and reads the tables of schema raw; every write can be repeated without effect.

Not here: the schema itself (migrations), nor what is computed from it (dbt_project).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from orchestration.records import (
    Change,
    CheckResult,
    Enrolment,
    ModelSighting,
    PlannedCall,
    PriceRow,
    Response,
    ResponseStatus,
    ScenarioRow,
    Score,
    Selection,
    SuiteRow,
    TargetRow,
    TokenUsage,
    checks_id_of,
)
from orchestration.storage.bulk_insert import Connection, RawTable, insert_rows
from orchestration.storage.copy_text import storable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime


GradeKey = tuple[str, int, int, str, str, int]
"""scenario_id, scenario_version, variant_seed, answer_sha256, scorer, scorer_version"""


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response and where it lies in the archive."""

    response: Response
    archive_file: str
    run_id: str


@dataclass(frozen=True, slots=True)
class ScoreInterval:
    """A mean score with its interval over one hour, day or window; `period_name` is empty but for windows."""

    grain: str
    target_id: str
    suite: str
    suite_version: int
    family: str
    period_start: datetime
    period_name: str
    score_mean: float
    score_sd: float | None
    response_count: int
    scenario_count: int
    standard_error: float | None
    degrees_of_freedom: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    method: str
    scorer_versions: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class VariantGap:
    """How far the mean scores of the public and the fresh variants of the same scenarios lie apart in a window."""

    window_name: str
    window_start: datetime
    target_id: str
    suite: str
    suite_version: int
    family: str
    scenario_count: int
    gap_mean: float
    gap_ci95_lower: float | None
    gap_ci95_upper: float | None
    method: str
    p_value: float | None
    holm_p_value: float | None
    tested_count: int
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Checks:
    """The results of all checks of an answer, kept once for all answers that have the same."""

    checks_id: UUID
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls of real targets were charged in a period (UTC); `target_id` is empty for all of them together."""

    grain: str
    period_start: datetime
    target_id: str
    spent_usd: Decimal
    left_out_at: datetime | None  # when a call first did not fit


@dataclass(frozen=True, slots=True)
class UngradedCall:
    """An answer without a score by a current scorer, or with one that the infrastructure failed to give."""

    benchmark_hour: datetime
    call_id: UUID
    attempt: int
    answer_sha256: str
    grading_attempt: int
    """The number that the next grading of it has."""


@dataclass(frozen=True, slots=True)
class StoredGrade:
    """What an answer was worth when it was graded; holds for every identical answer."""

    score: float | None
    reason: str | None
    outcome: str
    is_refusal: bool
    is_format_ok: bool
    checks: tuple[CheckResult, ...]
    wall_ms: float | None
    peak_memory_kb: int | None
    tool_call_count: int | None
    valid_tool_call_count: int | None
    reference_overlap: float | None
    has_canary: bool | None


def _columns(row_type: type, *, without: Collection[str] = ()) -> tuple[str, ...]:
    return tuple(field.name for field in fields(row_type) if field.name not in without)


def _plain(name: str, row_type: type) -> RawTable[Any]:
    columns = _columns(row_type)
    return RawTable(name, columns, attrgetter(*columns))


_TARGET_COLUMNS = _columns(TargetRow, without={"sampling", "limits"})
_RESPONSE_COLUMNS = _columns(Response, without={"answer", "usage", "gone"})
_USAGE_COLUMNS = _columns(TokenUsage)
_SCORE_COLUMNS = _columns(Score, without={"checks"})
_response_values = attrgetter(*_RESPONSE_COLUMNS, *(f"usage.{name}" for name in _USAGE_COLUMNS), "is_late")
_score_values = attrgetter(*_SCORE_COLUMNS)
_target_values = attrgetter(*_TARGET_COLUMNS)
_CHANGE_COLUMNS = _columns(Change, without={"old_value", "new_value"})
_PRICE_COLUMNS = _columns(PriceRow, without={"tiers"})
_price_values = attrgetter(*_PRICE_COLUMNS)
_change_values = attrgetter(*_CHANGE_COLUMNS)
_ENROLMENT_COLUMNS = _columns(Enrolment, without={"definition"})
_enrolment_values = attrgetter(*_ENROLMENT_COLUMNS)
_LISTED_COLUMNS = _columns(ModelSighting, without={"pricing"})
_listed_values = attrgetter(*_LISTED_COLUMNS)


def _values_of_stored(row: StoredResponse) -> tuple[Any, ...]:
    response = row.response
    return (*_response_values(response), response.answer_sha256, response.answer_bytes, row.archive_file, row.run_id)


def _values_of_score(row: tuple[Score, UUID]) -> tuple[Any, ...]:
    score, checks_id = row
    return (*_score_values(score), checks_id)


def _values_of_checks(row: Checks) -> tuple[Any, ...]:
    checks = [
        {name: storable(value) if isinstance(value, str) else value for name, value in asdict(check).items()}
        for check in row.checks
    ]
    return row.checks_id, Jsonb(checks)


def _values_of_target(row: TargetRow) -> tuple[Any, ...]:
    return (*_target_values(row), Jsonb(row.sampling), row.limits and Jsonb(row.limits))


def _values_of_price(row: PriceRow) -> tuple[Any, ...]:
    tiers = [
        {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(tier).items()}
        for tier in row.tiers
    ]
    return (*_price_values(row), Jsonb(tiers))


def _values_of_change(row: Change) -> tuple[Any, ...]:
    return (*_change_values(row), *(value and Jsonb(value) for value in (row.old_value, row.new_value)))


def _values_of_enrolment(row: Enrolment) -> tuple[Any, ...]:
    return (*_enrolment_values(row), Jsonb(row.definition))


def _values_of_listed(row: ModelSighting) -> tuple[Any, ...]:
    return (*_listed_values(row), None if row.pricing is None else Jsonb(row.pricing))


TARGETS = RawTable[TargetRow]("targets", (*_TARGET_COLUMNS, "sampling", "limits"), _values_of_target)
SCENARIOS: RawTable[ScenarioRow] = _plain("scenarios", ScenarioRow)
SUITES: RawTable[SuiteRow] = _plain("suites", SuiteRow)
PRICES = RawTable[PriceRow]("prices", (*_PRICE_COLUMNS, "tiers"), _values_of_price)
PLANNED_CALLS: RawTable[PlannedCall] = _plain("planned_calls", PlannedCall)
RESPONSES = RawTable[StoredResponse](
    "responses",
    (*_RESPONSE_COLUMNS, *_USAGE_COLUMNS, "is_late", "answer_sha256", "answer_bytes", "archive_file", "run_id"),
    _values_of_stored,
)
CHECKS = RawTable[Checks]("checks", _columns(Checks), _values_of_checks)
SCORES = RawTable[tuple[Score, UUID]]("scores", (*_SCORE_COLUMNS, "checks_id"), _values_of_score)
SCORE_INTERVALS: RawTable[ScoreInterval] = _plain("score_intervals", ScoreInterval)
VARIANT_GAPS: RawTable[VariantGap] = _plain("variant_gaps", VariantGap)
SPENDING: RawTable[Spending] = _plain("spending", Spending)
CHANGES = RawTable[Change]("changes", (*_CHANGE_COLUMNS, "old_value", "new_value"), _values_of_change)
LISTED_MODELS = RawTable[ModelSighting]("listed_models", (*_LISTED_COLUMNS, "pricing"), _values_of_listed)
ENROLMENTS = RawTable[Enrolment]("enrolments", (*_ENROLMENT_COLUMNS, "definition"), _values_of_enrolment)
TABLES: tuple[RawTable[Any], ...] = (
    TARGETS, SCENARIOS, SUITES, PRICES, CHANGES, LISTED_MODELS, ENROLMENTS, PLANNED_CALLS, RESPONSES, CHECKS,
    SCORES, SCORE_INTERVALS, VARIANT_GAPS, SPENDING,
)  # fmt: skip

# A definition that comes back after another one is a change as well, so only the newest row says what is known.
_INSERT_CHANGED = """
INSERT INTO {{table}} ({{columns}}) SELECT {{columns}} FROM {{incoming}} AS incoming
WHERE ROW({incoming}) IS DISTINCT FROM (
    SELECT ROW({known}) FROM {{table}} AS known WHERE {same} ORDER BY known.recorded_at DESC LIMIT 1
)
ON CONFLICT DO NOTHING
"""
_SAME_TARGET = "known.target_id = incoming.target_id"
_SAME_SCENARIO = "known.scenario_id = incoming.scenario_id AND known.scenario_version = incoming.scenario_version"


def _insert_changed(same: str, *compared: str) -> str:
    incoming, known = (", ".join(f"{side}.{column}" for column in compared) for side in ("incoming", "known"))
    return _INSERT_CHANGED.format(incoming=incoming, known=known, same=same)


def record_targets(connection: Connection, rows: Iterable[TargetRow]) -> int:
    """Record the targets whose definition differs from the newest one recorded. Returns their number."""
    return insert_rows(connection, TARGETS, rows, _insert_changed(_SAME_TARGET, "definition_sha256"))


def record_scenarios(connection: Connection, rows: Iterable[ScenarioRow]) -> int:
    """Record the scenario versions whose content or public prompt is not the newest recorded. Returns how many."""
    insert = _insert_changed(_SAME_SCENARIO, "content_sha256", "public_prompt")
    return insert_rows(connection, SCENARIOS, rows, insert)


def record_suites(connection: Connection, rows: Iterable[SuiteRow]) -> int:
    return insert_rows(connection, SUITES, rows)


def record_prices(connection: Connection, rows: Iterable[PriceRow]) -> int:
    return insert_rows(connection, PRICES, rows)


def record_changes(connection: Connection, rows: Iterable[Change]) -> int:
    """Record changes; one of a kind and subject from a moment on is recorded once. Returns how many are new."""
    return insert_rows(connection, CHANGES, rows)


def record_plan(connection: Connection, rows: Iterable[PlannedCall]) -> int:
    return insert_rows(connection, PLANNED_CALLS, rows)


def load_responses(connection: Connection, responses: Iterable[Response], *, archive_file: str, run_id: str) -> int:
    """Load the measurements, not the answers, of one archive file. Returns how many were not there yet."""
    rows = (StoredResponse(response, archive_file, run_id) for response in responses)
    return insert_rows(connection, RESPONSES, rows)


def record_scores(connection: Connection, rows: Iterable[Score]) -> int:
    scores = list(rows)
    names = {id(score.checks): score.checks for score in scores}
    ids = {place: checks_id_of(checks) for place, checks in names.items()}
    with connection.transaction():
        record_checks(connection, names.values())
        return insert_rows(connection, SCORES, ((score, ids[id(score.checks)]) for score in scores))


def record_checks(connection: Connection, lists: Iterable[tuple[CheckResult, ...]]) -> int:
    """Record the lists of results that are new. Returns their number."""
    return insert_rows(connection, CHECKS, (Checks(checks_id_of(checks), checks) for checks in set(lists)))


def call_statuses(connection: Connection, hour: datetime) -> dict[UUID, ResponseStatus]:
    """The calls of an hour that have been made, and whether any attempt was answered. One left out was not made."""
    query = """
        SELECT call_id, min(status) FROM raw.responses
        WHERE benchmark_hour = %s AND status <> 'budget' GROUP BY call_id
    """
    return dict(connection.execute(query, (hour,)).fetchall())


def answered_or_failed_call_ids(connection: Connection, hour: datetime) -> set[UUID]:
    return set(call_statuses(connection, hour))


def loaded_archive_files(connection: Connection, hour: datetime) -> set[str]:
    """The archive files of an hour whose measurements are in the database."""
    query = "SELECT DISTINCT archive_file FROM raw.responses WHERE benchmark_hour = %s"
    return {row[0] for row in connection.execute(query, (hour,))}


_UNGRADED = """
SELECT
    r.benchmark_hour, r.call_id, r.attempt, r.answer_sha256, coalesce(max(s.grading_attempt), 0) + 1 AS grading_attempt
FROM raw.responses AS r
LEFT JOIN (
    raw.scores AS s
    INNER JOIN unnest(%(scorers)s::text[], %(versions)s::integer[]) AS current (scorer, scorer_version)
        ON s.scorer = current.scorer AND s.scorer_version = current.scorer_version
) ON r.benchmark_hour = s.benchmark_hour AND r.call_id = s.call_id AND r.attempt = s.attempt
WHERE r.benchmark_hour = ANY(%(hours)s) AND r.status = 'answered'
    AND (%(targets)s::text[] = '{}' OR r.target_id = ANY(%(targets)s))
    AND (%(scenarios)s::text[] = '{}' OR r.scenario_id = ANY(%(scenarios)s))
GROUP BY r.benchmark_hour, r.call_id, r.attempt
HAVING coalesce(bool_and(s.outcome = 'infrastructure'), true)
ORDER BY r.benchmark_hour, r.call_id, r.attempt
"""


def ungraded_calls(
    connection: Connection,
    hours: Collection[datetime],
    scorer_versions: Mapping[str, int],
    selection: Selection = Selection(),  # noqa: B008 - frozen
) -> list[UngradedCall]:
    """The answers of these hours that no current scorer has graded; `scorer_versions` holds the current ones."""
    chosen = {"targets": list(selection.target_ids), "scenarios": list(selection.scenario_ids)}
    with connection.cursor(row_factory=class_row(UngradedCall)) as cursor:
        return cursor.execute(_UNGRADED, {"hours": list(hours), **chosen, **_scorers(scorer_versions)}).fetchall()


def scored_calls(connection: Connection, hours: Collection[datetime]) -> set[tuple[UUID, int]]:
    """Calls of the hours and their attempts that any scorer of any version has looked at."""
    query = "SELECT DISTINCT call_id, attempt FROM raw.scores WHERE benchmark_hour = ANY(%s)"
    return {(row[0], row[1]) for row in connection.execute(query, (list(hours),))}


_LATEST_GRADES = """
SELECT DISTINCT ON (r.scenario_id, r.scenario_version, r.variant_seed, r.answer_sha256, s.scorer, s.scorer_version)
    r.scenario_id, r.scenario_version, r.variant_seed, r.answer_sha256, s.scorer, s.scorer_version,
    {columns}
FROM raw.scores AS s
INNER JOIN raw.checks AS c USING (checks_id)
INNER JOIN unnest(%(scorers)s::text[], %(versions)s::integer[]) AS current (scorer, scorer_version)
    ON s.scorer = current.scorer AND s.scorer_version = current.scorer_version
INNER JOIN raw.responses AS r
    ON s.benchmark_hour = r.benchmark_hour AND s.call_id = r.call_id AND s.attempt = r.attempt
WHERE s.outcome <> 'infrastructure'
    AND (%(answers)s::text[] IS NULL OR r.answer_sha256 = ANY(%(answers)s))
ORDER BY
    r.scenario_id, r.scenario_version, r.variant_seed, r.answer_sha256, s.scorer, s.scorer_version, s.graded_at DESC
"""
_GRADE_COLUMNS = _columns(StoredGrade)


def latest_grades(
    connection: Connection, scorer_versions: Mapping[str, int], answer_sha256s: Collection[str] | None = None
) -> dict[GradeKey, StoredGrade]:
    """The grades that current scorers have given, so that an identical answer need not be graded again.

    `answer_sha256s` keeps the look-up small where there is a long history.
    """
    columns = sql.SQL(", ").join(sql.Identifier("c" if name == "checks" else "s", name) for name in _GRADE_COLUMNS)
    asked = {"answers": None if answer_sha256s is None else list(answer_sha256s), **_scorers(scorer_versions)}
    found = connection.execute(sql.SQL(_LATEST_GRADES).format(columns=columns), asked)
    return {row[:6]: _grade_of(row[6:]) for row in found}


def _grade_of(values: tuple[Any, ...]) -> StoredGrade:
    by_name = dict(zip(_GRADE_COLUMNS, values, strict=True))
    return StoredGrade(**by_name | {"checks": tuple(CheckResult(**check) for check in by_name["checks"])})


def _scorers(versions: Mapping[str, int]) -> dict[str, list[Any]]:
    return {"scorers": list(versions.keys()), "versions": list(versions.values())}
