"""A partition that is run again, or was killed at any point and is run again, leaves the same tables row by row.

Not here: the parts' own promises (archive, raw tables, incremental models), which their tests hold one by one.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.server_processes import processes_of
from tests.support.product import SMALL, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

FIRST, LAST, CALLS = "2026-11-20T05", "2026-11-20T07", 3 * 6 * 12
MARTS = ("dim_scenarios", "dim_targets", "fct_leaderboard", "fct_scores_daily", "fct_scores_hourly")

OF_ONE_EXECUTION = {
    # When a row was stored and by which run: true, and different for each execution.
    "raw.responses": {"recorded_at", "run_id"},
    # What grading took on this machine at that moment, beside when it was.
    "raw.scores": {"recorded_at", "graded_at", "wall_ms", "peak_memory_kb"},
    "raw.planned_calls": {"planned_at"},
    "raw.score_intervals": {"computed_at"},
}
"""Columns that two executions of the same hours may differ in. The marts have none."""


@dataclass(frozen=True)
class Installation:
    """One home, and the command line that uses it."""

    home: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        own = {"AIBAAS_HOME": str(self.home), "AIBAAS_SIMULATOR_PORT": str(self.port)} | SMALL
        return {"PATH": os.environ["PATH"], "HOME": str(self.home.parent)} | own

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "orchestration.cli", "backfill", "--from", FIRST, "--to", LAST]

    def measure(self) -> None:
        done = subprocess.run(
            self.command,
            cwd=PROJECT_ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    @contextmanager
    def measuring_slowly(self) -> Iterator[subprocess.Popen[bytes]]:
        """A run in a process group of its own, which is killed at the end of the block."""
        environment = self.environment | {"AIBAAS_CONCURRENCY": "2"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(self.command, cwd=PROJECT_ROOT, env=environment, start_new_session=True, **quiet)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)

    def read(self, statement: str, database: str = "aibaas") -> list[tuple[object, ...]]:
        """Rows of a query; none while the server or the tables are not there yet."""
        try:
            with psycopg.connect(EmbeddedPostgres(self.home).files.url(database)) as connection:
                return connection.execute(statement.encode()).fetchall()
        except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return []

    def table(self, name: str, without: set[str] = frozenset()) -> list[tuple[object, ...]]:  # type: ignore[assignment]
        """All rows in an order of their own, without some columns."""
        with psycopg.connect(EmbeddedPostgres(self.home).url) as connection:
            whole = sql.SQL("SELECT * FROM {}").format(sql.Identifier(*name.split(".")))
            columns = [column.name for column in connection.execute(whole).description or ()]
            assert without <= set(columns)
            kept = sql.SQL(", ").join(sql.Identifier(column) for column in columns if column not in without)
            chosen = sql.SQL("SELECT {} FROM {}").format(kept, sql.Identifier(*name.split(".")))
            return sorted(connection.execute(chosen).fetchall(), key=repr)

    def marts(self) -> dict[str, list[tuple[object, ...]]]:
        return {name: self.table(f"marts.{name}") for name in MARTS}

    def raw(self, *, is_same_execution: bool) -> dict[str, list[tuple[object, ...]]]:
        always = {"raw.score_intervals": OF_ONE_EXECUTION["raw.score_intervals"]}
        left_out = always if is_same_execution else OF_ONE_EXECUTION
        return {name: self.table(name, left_out.get(name, set())) for name in OF_ONE_EXECUTION}

    def run_states(self) -> list[str]:
        return sorted(str(row[0]) for row in self.read("SELECT status FROM runs", "dagster"))

    def has_asked_some(self) -> bool:
        journals = (self.home / "archive" / "journal").glob("*.jsonl")
        return any(journal.read_bytes().count(b"\n") > 10 for journal in journals)

    def has_graded_some(self) -> bool:
        return self.read("SELECT 1 FROM raw.scores LIMIT 1") != []

    def is_building(self) -> bool:
        return self.read("SELECT 1 FROM pg_stat_activity WHERE application_name = 'dbt' AND state <> 'idle'") != []

    def has_published_some(self) -> bool:
        return self.read("SELECT 1 FROM pg_tables WHERE schemaname = 'marts'") != []


def made(home: Path, port: int) -> Installation:
    home.mkdir()
    (home / "simulator-events-anchor").write_text("2026-11-23\n")
    return Installation(home, port)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Three simulated hours, measured once without a disturbance."""
    installation = made(tmp_path_factory.mktemp("reference") / "home", free_ports(1)[0])
    try:
        installation.measure()
        yield installation
    finally:
        EmbeddedPostgres(installation.home).stop()


def wait_until(condition: object, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not condition():  # type: ignore[operator]
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_hours_that_are_run_again_leave_every_table_as_it_was(reference: Installation) -> None:
    marts, raw = reference.marts(), reference.raw(is_same_execution=True)
    assert len(raw["raw.responses"]) == CALLS
    assert all(marts.values())
    reference.measure()
    assert reference.marts() == marts
    assert reference.raw(is_same_execution=True) == raw


def test_hours_that_were_killed_at_any_point_end_as_if_undisturbed(reference: Installation, tmp_path: Path) -> None:
    killed = made(tmp_path / "home", reference.port)
    shutil.copytree(reference.home / "dbt", killed.home / "dbt")  # parsing the project again would only take time
    try:
        with killed.measuring_slowly() as run:
            wait_until(killed.has_asked_some, run)
        assert killed.read("SELECT 1 FROM raw.scores") == []

        with killed.measuring_slowly() as run:
            wait_until(killed.has_graded_some, run)
        assert len(killed.table("raw.scores")) < len(reference.table("raw.scores"))

        with killed.measuring_slowly() as run:
            wait_until(killed.is_building, run)
        assert not killed.has_published_some()

        with killed.measuring_slowly() as run:
            wait_until(killed.has_published_some, run)
            for server in processes_of(EmbeddedPostgres(killed.home).files.data):
                with suppress(ProcessLookupError):  # killing one ends the others
                    os.kill(server, signal.SIGKILL)

        killed.measure()
        assert killed.run_states() == ["FAILURE"] * 4 + ["SUCCESS"]
        assert killed.raw(is_same_execution=False) == reference.raw(is_same_execution=False)
        assert killed.marts() == reference.marts()
    finally:
        EmbeddedPostgres(killed.home).stop()
