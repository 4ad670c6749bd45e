"""Services that end by themselves, as real processes under the supervisor of `up`.

Not here: the project's own services under it (pipeline.test_runs_from_the_ui).
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.support.product import RunningCommand, processes_naming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUPERVISE = """
import sys
from orchestration.cli.supervisor import Supervisor
manager = Supervisor(first_pause_s=0.05)
for number, command in enumerate(sys.argv[1:]):
    manager.add_process(f"service{number}", command)
manager.loop()
print("given up:", manager.given_up)
sys.exit(manager.returncode)
"""
LASTING = f"{sys.executable} -c 'import time; time.sleep(300)'"
STARTED = r"service{number} started \(pid=(\d+)\)"


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[list[RunningCommand]]:
    started: list[RunningCommand] = []
    yield started
    for command in started:
        command.kill()
        assert processes_naming(str(tmp_path)) == []


def supervise(supervised: list[RunningCommand], tmp_path: Path, *services: str) -> RunningCommand:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-c", SUPERVISE, *services]
    supervised.append(RunningCommand(command, environment, tmp_path / "log"))
    return supervised[0]


def pids(running: RunningCommand, number: int) -> list[int]:
    return [int(pid) for pid in re.findall(STARTED.format(number=number), running.said)]


def test_a_killed_service_is_back_and_the_others_stay(supervised: list[RunningCommand], tmp_path: Path) -> None:
    """It comes back although what it had started lives on and holds its output open, as runs of a code server do."""
    lasting = f"{LASTING} {tmp_path}"
    running = supervise(supervised, tmp_path, f"{lasting} & exec {lasting}", f"exec {lasting}")
    running.wait_for(STARTED.format(number=1), within_s=30)
    running.wait_for(STARTED.format(number=0), within_s=30)
    os.kill(pids(running, 0)[0], signal.SIGKILL)
    running.wait_for("(?s)(service0 started.*){2}", within_s=30)
    assert len(pids(running, 1)) == 1
    assert running.interrupt() == 128 + signal.SIGINT
    assert "given up: None" in running.said


def test_a_service_that_ends_again_and_again_ends_all_with_its_name(
    supervised: list[RunningCommand], tmp_path: Path
) -> None:
    running = supervise(supervised, tmp_path, f"exec {LASTING} {tmp_path}", "exit 3")
    running.process.wait(60)
    assert len(pids(running, 0)) == 1
    assert len(pids(running, 1)) == 5
    assert re.findall(r"service1 ended; it begins again in (\S+) s", running.said) == ["0.05", "0.1", "0.2", "0.4"]
    assert "given up: service1 ended 5 times in a row" in running.said
