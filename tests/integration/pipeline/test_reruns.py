"""A partition that is run again, or was killed at any point and is run again, leaves the same tables row by row.

Not here: the parts' own promises (archive, raw tables, incremental models), which their tests hold one by one.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.server_processes import processes_of
from tests.support.installation import Installation, made
from tests.support.parsed_project import give_parsed_project
from tests.support.product import free_ports

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

FIRST, LAST, CALLS = "2026-11-20T05", "2026-11-20T07", 3 * 6 * 12


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, parsed_home: Path) -> Iterator[Installation]:
    """Three simulated hours, measured once without a disturbance."""
    installation = made(tmp_path_factory.mktemp("reference") / "home", free_ports(1)[0], FIRST, LAST)
    give_parsed_project(parsed_home, installation.home)
    try:
        installation.measure()
        yield installation
    finally:
        EmbeddedPostgres(installation.home).stop()


def wait_until(condition: object, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 400
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
    killed = made(tmp_path / "home", reference.port, FIRST, LAST)
    give_parsed_project(reference.home, killed.home)
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
