"""Logs of the command line are kept within a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.cli.processes import LARGEST_LOG_BYTES, roomy_log

if TYPE_CHECKING:
    from pathlib import Path


def test_a_log_that_has_grown_too_large_becomes_the_older_one(tmp_path: Path) -> None:
    log = tmp_path / "log" / "runs.log"
    assert roomy_log(log) == log
    log.write_text("recent\n")
    assert roomy_log(log).read_text() == "recent\n"
    for generation in ("a", "b"):
        log.write_text(generation * (LARGEST_LOG_BYTES + 1))
        assert not roomy_log(log).exists()
    assert (tmp_path / "log" / "runs.log.1").read_text()[0] == "b"
