"""An installation in a home of its own that measures a range of simulated hours, and what its tables hold then.

Not here: what tests do to it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.product import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

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
    first: str
    last: str
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {"AIBAAS_HOME": str(self.home), "AIBAAS_SIMULATOR_PORT": str(self.port)} | SMALL
        return {"PATH": os.environ["PATH"], "HOME": str(self.home.parent)} | own | dict(self.more)

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "orchestration.cli", "backfill", "--from", self.first, "--to", self.last]

    def measure(self, *, within_s: float = 300) -> None:
        self.command_line(*self.command[3:], within_s=within_s)

    def command_line(self, *arguments: str, within_s: float = 300) -> None:
        """A command to its end."""
        done = subprocess.run(
            [*self.command[:3], *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=within_s,
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

    def execute(self, statements: str) -> None:
        """Statements in one transaction, as the administrator."""
        with psycopg.connect(EmbeddedPostgres(self.home).url) as connection:
            connection.execute(statements.encode())

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


def made(home: Path, port: int, first: str, last: str, **more: str) -> Installation:
    """A new home; `more` is set in its environment."""
    home.mkdir()
    (home / "simulator-events-anchor").write_text("2026-11-23\n")
    return Installation(home, port, first, last, more)
