"""Mistakes that a person can make on the command line: one line that says what and how to mend it, and exit code 2."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.settings import PROJECT_ROOT
from tests.support.old_server import old_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.embedded_postgres import EmbeddedPostgres
    from tests.integration.cli.conftest import Result, RunAibaas

IS_ROOT = os.geteuid() == 0
AS_NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups") if IS_ROOT else ()
MEASURING = [("run",), ("backfill", "--from", "now"), ("demo",), ("up",)]


def complaint(result: Result) -> str:
    """The one line that was said."""
    assert result.returncode == 2, result.stderr
    assert re.fullmatch(r"aibaas: [^\n]+\n", result.stderr), result.stderr
    assert result.stdout == ""
    return result.stderr


@pytest.fixture
def guest(embedded_server: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a user whom the server asks for a password, with a wrong one."""
    rules = embedded_server.files.data / "pg_hba.conf"
    before = rules.read_text()
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'right'")
        rules.write_text(f"local all guest scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
        yield embedded_server.files.url("postgres").replace("//aibaas@", "//guest:mistaken@")
        rules.write_text(before)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("DROP ROLE guest")


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of the scenarios, to be spoilt."""
    place = tmp_path / "scenarios"
    place.mkdir()
    shutil.copy(PROJECT_ROOT / "scenarios" / "suites.yaml", place)
    shutil.copytree(PROJECT_ROOT / "scenarios" / "core", place / "core")
    return place


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mesure",), "No such command 'mesure'"),
        (("run", "--our", "now"), "No such option '--our'"),
        (("run", "now"), "unexpected extra argument"),
        (("backfill",), "Missing option '--from'"),
        (("run", "--hour", "2031-01-01T00"), "2031-01-01T00 is not a partition: hours run from 2026-01-01T00 to"),
        (("run", "--hour", "2025-12-31T23"), "2025-12-31T23 is not a partition"),
        (("run", "--hour", "nonsense"), "'nonsense' is not an hour: write it like 2026-11-23T20"),
        (("run", "--hour", "2026-11-20T05:30"), "is not a whole hour: 2026-11-20T05 is the hour that it lies in"),
        (("backfill", "--from", "2026-11-20T07", "--to", "2026-11-20T05"), "the range runs backwards"),
        (("service", "cache"), "no service 'cache': the Procfile has simulator, code,"),
    ],
)
def test_a_word_that_is_not_understood(aibaas: RunAibaas, home: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in complaint(aibaas(*arguments))
    assert not home.exists()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AIBAAS_API_PORT", "eighty", "AIBAAS_API_PORT is not usable: input should be a valid integer"),
        ("AIBAAS_API_PORT", "70000", "AIBAAS_API_PORT is"),
        ("AIBAAS_SIMULATOR_PORT", "0", "AIBAAS_SIMULATOR_PORT is"),
        ("AIBAAS_CONCURRENCY", "0", "AIBAAS_CONCURRENCY is not usable"),
        ("AIBAAS_SIMULATOR", "maybe", "AIBAAS_SIMULATOR is not usable: input should be 'on' or 'off'"),
        ("AIBAAS_TARGETS_FILE", "/nowhere", "/nowhere: can't be read (No such file or directory)"),
        ("AIBAAS_SCENARIOS_DIR", "/nowhere", "/nowhere"),
    ],
)
def test_a_setting_that_is_not_usable(aibaas: RunAibaas, home: Path, variable: str, value: str, said: str) -> None:
    assert said in complaint(aibaas("run", **{variable: value}))
    assert not home.exists()


@pytest.mark.parametrize("arguments", MEASURING)
def test_a_scenario_with_a_mistake_starts_nothing(
    aibaas: RunAibaas, home: Path, catalogue: Path, arguments: tuple[str, ...]
) -> None:
    file = catalogue / "core" / "sql" / "clickstream-sessions" / "scenario.yaml"
    file.write_text(file.read_text().replace("difficulty:", "dificulty:"))
    line = complaint(aibaas(*arguments, AIBAAS_SCENARIOS_DIR=str(catalogue)))
    assert re.match(rf"aibaas: {re.escape(str(file))}:\d+: d", line)
    assert not home.exists()


def test_a_suite_that_names_no_scenario_starts_nothing(aibaas: RunAibaas, home: Path, catalogue: Path) -> None:
    suites = catalogue / "suites.yaml"
    suites.write_text(suites.read_text().replace("sql/clickstream-sessions", "sql/clickstream-sesions"))
    line = complaint(aibaas("run", AIBAAS_SCENARIOS_DIR=str(catalogue)))
    assert str(suites) in line
    assert "sql/clickstream-sesions" in line
    assert not home.exists()


@pytest.mark.parametrize("arguments", MEASURING)
def test_a_targets_file_with_a_mistake_outside_its_entries_starts_nothing(
    aibaas: RunAibaas, home: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "targets.yaml"
    known = (PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml").read_text()
    file.write_text(known.replace("usd_per_month: 500", "usd_per_month: 0", 1))
    line = complaint(aibaas(*arguments, AIBAAS_TARGETS_FILE=str(file)))
    assert re.match(rf"aibaas: {re.escape(str(file))}:\d+: budget\.usd_per_month: ", line)
    assert not home.exists()


@pytest.mark.parametrize("variable", ["AIBAAS_API_PORT", "AIBAAS_SIMULATOR_PORT"])
def test_a_taken_port_is_named_with_the_variable_that_moves_it(aibaas: RunAibaas, home: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = complaint(aibaas("up", **{variable: str(port)}))
    assert f"port {port} is taken by another program: stop it, or set {variable}" in line
    assert not home.exists()


@pytest.mark.parametrize("command", ["run", "up", "migrate"])
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://someone:secret@127.0.0.1/aibaas", "DATABASE_URL does not begin with postgresql://"),
        ("postgresql://someone:secret@127.0.0.1:9/aibaas", "can't reach the database 127.0.0.1:9/aibaas"),
        ("postgresql://someone:secret@127.0.0.1", "DATABASE_URL names no database"),
    ],
)
def test_a_database_that_can_not_be_reached(aibaas: RunAibaas, home: Path, command: str, url: str, said: str) -> None:
    line = complaint(aibaas(command, DATABASE_URL=url))
    assert said in line
    assert "secret" not in line
    assert not (home / "postgres").exists()


def test_a_database_of_another_name_is_not_made(aibaas: RunAibaas, embedded_server: EmbeddedPostgres) -> None:
    line = complaint(aibaas("run", DATABASE_URL=embedded_server.files.url("aibass")))
    assert "has no database aibass" in line
    assert "createdb aibass" in line


def test_a_wrong_password_is_refused_and_not_repeated(aibaas: RunAibaas, guest: str) -> None:
    line = complaint(aibaas("run", DATABASE_URL=guest))
    assert "refuses the user or the password: correct DATABASE_URL" in line
    assert "mistaken" not in line


def test_a_server_that_is_too_old_is_refused(aibaas: RunAibaas) -> None:
    with old_server("14.9") as port:
        line = complaint(aibaas("run", DATABASE_URL=f"postgresql://someone@127.0.0.1:{port}/aibaas"))
    assert f"127.0.0.1:{port}/aibaas is PostgreSQL 14: it must be 15 or newer" in line


def test_a_home_that_can_not_be_written(aibaas: RunAibaas) -> None:
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        place.chmod(0o555)
        line = complaint(aibaas("run", prefix=AS_NOBODY, AIBAAS_HOME=str(place / "home")))
        assert f"can't write in {place / 'home'}: Permission denied; make it writable or set AIBAAS_HOME" in line
        assert list(place.iterdir()) == []


def has_own_mounts() -> bool:
    return IS_ROOT and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_own_mounts(), reason="a full disk is made of a mount of its own, which needs root")
def test_a_full_disk_starts_nothing(aibaas: RunAibaas, home: Path) -> None:
    home.mkdir()
    mounted = (
        'mount -t tmpfs -o size=20m tmpfs "$AIBAAS_HOME" && "$@" && exit; code=$?; ls -A "$AIBAAS_HOME"; exit $code'
    )
    result = aibaas("run", prefix=("unshare", "-m", "sh", "-c", mounted, "sh"))
    assert f"the disk of {home} is full" in complaint(result)
