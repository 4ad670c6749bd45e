"""A soak as a user starts it: hours through the daemon, faults, and a comparison that finds what is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.cli.soaking.comparing import compared_rows
from orchestration.cli.soaking.services import settings_of
from orchestration.settings import PROJECT_ROOT, settings
from orchestration.storage.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from orchestration.storage.reconciliation import Reconciliation

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

ROW = re.compile(r"^\| (?P<name>[^|]+) \| (?P<found>[^|]+) \|$", re.MULTILINE)


def soak(home: Path, *arguments: str, within_s: float) -> tuple[int, dict[str, str], str]:
    """Exit code, the printed table, and what was said beside it."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "soak", "--home", str(home), *arguments],
        cwd=PROJECT_ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=within_s, check=False,
    )  # fmt: skip
    return done.returncode, dict(ROW.findall(done.stdout)), done.stderr


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, dict[str, str], str]:
    home = tmp_path_factory.mktemp("soak") / "home"
    faults = ("--fault", "killed-worker", "--fault", "killed-code-server", "--fault", "provider-errors")
    return (home, *soak(home, "--hours", "4", "--seed", "1", *faults, within_s=1500))


def test_four_hours_with_three_faults_lose_and_double_nothing(soaked: tuple[Path, int, dict[str, str], str]) -> None:
    _, code, table, said = soaked
    assert (code, table.get("discrepancies")) == (0, "0"), said
    assert table["faults"] == "killed-code-server 1, killed-worker 1, provider-errors 1"
    assert table["planned calls"] == table["calls in the marts"] == table["loaded"] == "288"
    assert table["runs that Dagster started again"] == "2"
    tables = table["tables equal to a rebuild from nothing"].split(" of ")
    assert tables[0] == tables[1]


@pytest.fixture
def kept(soaked: tuple[Path, int, dict[str, str], str]) -> Iterator[Path]:
    """The home that was kept, its database running."""
    server = EmbeddedPostgres(soaked[0])
    server.start()
    try:
        yield soaked[0]
    finally:
        server.stop()


TAMPERING = {
    "archived and not in raw.responses": "delete from raw.responses where call_id = (select min(call_id::text)::uuid "
    "from raw.responses)",
    "raw.responses differs from the archive": "update raw.responses set answer_sha256 = repeat('0', 64) "
    "where call_id = (select max(call_id::text)::uuid from raw.responses where status = 'answered')",
    "answered and not scored": "delete from raw.scores where call_id = "
    "(select max(call_id::text)::uuid from raw.scores)",
    "planned and not in int_calls_resolved": "delete from intermediate.int_calls_resolved where call_id = "
    "(select max(call_id::text)::uuid from intermediate.int_calls_resolved)",
    "fct_reliability_hourly says": "update marts.fct_reliability_hourly set answered_count = answered_count - 1",
    "the plan is not what it ought to be": "delete from raw.planned_calls where call_id = "
    "(select max(call_id::text)::uuid from raw.planned_calls)",
}


@pytest.mark.parametrize("difference", TAMPERING)
def test_the_comparison_finds_what_was_tampered_with(kept: Path, difference: str) -> None:
    before = compared(kept)
    with psycopg.connect(EmbeddedPostgres(kept).url) as connection:
        connection.execute("create schema if not exists kept")
        table = re.search(r"(?:from|update) (\S+)", TAMPERING[difference])
        assert table is not None
        connection.execute(f"create table kept.whole as table {table[1]}".encode())
        connection.execute(TAMPERING[difference].encode())
    try:
        found = compared(kept)
    finally:
        with psycopg.connect(EmbeddedPostgres(kept).url) as connection:
            connection.execute(f"delete from {table[1]}".encode())
            connection.execute(f"insert into {table[1]} table kept.whole".encode())
            connection.execute(b"drop table kept.whole")
    assert before.differences == []
    assert any(difference in told for told in found.differences), found.differences


def compared(home: Path) -> Reconciliation:
    config = settings_of(settings(), home, "canary")
    return compared_rows(config, measured_hours(home))


def measured_hours(home: Path) -> list[datetime]:
    with psycopg.connect(EmbeddedPostgres(home).url) as connection:
        connection.execute("set timezone to 'UTC'")
        hours = connection.execute("select distinct benchmark_hour from raw.planned_calls order by 1").fetchall()
    return [hour for (hour,) in hours]


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_week_with_every_fault_loses_and_doubles_nothing(tmp_path: Path) -> None:
    code, table, said = soak(tmp_path / "home", "--hours", "168", "--seed", "1", within_s=7000)
    assert (code, table.get("discrepancies")) == (0, "0"), said
