"""Statements of strangers on a real server: what they may read, and what they may not do to it."""

from __future__ import annotations

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.sandbox.interface import QueryRun, RunLimits
from orchestration.scoring.postgresql import PostgresqlQueryServer
from orchestration.storage.throwaway_databases import StatementLimits, ThrowawayDatabases

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = StatementLimits(wall_s=2.0, result_kb=64)
SETUP = """
    CREATE TABLE t (a int, b text, c numeric, d date);
    INSERT INTO t VALUES (1, 'x', 1.5, '2024-02-29'), (2, NULL, 2, NULL);
"""


@pytest.fixture(scope="module")
def databases() -> Iterator[ThrowawayDatabases]:
    home = Path(tempfile.mkdtemp(prefix="aibaas-throwaway-"))
    home.chmod(0o755)
    made = ThrowawayDatabases(home)
    yield made
    made.close()
    shutil.rmtree(home)


def test_rows_come_with_their_types(databases: ThrowawayDatabases) -> None:
    end = databases.run(SETUP, "SELECT * FROM t ORDER BY a", LIMITS)
    assert (end.ending, end.columns) == ("ok", ("a", "b", "c", "d"))
    assert end.rows == ((1, "x", Decimal("1.5"), date(2024, 2, 29)), (2, None, Decimal(2), None))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1; DROP TABLE t",
        "DROP TABLE t",
        "INSERT INTO t VALUES (3)",
        "CREATE TABLE mine (a int)",
        "CREATE TEMP TABLE mine (a int)",
        "COPY t TO PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/aibaas-planted'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT current_setting('data_directory')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
        "SET ROLE aibaas",
        "ALTER SYSTEM SET jit = on",
        "CREATE EXTENSION dblink",
        "CREATE ROLE other SUPERUSER",
        "DO $$ BEGIN LOOP END LOOP; END $$",
        "LISTEN heard",
        "SELECT 1 / 0",
        "SELEC",
    ],
)
def test_what_is_not_reading_fails(databases: ThrowawayDatabases, statement: str) -> None:
    end = databases.run(SETUP, statement, LIMITS)
    assert (end.ending, end.rows) == ("exception", ())
    assert end.error[0]


@pytest.mark.parametrize(
    ("statement", "ending"),
    [
        ("SELECT pg_sleep(60)", "timeout"),
        ("SELECT sum(a.x * b.x) FROM generate_series(1, 60000) a(x), generate_series(1, 60000) b(x)", "timeout"),
        ("SELECT repeat('x', 1000000000)", "memory"),
        ("SELECT count(*) FROM generate_series(1, 100000000000)", "memory"),
        ("SELECT * FROM generate_series(1, 1000000)", "output"),
    ],
)
def test_what_exhausts_is_ended(databases: ThrowawayDatabases, statement: str, ending: str) -> None:
    started = time.monotonic()
    assert databases.run(SETUP, statement, LIMITS).ending == ending
    assert time.monotonic() - started < 20
    assert databases.run(SETUP, "SELECT 1", LIMITS).rows == ((1,),)


def test_settings_of_one_statement_do_not_lengthen_its_time(databases: ThrowawayDatabases) -> None:
    statement = "SELECT set_config('statement_timeout', '0', false), pg_sleep(60)"
    assert databases.run(SETUP, statement, LIMITS).ending == "timeout"


def test_nothing_is_left_and_nothing_is_seen_of_others(databases: ThrowawayDatabases) -> None:
    def names(number: int) -> tuple[tuple[str], ...]:
        setup = f"CREATE TABLE secret_{number} (a int)"
        return databases.run(setup, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", LIMITS).rows

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(names, range(8))) == [((f"secret_{number}",),) for number in range(8)]
    with psycopg.connect(databases._admin_url) as admin:
        assert admin.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'throwaway%'").fetchone() == (0,)
        assert admin.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'stranger%'").fetchone() == (0,)


def test_outcomes_are_those_of_the_sandbox(databases: ThrowawayDatabases) -> None:
    server = PostgresqlQueryServer(databases)
    limits = RunLimits(wall_s=2.0)
    good = server.run_query(QueryRun("SELECT a, now()::time IS NULL, '1 day'::interval FROM t", (SETUP,), limits))
    assert (good.outcome, good.results[0].rows[0]) == ("ok", (1, False, "1 day, 0:00:00"))
    assert good.wall_ms
    broken = server.run_query(QueryRun("SELECT 1", ("CREAT", SETUP), limits))
    assert [rows.outcome for rows in broken.results] == ["infrastructure", "ok"]
    assert server.run_query(QueryRun("SELECT x", (SETUP,), limits)).outcome == "exception"
    assert server.run_query(QueryRun("SELECT pg_sleep(9)", (SETUP,), limits)).reason == "stopped: timeout"
