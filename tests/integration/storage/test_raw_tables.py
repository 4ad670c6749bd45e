from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.rows import dict_row

from orchestration.records import (
    Change,
    CheckResult,
    PlannedCall,
    PriceRow,
    PriceTier,
    Response,
    ScenarioRow,
    Score,
    Selection,
    SuiteRow,
    TargetRow,
    TokenUsage,
)
from orchestration.storage import raw_schema, raw_tables
from orchestration.storage.read_back import read_prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

    MakeResponse = Callable[..., Response]

HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
FILE = "responses/date=2026-11-23/hour=05/attempt=1.parquet"
TARGET = TargetRow(
    "sim-a", "a" * 64, HOUR, "A", "simulator", "a", "local", None, None, {"temperature": 0}, True, False, "active",
    date(2025, 1, 1), True, None,
)  # fmt: skip
SCENARIO = ScenarioRow("sql/x", 1, "c" * 64, "sql", "easy", "sql", "X", "MIT", date(2026, 1, 1), 800, HOUR)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect("aibaas_collector") as connection:
        yield connection


def score_of(response: Response, **changes: object) -> Score:
    made = Score(
        benchmark_hour=response.benchmark_hour,
        call_id=response.call_id,
        attempt=response.attempt,
        scorer="function",
        scorer_version=1,
        grading_attempt=1,
        score=7.5,
        reason=None,
        outcome="wrong",
        is_refusal=False,
        is_truncated=False,
        is_format_ok=True,
        checks=(CheckResult("last page", 1.0, False, "returned []"), CheckResult("first page", 3.0, True)),
        sandbox_level="A",
        wall_ms=12.5,
        peak_memory_kb=9000,
        tool_call_count=3,
        valid_tool_call_count=2,
        reference_overlap=0.25,
        has_canary=True,
        graded_at=HOUR,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def load(connection: Connection, *responses: Response) -> int:
    return raw_tables.load_responses(connection, responses, archive_file=FILE, run_id="run-1")


def test_a_response_arrives_with_every_measurement(connection: Connection, make_response: MakeResponse) -> None:
    response = make_response(3)
    assert load(connection, response) == 1
    row = connection.execute(
        """
        SELECT call_id, is_late, answer_sha256, answer_bytes, input_tokens, cached_input_tokens, cache_write_tokens,
            output_tokens, cost_usd, started_at, archive_file, run_id, recorded_at IS NOT NULL
        FROM raw.responses
        """
    ).fetchone()
    assert response.answer is not None
    size = len(response.answer.encode())
    assert row == (
        response.call_id, False, response.answer_sha256, size, 100, 10, None, 20, Decimal("0.000123456"),
        response.started_at, FILE, "run-1", True,
    )  # fmt: skip


def test_loading_again_changes_nothing(connection: Connection, make_response: MakeResponse) -> None:
    responses = [make_response(number) for number in range(5)]
    assert load(connection, *responses) == 5
    assert load(connection, *responses, make_response(5)) == 1
    assert load(connection, replace(responses[0], latency_ms=1.0)) == 0
    assert connection.execute("SELECT count(DISTINCT latency_ms) FROM raw.responses").fetchone() == (1,)


def test_a_load_that_is_partly_there_adds_the_rest_once(connection: Connection, make_response: MakeResponse) -> None:
    responses = [make_response(number) for number in range(3)]
    assert load(connection, responses[0]) == 1
    assert load(connection, *responses, responses[2]) == 2
    assert connection.execute("SELECT count(*) FROM raw.responses").fetchone() == (3,)


def test_a_bad_row_leaves_none_of_its_load_behind(connection: Connection, make_response: MakeResponse) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        load(connection, make_response(1), make_response(2, cost_usd=Decimal("NaN")))
    assert connection.execute("SELECT count(*) FROM raw.responses").fetchone() == (0,)
    assert load(connection, make_response(1)) == 1


def test_text_that_postgresql_refuses_is_made_storable(connection: Connection, make_response: MakeResponse) -> None:
    failed = make_response(1, status="failed", answer=None, error_code="unknown", error_detail="nul \0 half \ud800")
    load(connection, failed)
    raw_tables.record_scores(connection, [score_of(failed, checks=(CheckResult("x", 1.0, False, "\0\udfff"),))])
    assert connection.execute("SELECT error_detail FROM raw.responses").fetchone() == ("nul \ufffd half ?",)
    assert connection.execute("SELECT checks -> 0 ->> 'detail' FROM raw.checks").fetchone() == ("\ufffd?",)


def test_unknown_usage_and_price_stay_unknown(connection: Connection, make_response: MakeResponse) -> None:
    load(connection, make_response(1, usage=TokenUsage(), cost_usd=None, price_id=None))
    row = connection.execute("SELECT input_tokens, output_tokens, cost_usd FROM raw.responses").fetchone()
    assert row == (None, None, None)


def test_a_call_that_was_only_left_out_has_no_status(connection: Connection, make_response: MakeResponse) -> None:
    left_out = make_response(1, status="budget", error_code="budget", answer=None, cost_usd=None, try_count=0)
    later = make_response(1, attempt=2, status="failed", error_code="timeout", answer=None, cost_usd=None)
    raw_tables.load_responses(connection, [left_out], archive_file="a", run_id="r")
    assert raw_tables.call_statuses(connection, HOUR) == {}
    raw_tables.load_responses(connection, [later], archive_file="b", run_id="r")
    assert raw_tables.call_statuses(connection, HOUR) == {later.call_id: "failed"}


def test_tiers_of_a_price_are_read_back_as_they_were(connection: Connection) -> None:
    tier = PriceTier("standard", 1000, Decimal("0.5"), Decimal(2), None, Decimal("0.625"), None)
    amounts = (Decimal(1), Decimal(2), None, None, None)
    price = PriceRow("p", "x", "m", HOUR, *amounts, "s", date(2026, 11, 1), (tier,))
    raw_tables.record_prices(connection, [price])
    assert read_prices(connection) == [price]


def test_call_statuses_prefer_an_answered_attempt(connection: Connection, make_response: MakeResponse) -> None:
    failed = {"status": "failed", "answer": None, "error_code": "timeout"}
    load(connection, make_response(1, **failed), make_response(2, **failed), make_response(1, attempt=2))
    one, two = make_response(1).call_id, make_response(2).call_id
    assert raw_tables.call_statuses(connection, HOUR) == {one: "answered", two: "failed"}
    assert raw_tables.answered_or_failed_call_ids(connection, HOUR) == {one, two}
    assert raw_tables.call_statuses(connection, HOUR + timedelta(hours=1)) == {}
    assert raw_tables.loaded_archive_files(connection, HOUR) == {FILE}


def test_a_catalogue_is_recorded_only_where_it_changed(connection: Connection) -> None:
    later = {"recorded_at": HOUR + timedelta(hours=1)}
    assert raw_tables.record_targets(connection, [TARGET]) == 1
    assert raw_tables.record_targets(connection, [replace(TARGET, **later)]) == 0
    changed = replace(TARGET, definition_sha256="b" * 64, label="B", **later)
    assert raw_tables.record_targets(connection, [changed]) == 1
    assert raw_tables.record_scenarios(connection, [SCENARIO, replace(SCENARIO, scenario_version=2)]) == 2
    assert raw_tables.record_scenarios(connection, [replace(SCENARIO, **later)]) == 0
    asked = {"public_prompt": "What is asked?", "public_prompt_length": 14}
    assert raw_tables.record_scenarios(connection, [replace(SCENARIO, **later, **asked)]) == 1
    assert raw_tables.record_scenarios(connection, [replace(SCENARIO, **later, **asked)]) == 0


def test_a_definition_that_comes_back_is_the_newest_again(connection: Connection) -> None:
    disabled = replace(TARGET, definition_sha256="b" * 64, is_enabled=False, disabled_reason="no key")
    for hours, row in enumerate((TARGET, disabled, TARGET)):
        raw_tables.record_targets(connection, [replace(row, recorded_at=HOUR + timedelta(hours=hours))])
    newest = connection.execute("SELECT is_enabled FROM raw.targets ORDER BY recorded_at DESC LIMIT 1").fetchone()
    assert newest == (True,)


def test_suites_prices_and_plans_are_recorded_once(connection: Connection, make_response: MakeResponse) -> None:
    suite = SuiteRow("canary", 1, "hourly", "sql/x", 1, HOUR)
    price = PriceRow("p/1", "p", "m", HOUR, Decimal("0.15"), Decimal("0.6"), None, None, None, "page", date(2026, 1, 1))
    call = PlannedCall(
        HOUR, make_response().call_id, "canary", 1, "sim-a", "sql/x", 1, 0, 0, True, "planned", None, HOUR
    )
    for expected in (1, 0):
        assert raw_tables.record_suites(connection, [suite]) == expected
        assert raw_tables.record_prices(connection, [price]) == expected
        assert raw_tables.record_plan(connection, [call, call]) == expected


def test_a_change_is_recorded_once_and_absence_stays_absent(connection: Connection) -> None:
    change = Change("price", "openai/gpt-x", HOUR, None, {"input": "2"}, "https://example.org", HOUR)
    assert raw_tables.record_changes(connection, [change]) == 1
    assert raw_tables.record_changes(connection, [change, replace(change, effective_at=HOUR + timedelta(hours=1))]) == 1
    stored = connection.execute("SELECT old_value, new_value FROM raw.changes ORDER BY effective_at").fetchone()
    assert stored == (None, {"input": "2"})


@pytest.mark.parametrize("score", [-0.1, 10.1, float("nan")])
def test_a_score_outside_its_range_is_refused(
    connection: Connection, make_response: MakeResponse, score: float
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        raw_tables.record_scores(connection, [score_of(make_response(), score=score)])


def test_answers_without_a_current_score_are_ungraded(connection: Connection, make_response: MakeResponse) -> None:
    graded, old, broken, fresh = (make_response(number) for number in range(4))
    failed = make_response(4, status="failed", answer=None, error_code="timeout")
    load(connection, graded, old, broken, fresh, failed)
    scores = [
        score_of(graded, scorer="sql"),
        score_of(old, scorer="sql", scorer_version=1),
        score_of(broken, score=None, reason="infrastructure", outcome="infrastructure"),
    ]
    raw_tables.record_scores(connection, scores)
    found = raw_tables.ungraded_calls(connection, [HOUR], {"function": 1, "sql": 1})
    assert {(call.call_id, call.grading_attempt) for call in found} == {(broken.call_id, 2), (fresh.call_id, 1)}
    newer = raw_tables.ungraded_calls(connection, [HOUR], {"function": 1, "sql": 2})
    assert {call.call_id for call in newer} == {graded.call_id, old.call_id, broken.call_id, fresh.call_id}
    assert raw_tables.ungraded_calls(connection, [HOUR + timedelta(hours=1)], {"function": 1}) == []


def test_only_the_selected_answers_are_found_ungraded(connection: Connection, make_response: MakeResponse) -> None:
    load(connection, *(make_response(number) for number in range(8)))
    for selection, count in (
        (Selection(frozenset({"sim-1"})), 2),
        (Selection(frozenset(), frozenset({"sql/task-7"})), 1),
        (Selection(frozenset({"sim-1"}), frozenset({"sql/task-7", "sql/task-2"})), 1),
        (Selection(), 8),
    ):
        found = raw_tables.ungraded_calls(connection, [HOUR], {"function": 1}, selection)
        assert len(found) == count, selection


def test_an_answer_to_a_scenario_that_is_gone_is_graded_by_nobody_and_stays_so(
    connection: Connection, make_response: MakeResponse
) -> None:
    response = make_response()
    load(connection, response)
    score = score_of(response, scorer="none", scorer_version=0, score=None, reason="unknown_scenario")
    assert raw_tables.record_scores(connection, [score]) == 1
    assert raw_tables.record_scores(connection, [score]) == 0


def test_grades_are_found_by_what_was_answered(connection: Connection, make_response: MakeResponse) -> None:
    response, broken = make_response(1), make_response(2)
    load(connection, response, broken)
    newest = score_of(response, grading_attempt=2, score=9.0, graded_at=HOUR + timedelta(hours=1))
    infrastructure = score_of(broken, score=None, reason="infrastructure", outcome="infrastructure")
    raw_tables.record_scores(connection, [score_of(response), newest, infrastructure])
    key = ("sql/task-1", 1, 0, response.answer_sha256, "function", 1)
    for answers in (None, [str(response.answer_sha256)]):
        grades = raw_tables.latest_grades(connection, {"function": 1}, answers)
        assert list(grades) == [key]
        assert grades[key].score == 9.0
        assert grades[key].checks == newest.checks
    assert raw_tables.latest_grades(connection, {"function": 1}, ["0" * 64]) == {}
    assert raw_tables.latest_grades(connection, {"function": 2}) == {}


def test_results_of_checks_are_stored_once_and_outlive_a_change_of_the_schema(
    database: Database, make_response: MakeResponse
) -> None:
    responses = [make_response(number, benchmark_hour=HOUR + timedelta(days=20 * number)) for number in range(3)]
    scores = [*map(score_of, responses[:2]), score_of(responses[2], checks=())]
    with database.connect("aibaas_collector") as connection:
        assert raw_tables.record_scores(connection, scores) == 3
        assert raw_tables.record_scores(connection, scores) == 0
    rows = "SELECT s.*, c.checks FROM raw.scores AS s JOIN raw.checks AS c USING (checks_id) ORDER BY call_id"
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        before = cursor.execute(rows).fetchall()
        assert cursor.execute("SELECT count(*) AS lists FROM raw.checks").fetchone() == {"lists": 2}
        connection.commit()
        raw_schema.downgrade(database.url, database.place, "0008")
        old = cursor.execute("SELECT * FROM raw.scores ORDER BY call_id").fetchall()
        assert old == [{name: row[name] for name in row if name not in {"checks_id", "has_canary"}} for row in before]
        connection.commit()
        database.ensure_ready()
        after = cursor.execute(rows).fetchall()
        unknown = {"checks_id": None, "has_canary": None}
        assert [row | {"checks_id": None} for row in after] == [row | unknown for row in before]
        assert len({row["checks_id"] for row in after}) == 2


def test_an_hour_of_fifty_thousand_rows_loads_within_seconds(
    connection: Connection, make_response: MakeResponse
) -> None:
    one = make_response()
    responses = [replace(one, call_id=uuid.UUID(int=number)) for number in range(50_000)]
    began = time.perf_counter()
    assert load(connection, *responses) == 50_000
    assert raw_tables.record_scores(connection, map(score_of, responses)) == 50_000
    took = time.perf_counter() - began
    print(f"50,000 responses and scores in {took:.1f} s")
    assert took < 180
