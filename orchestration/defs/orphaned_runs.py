"""Runs whose process was killed together with the code server that watched it: its successor marks them as failed.

Not here: dead runs of the command line (cli.dead_runs).

It is the successor that does so, once it serves: when a run fails, the daemon asks the code server for its job to begin
it again, and where nothing answers it gives the run up for good.
"""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import GRPC_INFO_TAG

SERVED_SINCE = time.time()
"""When this code server began; it hears itself of the end of a run that began later."""


def fail_orphaned_runs(instance: dg.DagsterInstance, code_port: int, served_since: float) -> list[str]:
    """Report the runs that an earlier code server of this port left dead as failed; returns their ids.

    Dagster begins them again where `run_retries` still allows it.
    """
    begun = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    earlier = [
        record.dagster_run
        for record in instance.get_run_records(begun)
        if record.start_time is not None and record.start_time < served_since
    ]
    orphans = [run for run in earlier if _port_of(run) == code_port and not _lives(instance, run)]
    return mark_failed(instance, orphans, "the process of this run was killed together with its code server")


def mark_failed(instance: dg.DagsterInstance, runs: Sequence[dg.DagsterRun], reason: str) -> list[str]:
    """Report the runs as failed and free their places in pools; returns their ids."""
    for run in runs:
        instance.report_run_failed(run, reason)
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in runs]


def _port_of(run: dg.DagsterRun) -> int | None:
    """Where the code server listens that started the run; None when none did."""
    port: int | None = json.loads(run.tags.get(GRPC_INFO_TAG, "{}")).get("port")
    return port


def _lives(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    return any(map(_is_run_worker, _workers_of(instance, run.run_id)))


def _workers_of(instance: dg.DagsterInstance, run_id: str) -> Iterator[int]:
    """The processes that a run's events name."""
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
        event = entry.dagster_event
        if event is not None and (pid := event.engine_event_data.metadata.get("pid")) is not None:
            yield int(str(pid.value))


def _is_run_worker(pid: int) -> bool:
    """Whether that process lives and does a run; a number may by now be another program's."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
