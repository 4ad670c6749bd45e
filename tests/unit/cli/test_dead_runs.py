"""Which processes count as dead: a run is failed only when its own process has certainly ended."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from orchestration.cli.dead_runs import PROCESS_TAG, is_dead, process_tags
from orchestration.cli.pid_file import identity_of, living_holder, write_pid_file

if TYPE_CHECKING:
    from pathlib import Path

BOOT, NAMESPACE, OWN = process_tags()[PROCESS_TAG].split(" ")


def test_a_living_process_is_not_dead() -> None:
    assert identity_of(os.getpid()) == OWN
    assert not is_dead(f"{BOOT} {NAMESPACE} {OWN}")


def test_a_process_that_ended_is_dead_even_before_it_was_waited_for() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        identity = identity_of(process.pid)
        assert not is_dead(f"{BOOT} {NAMESPACE} {identity}")
        process.kill()
        deadline = time.monotonic() + 10
        while not is_dead(f"{BOOT} {NAMESPACE} {identity}"):
            assert time.monotonic() < deadline
    assert is_dead(f"{BOOT} {NAMESPACE} {identity}")


@pytest.mark.parametrize(
    ("process", "dead"),
    [
        (f"{BOOT} {NAMESPACE} {os.getpid()}@1", True),  # the number has gone to another process
        (f"another-boot {NAMESPACE} {OWN}", True),
        (f"{BOOT} pid:[1] {OWN}", False),  # another container: it can't be seen from here
        ("", False),
    ],
    ids=["number reused", "another boot", "another container", "unknown"],
)
def test_what_can_be_known_decides(process: str, dead: bool) -> None:
    assert is_dead(process) is dead


@pytest.mark.parametrize(
    "written",
    ["", "0", "words", "1@1", f"{os.getpid()}", f"{os.getpid()}@1", "-1@2"],
    ids=["empty", "zero", "words", "another process", "own without start", "own with another start", "negative"],
)
def test_a_pid_file_that_names_no_living_process_names_none(tmp_path: Path, written: str) -> None:
    file = tmp_path / "up.pid"
    file.write_text(written)
    assert living_holder(file) is None


def test_a_pid_file_names_the_process_that_wrote_it(tmp_path: Path) -> None:
    file = tmp_path / "up.pid"
    assert living_holder(file) is None
    write_pid_file(file)
    assert living_holder(file) == os.getpid()
