"""What the sensor does about runs whose process was killed unheard, with real processes as workers.

Not here: that the daemon begins them again, which a soak shows (e2e.test_soak).
"""

from __future__ import annotations

import json
import multiprocessing
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, EngineEventData
from dagster._core.storage.tags import GRPC_INFO_TAG, WILL_RETRY_TAG

from orchestration.defs.sensors import orphaned_runs_sensor
from orchestration.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from orchestration.storage.database import Database

JOB = "run_hourly_benchmark_job"
POOL = "warehouse"


@pytest.fixture
def instance(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """One on PostgreSQL that begins lost runs again, as `dagster.yaml` says."""
    monkeypatch.setenv("DATABASE_URL", database.url)
    settings.cache_clear()
    overrides = {
        "storage": {"postgres": {"postgres_url": database.url}},
        "run_retries": {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False},
    }
    with dg.instance_for_test(overrides=overrides, temp_dir=str(tmp_path)) as made:
        yield made
    settings.cache_clear()


@pytest.fixture
def worker() -> Iterator[BaseProcess]:
    """A process as a code server starts one for a run."""
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(300,))
    process.start()
    yield process
    kill(process)


def kill(worker: BaseProcess) -> None:
    worker.kill()
    worker.join(30)


def begun_run(instance: dg.DagsterInstance, worker: BaseProcess, *, port: int | None = None) -> str:
    """A run that a code server started in the worker, with a place in a pool."""
    info = json.dumps({"host": "127.0.0.1", "port": port or settings().code_port})
    run = dg.DagsterRun(JOB, run_id=str(uuid.uuid4()), tags={GRPC_INFO_TAG: info})
    instance.add_run(run)
    instance.report_engine_event("Started process for run", run, EngineEventData.in_process(worker.pid or 0))
    instance.report_dagster_event(DagsterEvent(DagsterEventType.RUN_START.value, JOB), run.run_id)
    instance.event_log_storage.set_concurrency_slots(POOL, 1)
    instance.event_log_storage.claim_concurrency_slot(POOL, run.run_id, "step")
    return run.run_id


@pytest.fixture
def sensor(instance: dg.DagsterInstance) -> Sensor:
    return Sensor(instance)


@dataclass
class Sensor:
    """The sensor with its cursor, as the daemon keeps it."""

    instance: dg.DagsterInstance
    cursor: str | None = None

    def look(self) -> None:
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        result = orphaned_runs_sensor(context)
        assert isinstance(result, dg.SensorResult)
        assert not result.run_requests
        self.cursor = result.cursor


def state(instance: dg.DagsterInstance, run_id: str) -> tuple[dg.DagsterRunStatus, str | None, int]:
    """Status, whether Dagster will begin it again, and the places of the pool that are taken."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    taken = instance.event_log_storage.get_concurrency_info(POOL).active_slot_count
    return run.status, run.tags.get(WILL_RETRY_TAG), taken


BEGUN = (dg.DagsterRunStatus.STARTED, None, 1)
ENDED = (dg.DagsterRunStatus.FAILURE, "true", 0)


def test_a_run_whose_process_is_gone_in_two_looks_fails_and_will_begin_again(
    instance: dg.DagsterInstance, worker: BaseProcess, sensor: Sensor
) -> None:
    run_id = begun_run(instance, worker)
    kill(worker)
    sensor.look()
    assert state(instance, run_id) == BEGUN
    sensor.look()
    assert state(instance, run_id) == ENDED
    sensor.look()
    assert sensor.cursor == ""


def test_a_run_whose_process_lives_goes_on_until_it_is_killed(
    instance: dg.DagsterInstance, worker: BaseProcess, sensor: Sensor
) -> None:
    run_id = begun_run(instance, worker)
    sensor.look()
    sensor.look()
    assert state(instance, run_id) == BEGUN
    kill(worker)
    sensor.look()
    sensor.look()
    assert state(instance, run_id) == ENDED


def test_a_run_that_said_its_end_after_its_process_was_missed_keeps_it(
    instance: dg.DagsterInstance, worker: BaseProcess, sensor: Sensor
) -> None:
    run_id = begun_run(instance, worker)
    kill(worker)
    sensor.look()
    instance.report_dagster_event(DagsterEvent(DagsterEventType.RUN_SUCCESS.value, JOB), run_id)
    sensor.look()
    assert state(instance, run_id)[0] is dg.DagsterRunStatus.SUCCESS


def test_a_run_of_a_code_server_elsewhere_is_left_to_it(
    instance: dg.DagsterInstance, worker: BaseProcess, sensor: Sensor
) -> None:
    kill(worker)
    elsewhere = begun_run(instance, worker, port=settings().code_port + 1)
    sensor.look()
    sensor.look()
    assert state(instance, elsewhere) == BEGUN
