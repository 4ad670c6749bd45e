"""Runs whose process was killed, and whom nobody marked as failed.

Not here: dead runs of the command line (cli.dead_runs).

A code server hears of the end of its runs' processes, but not of those of the one before it; and it hears of none any
more once the database did not answer when it would have told. When a run fails, the daemon asks the code server for its
job to begin it again, and where nothing answers it gives the run up for good: so a code server that serves does this.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import GRPC_INFO_TAG


def runs_without_process(instance: dg.DagsterInstance, code_port: int) -> list[dg.DagsterRun]:
    """The begun runs of code servers of this port whose process is gone; one that ends just now may be among them."""
    begun = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    return [run for run in begun if _port_of(run) == code_port and not _lives(instance, run)]


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
