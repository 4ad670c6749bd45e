"""Parts of hours, answers that are asked for again, answers that are graded again, and reports, by the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.archive import Archive
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.parsed_project import give_parsed_project
from tests.support.product import SMALL, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

FIRST, THIRD, UNPLANNED = "2026-11-20T05", "2026-11-20T07", "2026-11-21T05"
TARGETS, SCENARIOS = 6, 12
CLI = "\nfrom orchestration.cli import main; main()"
NEXT_VERSION = """
from dataclasses import replace
from orchestration.scoring import registry
current = registry.FunctionScorer
registry.FunctionScorer = lambda sandbox: replace(current(sandbox), version=77)
"""
MARTS = ("fct_scores_hourly", "fct_scores_daily", "fct_scenario_scores_daily", "fct_leaderboard")


@dataclass(frozen=True)
class Installation:
    """One home, and the command line that uses it."""

    home: Path
    port: int

    def run(self, *arguments: str, before: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        own = {"AIBAAS_HOME": str(self.home), "AIBAAS_SIMULATOR_PORT": str(self.port)} | SMALL
        return subprocess.run(
            [sys.executable, "-c", before + CLI, *arguments],
            cwd=PROJECT_ROOT, env={"PATH": os.environ["PATH"], "HOME": str(self.home.parent)} | own | more,
            capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip

    def does(self, *arguments: str, before: str = "", **more: str) -> str:
        done = self.run(*arguments, before=before, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(EmbeddedPostgres(self.home).url) as connection:
            return connection.execute(query.encode()).fetchall()

    def marts(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: sorted(self.rows(f"select * from marts.{name}"), key=repr) for name in MARTS}

    def counts(self) -> tuple[Any, ...]:
        return self.rows("select (select count(*) from raw.planned_calls), (select count(*) from raw.responses)")[0]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, parsed_home: Path) -> Iterator[Installation]:
    """Three simulated hours."""
    home = tmp_path_factory.mktemp("parts") / "home"
    give_parsed_project(parsed_home, home)
    (home / "simulator-events-anchor").write_text("2026-11-23\n")
    made = Installation(home, free_ports(1)[0])
    try:
        made.does("backfill", "--from", FIRST, "--to", THIRD)
        yield made
    finally:
        EmbeddedPostgres(home).stop()


def test_a_name_that_there_is_not_is_one_line_and_changes_nothing(installation: Installation) -> None:
    before = installation.counts()
    for option, name, meant in (
        ("--only-target", "sim-atlsa", "did you mean sim-atlas"),
        ("--only-scenario", "sql/nothing-like-it-at-all", "did you mean"),
        ("--only-target", "zzz", "there are: "),
    ):
        done = installation.run("run", "--hour", UNPLANNED, option, name)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
        assert f"no {option.removeprefix('--only-')} '{name}'" in done.stderr
        assert meant in done.stderr or option == "--only-scenario"
    assert installation.counts() == before


def test_a_forced_part_is_a_new_attempt_beside_the_old_one(installation: Installation) -> None:
    marts, before = installation.marts(), installation.counts()
    (scenario,) = installation.rows("select min(scenario_id) from raw.planned_calls")[0]
    part = ("--hour", FIRST, "--only-target", "sim-atlas", "--only-scenario", scenario)
    assert "1 planned calls, 0 to make" in installation.does("run", *part, "--dry-run")
    assert "1 planned calls, 1 to make" in installation.does("run", *part, "--force", "--dry-run")
    assert (installation.counts(), installation.marts()) == (before, marts)

    installation.does("run", *part, "--force")

    assert installation.counts() == (before[0], before[1] + 1)
    call = f"benchmark_hour = timestamptz '{FIRST}:00Z' and target_id = 'sim-atlas' and scenario_id = '{scenario}'"
    attempts = installation.rows(
        f"select attempt, forced_by is not null, cost_usd from raw.responses where {call} order by 1"
    )
    assert [row[:2] for row in attempts] == [(1, False), (2, True)]
    scores = "select s.attempt from raw.scores as s inner join raw.responses as r using (call_id, attempt)"
    graded = installation.rows(f"{scores} where r.{call} order by 1")
    assert graded == [(1,), (2,)]
    resolved = installation.rows(f"select attempt, cost_usd from intermediate.int_calls_resolved where {call}")
    assert resolved == [(2, sum((row[2] for row in attempts), Decimal(0)))]
    others = f"select * from intermediate.int_calls_resolved where not ({call})"
    assert len(installation.rows(others)) == 3 * TARGETS * SCENARIOS - 1
    assert len(Archive(installation.home / "archive").files(datetime(2026, 11, 20, 5, tzinfo=UTC))) == 2


def test_answers_are_graded_again_without_a_call_and_versions_do_not_mix(installation: Installation) -> None:
    old = dict(installation.rows("select scorer, max(scorer_version) from raw.scores group by 1"))["function"]
    responses = installation.counts()[1]
    off = {"AIBAAS_SIMULATOR_PORT": str(free_ports(1)[0])}  # where nothing listens, and rescore starts nothing

    installation.does("rescore", "--from", THIRD, "--to", THIRD, before=NEXT_VERSION, **off)

    hourly = installation.rows(
        "select benchmark_hour, min(scorer_versions), count(distinct scorer_versions), sum(scored_count)::int"
        " from marts.fct_scores_hourly where family = 'all' and status = 'measured' group by 1 order by 1"
    )
    assert [row[2] for row in hourly] == [1, 1, 1]
    assert [f"function:{old}" in row[1] for row in hourly] == [True, True, False]
    assert "function:77" in hourly[2][1]
    measured = "select count(*)::int from intermediate.int_calls_resolved where status = 'measured'"
    assert sum(row[3] for row in hourly) == installation.rows(measured)[0][0]
    board = installation.rows(
        "select distinct scorer_versions from marts.fct_leaderboard where family = 'all' and window_name = '24h'"
    )
    assert board == [(hourly[2][1],)]
    counted = "select sum(scored_count)::int from marts.fct_leaderboard where family = 'all' and window_name = '24h'"
    outdated = installation.rows(f"{measured} and scorer = 'function' and scorer_version <> 77")
    assert outdated[0][0] > 0
    assert installation.rows(counted)[0][0] == installation.rows(measured)[0][0] - outdated[0][0]
    assert_equal_to_a_full_build(installation)

    installation.does("rescore", "--from", FIRST, "--to", THIRD, before=NEXT_VERSION, **off)

    whole = installation.rows("select distinct scorer_versions from marts.fct_scores_hourly where family = 'all'")
    assert whole == [(hourly[2][1],)]
    assert installation.rows(counted) == installation.rows(measured)
    assert installation.counts()[1] == responses
    assert_equal_to_a_full_build(installation)


def assert_equal_to_a_full_build(installation: Installation) -> None:
    marts = installation.marts()
    installation.does("rebuild")
    for name, rows in installation.marts().items():
        assert marts[name] == rows, name


def test_a_report_tells_the_day_and_the_week_once(installation: Installation) -> None:
    day = installation.does("report", "--day", "2026-11-20")
    assert day.startswith("# Daily report 2026-11-20\n")
    assert "## Suite canary v" in day
    assert f"of {3 * TARGETS * SCENARIOS} planned calls" in day
    assert "Atlas (simulated)" in day
    assert installation.does("report", "--day", "2026-11-20") == day
    week = installation.does("report", "--week", "2026-W47")
    assert week.startswith("# Weekly report 2026-W47\n")
    stored = installation.rows("select kind, period_start::date::text, as_of::text, body from raw.reports order by 1")
    assert [row[:2] for row in stored] == [("daily", "2026-11-20"), ("weekly", "2026-11-16")]
    body = stored[0][3]
    standings = body["suites"][0]["standings"]
    shown = dict(
        installation.rows(
            "select target_id, score_mean from marts.fct_scores_daily"
            " where family = 'all' and score_date = '2026-11-20'"
        )
    )
    assert {row["target_id"]: row["score_mean"] for row in standings} == shown
    assert {row["move_reason"] for row in standings} == {"no_period_before"}
    spent = installation.rows("select sum(cost_usd)::float8 from raw.responses")[0][0]
    assert sum(row["cost_usd"] for row in body["spend"]) == pytest.approx(spent)
    assert json.dumps(body)
    refused = installation.run("report", "--day", "2099-01-01")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert installation.run("report", "--week", "47").returncode == 2


def test_a_part_of_an_hour_is_planned_asked_and_graded_alone_and_the_rest_later(installation: Installation) -> None:
    installation.does("run", "--hour", UNPLANNED, "--only-target", "sim-atlas")
    of_hour = f"benchmark_hour = timestamptz '{UNPLANNED}:00Z'"
    planned = installation.rows(
        f"select target_id, count(*), bool_and(is_partial) from raw.planned_calls where {of_hour} group by 1"
    )
    assert planned == [("sim-atlas", SCENARIOS, True)]
    graded = installation.rows(f"select count(*) from raw.scores where {of_hour}")
    assert graded == installation.rows(f"select count(*) from raw.responses where {of_hour} and status = 'answered'")
    installation.does("run", "--hour", UNPLANNED)
    attempts = installation.rows(
        f"select count(*), count(distinct target_id), max(attempt) from raw.responses where {of_hour}"
    )
    assert attempts == [(TARGETS * SCENARIOS, TARGETS, 1)]
