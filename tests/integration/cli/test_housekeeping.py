"""`status`, `down` and `reset`: what they say and what they leave alone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from orchestration.cli.pid_file import write_pid_file
from orchestration.storage.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas


@pytest.fixture
def used_home(home: Path) -> Path:
    """A home with a database that runs, and a neighbour beside it."""
    home.mkdir()
    (home.parent / "neighbour").write_text("mine")
    EmbeddedPostgres(home).start()
    return home


def test_status_with_nothing_running_says_so_and_makes_nothing(aibaas: RunAibaas, home: Path) -> None:
    result = aibaas("status")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("does not run") == 7
    assert not home.exists()


def test_down_stops_the_database_and_a_second_one_has_nothing_to_do(aibaas: RunAibaas, used_home: Path) -> None:
    for _ in range(2):
        result = aibaas("down")
        assert (result.returncode, result.stdout, result.stderr) == (0, "stopped\n", "")
        assert not EmbeddedPostgres(used_home).is_running()


@pytest.mark.parametrize("written", ["", "not a number", "999999999", "0", "1@1"])
def test_down_gets_over_a_pid_file_that_names_nothing(aibaas: RunAibaas, home: Path, written: str) -> None:
    home.mkdir()
    (home / "up.pid").write_text(written)
    result = aibaas("down")
    assert (result.returncode, result.stderr) == (0, "")
    assert not (home / "up.pid").exists()


def test_a_number_that_belongs_to_another_program_by_now_is_left_alone(aibaas: RunAibaas, home: Path) -> None:
    home.mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:
        (home / "up.pid").write_text(str(other.pid))
        assert aibaas("down").returncode == 0
        assert other.poll() is None
        other.kill()


def test_reset_asks_first(aibaas: RunAibaas, used_home: Path) -> None:
    result = aibaas("reset", typed="n\n")
    assert result.returncode == 1
    assert f"Delete every measurement in {used_home}?" in result.stdout
    assert EmbeddedPostgres(used_home).is_running()


def test_reset_without_an_answer_deletes_nothing(aibaas: RunAibaas, used_home: Path) -> None:
    assert aibaas("reset").returncode == 1
    assert EmbeddedPostgres(used_home).is_running()


def test_reset_deletes_the_home_and_nothing_else(aibaas: RunAibaas, used_home: Path) -> None:
    result = aibaas("reset", typed="y\n")
    assert result.returncode == 0, result.stderr
    assert not used_home.exists()
    assert (used_home.parent / "neighbour").read_text() == "mine"
    assert aibaas("reset").stdout == "nothing to delete\n"


def test_reset_leaves_a_server_of_ones_own_alone(aibaas: RunAibaas, home: Path) -> None:
    home.mkdir()
    result = aibaas("reset", "--yes", DATABASE_URL="postgresql://me@127.0.0.1/aibaas")
    assert result.returncode == 2
    assert "nothing was deleted" in result.stderr
    assert home.exists()


def test_reset_waits_for_services_to_be_stopped(aibaas: RunAibaas, home: Path) -> None:
    home.mkdir()
    write_pid_file(home / "up.pid")
    result = aibaas("reset", "--yes")
    assert result.returncode == 2
    assert "stop them with `./aibaas down` first" in result.stderr
    assert home.exists()
