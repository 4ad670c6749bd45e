"""A database with raw rows of a drawn history, and the way from them to the marts as the pipeline goes it.

Not here: what the marts must hold.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from orchestration.defs.assets.modelling import COMPARISONS
from orchestration.stats.contamination import cutoff_gap_table, variant_gap_table
from orchestration.stats.intervals import interval_table
from orchestration.stats.task_costs import projection_table
from orchestration.storage.comparison_rows import CUTOFF_GAPS, read_public_scores, read_window_days, replace_rows
from orchestration.storage.database import Database
from orchestration.storage.interval_rows import read_gaps, read_scenario_means, replace_gaps, replace_intervals
from orchestration.storage.projection_rows import last_whole_day, read_daily_costs, replace_projections
from orchestration.storage.raw_tables import ScoreInterval
from tests.support.timescale_server import fresh_database, move_into_columnstore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.embedded_postgres import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
HISTORY = Path(__file__).with_name("history.sql").read_text(encoding="utf-8")
MODELS = (
    "intermediate.int_calls_resolved",
    "intermediate.int_scenario_scores_hourly",
    "marts.dim_targets",
    "marts.dim_scenarios",
    "marts.fct_scores_hourly",
    "marts.fct_scores_daily",
    "marts.fct_scores_weekly",
    "marts.fct_scenario_scores_daily",
    "marts.fct_latency_hourly",
    "marts.fct_latency_daily",
    "marts.fct_latency_weekly",
    "marts.fct_reliability_hourly",
    "marts.fct_leaderboard",
    "marts.fct_pairwise",
    "marts.fct_pass_rates",
    "marts.fct_score_moves",
    "marts.fct_public_evidence",
    "marts.fct_coverage",
    "marts.fct_costs_daily",
    "marts.fct_contamination",
    "marts.fct_cost_projections",
)
_numbers = itertools.count(1)

Touched = tuple[datetime, datetime]
Row = tuple[Any, ...]


class Worker:
    """A process that runs one dbt command after another against one database."""

    def __init__(self, database: Database, scratch: Path) -> None:
        written = {"DBT_TARGET_PATH": str(scratch / "target"), "DBT_LOG_PATH": str(scratch / "logs"), "DBT_QUIET": "1"}
        with (scratch / "worker.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("command_worker.py"))],
                env={**os.environ, **database.dbt_environment(), **written},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def run(self, arguments: list[str]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())  # type: ignore[no-any-return]

    def close(self) -> None:
        self.process.communicate(timeout=60)


@dataclass(frozen=True)
class Warehouse:
    """One database and the dbt project that builds in it."""

    database: Database
    worker: Worker
    has_columnstore: bool = False

    def draw_history(self, start: datetime, stop: datetime, *, targets: int, scenarios: int, seed: int = 1) -> None:
        """Raw rows of every hour in [start, stop), by history.sql; in the columnstore where there is one."""
        parameters = {"start": start, "stop": stop, "targets": targets, "scenarios": scenarios, "seed": seed}
        self.change(HISTORY, parameters)
        if self.has_columnstore:
            move_into_columnstore(self.database.url)

    def change(self, statements: str, parameters: dict[str, Any]) -> None:
        with psycopg.connect(self.database.url, cursor_factory=psycopg.ClientCursor) as connection:
            connection.execute(statements.encode(), parameters)

    def rows(self, query: str) -> list[Row]:
        with self.database.connect() as connection:
            return connection.execute(query.encode()).fetchall()

    def tables(self) -> dict[str, list[Row]]:
        """All rows of every built table but for when they were computed, in an order of their own."""
        return {name: sorted(self.rows(f"select {self.columns(name)} from {name}"), key=repr) for name in MODELS}

    def columns(self, name: str) -> str:
        (columns,) = self.rows(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
            f" where attrelid = '{name}'::regclass and attnum > 0 and not attisdropped and attname <> 'computed_at'"
        )
        return str(columns[0])

    def intervals(self) -> list[Row]:
        """All intervals but for the moment at which they were computed."""
        columns = ", ".join(name for name in ScoreInterval.__slots__ if name != "computed_at")
        return sorted(self.rows(f"select {columns} from raw.score_intervals"), key=repr)

    def dbt(self, *arguments: str) -> str:
        """Run a dbt command and return its warnings; raises AssertionError with them when it fails."""
        answer = self.worker.run([*arguments, f"--project-dir={PROJECT}", f"--profiles-dir={PROJECT}"])
        said = "\n".join(answer["said"])
        assert answer["succeeded"], said
        return said

    def build(self, selector: str, *arguments: str, touched: Touched | None = None) -> str:
        hours = [] if touched is None else [f"{hour.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" for hour in touched]
        given = [word for pair in zip(("--event-time-start", "--event-time-end"), hours, strict=False) for word in pair]
        options = ["--selector", selector, *given, "--exclude-resource-type", "unit_test"]
        return self.dbt("build", *options, *arguments)

    def compute_intervals(self, touched: Touched | None = None) -> None:
        with self.database.connect() as connection:
            means = read_scenario_means(connection, touched)
            replace_intervals(connection, interval_table(means, datetime.now(UTC)), touched)
            replace_gaps(connection, variant_gap_table(read_gaps(connection), datetime.now(UTC)))
            public = read_public_scores(connection)
            replace_rows(connection, CUTOFF_GAPS, cutoff_gap_table(public, datetime.now(UTC)))
            days = read_window_days(connection)
            for table, (computed, _) in COMPARISONS.items():
                replace_rows(connection, table, computed(days, datetime.now(UTC)))
            if (last_day := last_whole_day(connection)) is not None:
                costs = read_daily_costs(connection, last_day)
                replace_projections(connection, projection_table(costs, datetime.now(UTC)))

    def publish(self, *arguments: str, touched: Touched | None = None) -> None:
        """Raw rows to marts, as the pipeline does it: dbt, the intervals, dbt."""
        self.build("resolved", *arguments, touched=touched)
        self.compute_intervals(touched)
        self.build("published", *arguments, touched=touched)


@contextmanager
def warehouse_in(database: Database, scratch: Path, *, has_columnstore: bool = False) -> Iterator[Warehouse]:
    """The project over a migrated database. Its worker ends with the block."""
    worker = Worker(database, scratch)
    try:
        yield Warehouse(database, worker, has_columnstore)
    finally:
        worker.close()


@pytest.fixture(scope="module")
def plain_warehouse(
    embedded_server: EmbeddedPostgres, database_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A database of its own for the tests of one module."""
    name = f"dbt_{next(_numbers)}"
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {database_template} STRATEGY FILE_COPY".encode())
        with warehouse_in(Database(embedded_server.files.url(name)), tmp_path_factory.mktemp("dbt")) as opened:
            yield opened
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="module")
def timescale_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The same on the server with TimescaleDB."""
    with fresh_database() as database:
        database.ensure_ready()
        with warehouse_in(database, tmp_path_factory.mktemp("dbt"), has_columnstore=True) as opened:
            yield opened


@pytest.fixture(scope="module", params=["plain", pytest.param("timescale", marks=pytest.mark.timescale)])
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """Every test of the warehouse holds for both servers."""
    opened: Warehouse = request.getfixturevalue(f"{request.param}_warehouse")
    return opened
