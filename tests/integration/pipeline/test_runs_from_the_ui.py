"""What an operator does in Dagster's pages, over their GraphQL, against the real webserver, daemon and run workers."""

from __future__ import annotations

import os
import re
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from orchestration.cli.soaking.webserver import Webserver
from orchestration.settings import PROJECT_ROOT
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.dagster_api import DagsterApi
from tests.support.parsed_project import give_parsed_project
from tests.support.product import SMALL, RunningCommand, port_variables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

JOB = "run_hourly_benchmark_job"
HOUR = "2026-11-20-05:00"
TARGETS, SCENARIOS = 6, 12


@dataclass(frozen=True)
class Services:
    """Every service of one installation."""

    home: Path
    dagster: DagsterApi
    up: RunningCommand

    def starts(self, name: str) -> list[int]:
        """The processes that a service has had, in order."""
        return [int(pid) for pid in re.findall(rf"{name}\.1 started \(pid=(\d+)\)", self.up.said)]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(EmbeddedPostgres(self.home).url) as connection:
            return connection.execute(query.encode()).fetchall()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, parsed_home: Path) -> Iterator[Services]:
    home = tmp_path_factory.mktemp("ui") / "home"
    give_parsed_project(parsed_home, home)
    (home / "simulator-events-anchor").write_text("2026-11-23\n")
    own = {"AIBAAS_HOME": str(home), "AIBAAS_CONCURRENCY": "2"} | SMALL | port_variables()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home.parent), "PYTHONPATH": str(PROJECT_ROOT)} | own
    running = RunningCommand([sys.executable, "-m", "orchestration.cli", "up"], environment, home.parent / "up.log")
    try:
        running.wait_for("everything answers", within_s=150)
        Webserver(int(own["AIBAAS_WEBSERVER_PORT"])).stop_schedules()
        yield Services(home, DagsterApi(f"http://127.0.0.1:{own['AIBAAS_WEBSERVER_PORT']}"), running)
        assert running.interrupt() == 128 + signal.SIGINT
    finally:
        running.kill()
        EmbeddedPostgres(home).stop()
        print(running.said[-6000:])


def rerun(*, force: bool = False, **only: list[str]) -> dict[str, Any]:
    return {"resources": {"rerun": {"config": {"only": only, "force": force}}}}


def test_an_hour_that_has_not_begun_cannot_be_launched(services: Services) -> None:
    dagster = services.dagster
    later = f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%d-%H:00}"
    refused = dagster.launch_backfill([later])
    assert refused["__typename"] != "LaunchBackfillSuccess", refused
    run = dagster.rerun_partition(JOB, later)
    assert dagster.end_of_run(run, within_s=120) == "FAILURE"
    assert later.rpartition("-")[0] in dagster.messages_of(run)
    assert services.rows("select count(*) from raw.planned_calls where benchmark_hour < '2026-11-21'") == [(0,)]


def test_a_forced_part_of_an_hour_is_a_second_attempt_that_is_graded_and_paid(services: Services) -> None:
    dagster = services.dagster
    first = dagster.rerun_partition(JOB, HOUR)
    assert dagster.end_of_run(first, within_s=240) == "SUCCESS"
    assert services.rows("select count(*), max(attempt) from raw.responses") == [(TARGETS * SCENARIOS, 1)]

    forced = dagster.rerun_partition(JOB, HOUR, rerun(force=True, targets=["sim-atlas", "sim-cobalt"]))
    assert dagster.end_of_run(forced, within_s=240) == "SUCCESS"

    attempts = services.rows(
        "select attempt, forced_by, target_id, count(*) from raw.responses where attempt > 1"
        " group by 1, 2, 3 order by 3"
    )
    assert attempts == [(2, forced, "sim-atlas", SCENARIOS), (2, forced, "sim-cobalt", SCENARIOS)]
    assert services.rows("select count(*) from raw.scores where attempt = 2") == [(2 * SCENARIOS,)]
    cost, resolved = services.rows(
        "select (select sum(cost_usd) from raw.responses), (select sum(cost_usd) from intermediate.int_calls_resolved)"
    )[0]
    assert cost == resolved


def test_an_unknown_name_fails_before_anything_is_asked(services: Services) -> None:
    before = services.rows("select count(*) from raw.planned_calls where benchmark_hour < '2026-11-21'")
    run = services.dagster.rerun_partition(JOB, "2026-11-20-07:00", rerun(targets=["sim-atlsa"]))
    assert services.dagster.end_of_run(run, within_s=120) == "FAILURE"
    assert "only: no target 'sim-atlsa'; did you mean sim-atlas" in services.dagster.messages_of(run)
    assert services.rows("select count(*) from raw.planned_calls where benchmark_hour < '2026-11-21'") == before


def test_the_pools_of_ops_are_there_before_a_step_claims_a_place(services: Services) -> None:
    with psycopg.connect(EmbeddedPostgres(services.home).files.url("dagster")) as connection:
        pools = connection.execute('select concurrency_key, "limit" from concurrency_limits').fetchall()
    assert {("warehouse", 1), ("grading", 1), ("listings", 1)} <= set(pools)


def test_rescoring_a_range_and_writing_a_report_are_jobs(services: Services) -> None:
    asked = services.rows("select count(*) from raw.responses")
    for job, partition in (("rescore_job", HOUR), ("daily_report_job", ""), ("retention_job", "")):
        run = services.dagster.rerun_partition(job, partition) if partition else services.dagster.start(job)
        assert services.dagster.end_of_run(run, within_s=200) == "SUCCESS"
    assert services.rows("select count(*) from raw.responses") == asked
    assert services.rows("select kind from raw.reports") == [("daily",)]


def test_what_became_of_runs_and_the_budgets_are_told_beside_the_marts(services: Services) -> None:
    run = services.dagster.start("check_freshness_job")
    assert services.dagster.end_of_run(run, within_s=120) == "SUCCESS"
    ends = services.rows(f"select status, count(*) from marts.fct_runs where job = '{JOB}' group by 1 order by 1")
    assert ends == [("failure", 2), ("success", 2)]
    measured = services.rows(
        "select first_benchmark_hour = last_benchmark_hour, ended_at > started_at from marts.fct_runs"
        f" where status = 'success' and job = '{JOB}'"
    )
    assert measured == [(True, True)] * 2
    assert ("check_freshness_job", "started") in services.rows("select job, status from marts.fct_runs")
    stated = services.rows("select period, limit_usd, spent_usd from marts.fct_budgets where target_id = '' order by 1")
    assert stated == [("day", 50, 0), ("month", 500, 0)]


def test_a_killed_daemon_is_back_and_does_what_was_asked_meanwhile(services: Services) -> None:
    before = services.starts("daemon")
    os.kill(before[-1], signal.SIGKILL)
    run = services.dagster.rerun_partition(JOB, HOUR)
    assert services.dagster.end_of_run(run, within_s=240) == "SUCCESS"
    assert len(services.starts("daemon")) == len(before) + 1
    assert len(services.starts("code")) == 1
