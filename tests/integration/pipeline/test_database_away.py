"""A database that goes away for half a minute while an hour is collected: no answer is lost, none is asked again.

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
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

HOUR, MOMENT = "2026-11-20T05", datetime(2026, 11, 20, 5, tzinfo=UTC)
SLOW_S, AWAY_S = 0.5, 30


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
def test_an_hour_whose_database_was_away_is_completed_by_a_rerun_that_asks_nothing_again(
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
        while not disturbed.has_asked_some():
            assert run.process.poll() is None, run.said
            time.sleep(0.05)
        before = counted.asked.total()
        server.stop()  # a signal ends it and every session
        time.sleep(AWAY_S)
        assert counted.asked.total() > before, "collecting stopped with the database"
        code = run.process.poll()
        server.start()
        if code is None:
            code = run.process.wait(300)
        assert code == 0 or "aibaas: " in run.said.splitlines()[-1]
        counted.delay_s = 0.0
        answered = len(Archive(disturbed.home / "archive").responses(MOMENT))
        assert answered > before
        disturbed.measure()
        assert counted.asked == undisturbed
        assert Archive(disturbed.home / "archive").unsealed_hours() == []
        assert disturbed.raw(is_same_execution=False) == reference.raw(is_same_execution=False)
        assert disturbed.marts() == reference.marts()
        disturbed.command_line("archive", "verify")
    finally:
        run.kill()
        server.stop()
