"""A run that hangs, in the real daemon: it is ended after its time, with its process, and begun again.

Not here: single calls that hang (providers, test_litellm_client), nor how much time each job has (unit.defs).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster._core.storage.tags import PARTITION_NAME_TAG

from orchestration.cli.soaking.services import Services, settings_of
from orchestration.cli.soaking.webserver import Webserver
from orchestration.cli.supervisor import is_gone
from orchestration.settings import Settings
from orchestration.simulator.serving import serving
from tests.support.parsed_project import give_parsed_project
from tests.support.shared_hour import CountedModels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

JOB, HOUR = "run_hourly_benchmark_job", "2026-11-20-05:00"
LONGEST_S = 120
"""Shorter than its calls may take."""


@pytest.fixture
def webserver(tmp_path: Path, parsed_home: Path) -> Iterator[Webserver]:
    """Of an installation whose models answer nothing for an hour."""
    home, models = tmp_path / "home", CountedModels()
    models.delay_s = 3600.0
    give_parsed_project(parsed_home, home)
    with serving(models.app()) as address:
        port = int(address.removesuffix("/v1").rpartition(":")[2])
        config = settings_of(Settings(), home, "canary").model_copy(update={"simulator_port": port})
        with Services(config).running():
            opened = Webserver(config.webserver_port)
            opened.stop_schedules()
            yield opened


def wait_until(is_so: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(1)


@pytest.mark.timeout(1200)
def test_an_hour_that_hangs_is_ended_with_its_process_after_its_time_and_begun_again(webserver: Webserver) -> None:
    tags = {PARTITION_NAME_TAG: HOUR, dg.MAX_RUNTIME_SECONDS_TAG: str(LONGEST_S)}
    hanging = webserver.launch(JOB, tags, "{}")
    wait_until(lambda: webserver.worker_of(hanging) is not None, 300)
    worker = webserver.worker_of(hanging)
    assert worker is not None
    assert not is_gone(worker)
    wait_until(lambda: len(webserver.runs(JOB, 9)) == 2, 300 + 2 * LONGEST_S)
    (ended,) = [run for run in webserver.runs(JOB, 9) if run.run_id == hanging]
    assert ended.status == "FAILURE"
    told = [event["message"] for event in webserver.events(hanging) if event["__typename"] == "RunFailureEvent"]
    assert any(f"maximum runtime of {LONGEST_S} seconds" in message for message in told), told
    wait_until(lambda: is_gone(worker), 60)
