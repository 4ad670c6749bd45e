"""What the successor of a killed code server does about the runs of it, by the sensor, with real processes as workers.

Not here: that the daemon begins them again, which a soak shows (e2e.test_soak).
"""

from __future__ import annotations

import json
import multiprocessing
import time
import uuid
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, EngineEventData
from dagster._core.storage.tags import GRPC_INFO_TAG, WILL_RETRY_TAG

from orchestration.defs import sensors
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


def restart_code_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "SERVED_SINCE", time.time())


def tick(instance: dg.DagsterInstance) -> None:
    assert isinstance(orphaned_runs_sensor(dg.build_sensor_context(instance=instance)), dg.SkipReason)


def state(instance: dg.DagsterInstance, run_id: str) -> tuple[dg.DagsterRunStatus, str | None, int]:
    """Status, whether Dagster will begin it again, and the places of the pool that are taken."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    taken = instance.event_log_storage.get_concurrency_info(POOL).active_slot_count
    return run.status, run.tags.get(WILL_RETRY_TAG), taken


BEGUN = (dg.DagsterRunStatus.STARTED, None, 1)
ENDED = (dg.DagsterRunStatus.FAILURE, "true", 0)


def test_a_run_that_was_killed_with_its_code_server_fails_and_will_begin_again(
    instance: dg.DagsterInstance, worker: BaseProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = begun_run(instance, worker)
    kill(worker)
    restart_code_server(monkeypatch)
    tick(instance)
    assert state(instance, run_id) == ENDED


def test_a_run_that_outlived_its_code_server_goes_on_until_it_is_killed_too(
    instance: dg.DagsterInstance, worker: BaseProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = begun_run(instance, worker)
    restart_code_server(monkeypatch)
    tick(instance)
    assert state(instance, run_id) == BEGUN
    kill(worker)
    tick(instance)
    assert state(instance, run_id) == ENDED


def test_a_run_of_the_living_code_server_or_of_another_is_left_to_it(
    instance: dg.DagsterInstance, worker: BaseProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(worker)
    restart_code_server(monkeypatch)
    own = begun_run(instance, worker)
    tick(instance)
    assert state(instance, own) == BEGUN
    elsewhere = begun_run(instance, worker, port=settings().code_port + 1)
    instance.report_run_failed(instance.get_run_by_id(own))  # type: ignore[arg-type]
    restart_code_server(monkeypatch)
    tick(instance)
    assert state(instance, elsewhere)[0] is dg.DagsterRunStatus.STARTED
