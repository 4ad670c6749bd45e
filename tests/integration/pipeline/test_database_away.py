"""A database that goes away in the middle of an hour: the run waits for it and ends well, nothing is asked again.

Not here: programs that are killed (test_reruns, test_workers).
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.simulator.serving import serving
from orchestration.storage.archive import Archive
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.installation import Installation, made
from tests.support.product import RunningCommand
from tests.support.shared_hour import CountedModels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.soak]

HOUR, MOMENT = "2026-11-20T05", datetime(2026, 11, 20, 5, tzinfo=UTC)
SLOW_S = 0.5
AWAY_S = 30
"""Longer than Dagster itself waits for its database."""


@pytest.fixture(scope="module")
def models() -> Iterator[tuple[CountedModels, int]]:
    counted = CountedModels()
    with serving(counted.app()) as address:
        yield counted, int(address.removesuffix("/v1").rpartition(":")[2])


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, models: tuple[CountedModels, int]) -> Iterator[Installation]:
    """The hour, measured without a disturbance."""
    installation = made(tmp_path_factory.mktemp("reference") / "home", models[1], HOUR, HOUR)
    try:
        installation.measure()
        yield installation
    finally:
        EmbeddedPostgres(installation.home).stop()


@pytest.mark.timeout(900)
def test_a_run_whose_database_goes_away_while_it_asks_and_while_it_builds_ends_well_and_asks_nothing_again(
    reference: Installation, models: tuple[CountedModels, int], tmp_path: Path
) -> None:
    counted, port = models
    undisturbed = Counter(counted.asked)
    counted.asked.clear()
    counted.delay_s = SLOW_S
    disturbed = made(tmp_path / "home", port, HOUR, HOUR, AIBAAS_CONCURRENCY="2")
    shutil.copytree(reference.home / "dbt", disturbed.home / "dbt")
    server = EmbeddedPostgres(disturbed.home)
    run = RunningCommand(disturbed.command, disturbed.environment, tmp_path / "run.log")
    try:
        wait_until(disturbed.has_asked_some, run)
        before = counted.asked.total()
        away(server)
        assert counted.asked.total() > before, "collecting stopped with the database"
        counted.delay_s = 0.0
        wait_until(disturbed.is_building, run)
        away(server)
        assert run.process.wait(300) == 0, run.said
        assert disturbed.run_states() == ["SUCCESS"]
        assert counted.asked == undisturbed
        assert Archive(disturbed.home / "archive").unsealed_hours() == []
        assert disturbed.raw(is_same_execution=False) == reference.raw(is_same_execution=False)
        assert disturbed.marts() == reference.marts()
        disturbed.command_line("archive", "verify")
    finally:
        run.kill()
        server.stop()


def wait_until(is_so: Callable[[], bool], run: RunningCommand) -> None:
    while not is_so():
        assert run.process.poll() is None, run.said
        time.sleep(0.05)


def away(server: EmbeddedPostgres) -> None:
    server.stop()  # a signal ends it and every session
    time.sleep(AWAY_S)
    server.start()
