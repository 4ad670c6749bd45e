"""Each asset check against data that are wrong in the way that it looks for, and what a blocking one keeps from it.

Not here: costs that a host reports (test_money), dbt's tests (integration.dbt_project).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from orchestration.defs.assets.catalog import prices, scenarios, targets
from orchestration.defs.assets.collection import planned_calls, responses
from orchestration.defs.checks import CHECKS, measurements_are_fresh
from orchestration.defs.partitions import benchmark_hours, partition_key_of, single_run
from orchestration.defs.resources import DatabaseResource
from orchestration.records import benchmark_hour_of
from orchestration.settings import settings
from orchestration.storage.archive import Archive
from tests.integration.pipeline.test_money import PaidHost, canary_of
from tests.support.materialised import materialised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.database import Database

HOUR = benchmark_hour_of(datetime.now(UTC))


@dg.asset(deps=[responses], partitions_def=benchmark_hours, backfill_policy=single_run)
def follows_responses() -> None:
    """What builds upon responses."""


@dg.asset(deps=[["raw", "scores"]], partitions_def=benchmark_hours, backfill_policy=single_run)
def follows_scores() -> None:
    """What builds upon scores."""


@dg.asset(key=["raw", "scores"], deps=[responses], partitions_def=benchmark_hours, backfill_policy=single_run)
def ungraded() -> None:
    """Takes the place of grading, whose rows a test writes."""


FRESH = CHECKS.index(measurements_are_fresh)
DEFINITIONS = [
    scenarios, targets, prices, planned_calls, responses, ungraded, follows_responses, follows_scores,
    *CHECKS[:FRESH], *CHECKS[FRESH + 1:],
]  # fmt: skip

SCORED = """
INSERT INTO raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, reason, outcome, is_refusal,
    is_truncated, is_format_ok, checks_id, sandbox_level, graded_at
) SELECT benchmark_hour, call_id, attempt, 'text', 1, 1, 5, null, 'ok', false, false, true, call_id, 'A', now()
FROM raw.responses LIMIT 1
"""
DOUBLED = """
CREATE TEMP TABLE copied AS SELECT * FROM raw.responses LIMIT 1;
UPDATE copied SET call_id = gen_random_uuid();
INSERT INTO raw.responses SELECT * FROM copied;
"""


@pytest.fixture
def measured(database: Database, tmp_path: Path) -> Iterator[Database]:
    """The current hour, collected from a host that is paid."""
    with canary_of(PaidHost(), database, tmp_path):
        assert set(run()[1].values()) == {True}
        yield database


def run() -> tuple[set[str], dict[str, bool], dict[str, Any]]:
    """One run: the assets that were made, the checks by name, and what they tell."""
    result = materialised(DEFINITIONS, hour=partition_key_of(HOUR), raise_on_error=False)
    made = {event.asset_key.path[-1] for event in result.get_asset_materialization_events() if event.asset_key}
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    told = {name: {key: value.value for key, value in check.metadata.items()} for name, check in checks.items()}
    return made, {name: check.passed for name, check in checks.items()}, told


def change(database: Database, statements: str) -> None:
    with database.connect() as connection:
        connection.execute(statements.encode())


def failed(checks: dict[str, bool]) -> set[str]:
    return {name for name, passed in checks.items() if not passed}


def test_a_call_without_a_response_is_told_and_flows_on(measured: Database) -> None:
    change(
        measured,
        "CREATE TEMP TABLE gone AS SELECT * FROM raw.planned_calls LIMIT 1; "
        "UPDATE gone SET call_id = gen_random_uuid(), target_id = 'gone'; "
        "INSERT INTO raw.planned_calls SELECT * FROM gone",
    )
    made, checks, told = run()
    assert failed(checks) == {"responses_cover_plan"}
    assert told["responses_cover_plan"]["missing"] == 1
    assert {"follows_responses", "follows_scores"} <= made


def test_an_attempt_that_stands_twice_goes_no_further(measured: Database) -> None:
    change(measured, DOUBLED)
    made, checks, told = run()
    assert failed(checks) == {"responses_stand_once", "archive_equals_responses", "spending_keeps_budgets"}
    assert len(told["responses_stand_once"]["doubled"]) == len(told["responses_stand_once"]["unplanned"]) == 1
    assert not made & {"follows_responses", "scores", "follows_scores"}


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (
            "UPDATE raw.responses SET answer_sha256 = 'other' WHERE call_id",
            "1 attempts have another status, hash or cost in raw.responses",
        ),
        (
            "UPDATE raw.responses SET cost_usd = 7 WHERE call_id",
            "1 attempts have another status, hash or cost in raw.responses",
        ),
        ("DELETE FROM raw.responses WHERE call_id", "1 of 12 attempts are not in raw.responses"),
    ],
)
def test_what_differs_from_the_archive_goes_no_further(measured: Database, statements: str, words: str) -> None:
    change(measured, f"{statements} = (SELECT call_id FROM raw.responses LIMIT 1)")
    made, checks, told = run()
    assert "archive_equals_responses" in failed(checks)
    assert words in told["archive_equals_responses"]["faults"][0]
    assert not made & {"follows_responses", "scores"}


@pytest.mark.usefixtures("measured")
def test_an_attempt_that_the_archive_has_twice_goes_no_further(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    with archive.journal(HOUR) as journal:
        journal.append(archive.read(HOUR)[0])
    archive.seal(HOUR)
    made, checks, told = run()
    assert failed(checks) == {"archive_equals_responses"}
    assert "1 attempts that are in the archive twice" in told["archive_equals_responses"]["faults"][0]
    assert "scores" not in made


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (SCORED + "; ALTER TABLE raw.scores DROP CONSTRAINT scores_score_check; UPDATE raw.scores SET score = 11",
         "out_of_range"),
        (SCORED + "; UPDATE raw.scores SET call_id = gen_random_uuid()", "without_answer"),
    ],
)  # fmt: skip
def test_a_score_that_cannot_be_goes_no_further(measured: Database, statements: str, fault: str) -> None:
    change(measured, statements)
    made, checks, told = run()
    assert failed(checks) == {"scores_are_of_answers"}
    assert len(told["scores_are_of_answers"][fault]) == 1
    assert "follows_responses" in made
    assert "follows_scores" not in made


def test_an_account_beyond_its_budget_and_one_below_its_costs_are_told(
    measured: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBAAS_BUDGET_MONTH_USD", "0.0001")
    settings.cache_clear()
    _, checks, told = run()
    assert failed(checks) == {"spending_keeps_budgets"}
    assert "of 0.0001 USD in the month" in told["spending_keeps_budgets"]["exceeded"][0]
    monkeypatch.delenv("AIBAAS_BUDGET_MONTH_USD")
    settings.cache_clear()
    change(measured, "UPDATE raw.spending SET spent_usd = 0")
    made, checks, told = run()
    assert failed(checks) == {"spending_keeps_budgets"}
    assert told["spending_keeps_budgets"]["below_costs"][0].startswith("paid-luna: 0")
    assert "follows_scores" in made


@pytest.mark.parametrize(
    ("age", "is_fresh"),
    [(timedelta(minutes=80), True), (timedelta(minutes=100), False), (timedelta(minutes=-40), False)],
)
def test_freshness_is_that_of_the_newest_measured_hour(
    measured: Database,
    age: timedelta,
    is_fresh: bool,
) -> None:
    check = measurements_are_fresh(DatabaseResource())
    assert isinstance(check, dg.AssetCheckResult)
    assert not check.passed
    moment = (datetime.now(UTC) - age).isoformat()
    change(
        measured,
        "CREATE SCHEMA IF NOT EXISTS marts; GRANT USAGE ON SCHEMA marts TO aibaas_collector; "
        f"CREATE TABLE marts.fct_leaderboard AS SELECT timestamptz '{moment}' AS last_benchmark_hour; "
        "GRANT SELECT ON marts.fct_leaderboard TO aibaas_collector",
    )
    again = measurements_are_fresh(DatabaseResource())
    assert isinstance(again, dg.AssetCheckResult)
    assert again.passed is is_fresh


CLOCK_AHEAD = """
CREATE SCHEMA ahead;
CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT pg_catalog.clock_timestamp() + interval '{minutes} minutes' $$;
GRANT USAGE ON SCHEMA ahead TO PUBLIC;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ahead, pg_catalog, public', current_database()); END $$
"""


@pytest.mark.parametrize(("minutes", "is_refused"), [(4, False), (6, True), (-6, True)])
def test_an_hour_is_not_run_while_this_machine_and_the_database_differ_about_the_time(
    measured: Database, minutes: int, is_refused: bool
) -> None:
    change(measured, CLOCK_AHEAD.format(minutes=minutes))
    result = materialised(DEFINITIONS, hour=partition_key_of(HOUR), raise_on_error=False)
    assert result.success is not is_refused
    failures = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    said = [(error.cause or error).message for error in failures if error]
    assert all("and that of the database" in line for line in said)
    assert bool(said) is is_refused
