"""Runs whose process was killed and that nobody watches are marked as failed, so that they free their places.

Those of the command line say which process they are, and the next one looks for dead ones. Those of the daemon are
watched by the code server that they belong to; when it ended with them, its successor looks for them.
"""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.cli.pid_file import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dagster import DagsterInstance, DagsterRun

HOST_TAG = "aibaas/host"
PROCESS_TAG = "aibaas/process"


def process_tags() -> dict[str, str]:
    """The tags of a run in this process."""
    return {HOST_TAG: socket.gethostname(), PROCESS_TAG: f"{_system()} {identity_of(os.getpid())}"}


def fail_dead_runs(instance: DagsterInstance) -> list[str]:
    """Report the runs of dead processes of this host as failed; returns their ids.

    Such a run would look alive for ever, and its place in a pool would block every later run.
    """
    import dagster as dg

    alive = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    ours = dg.RunsFilter(statuses=alive, tags={HOST_TAG: socket.gethostname()})
    dead = [run for run in instance.get_runs(ours) if is_dead(run.tags.get(PROCESS_TAG, ""))]
    ended = _mark_failed(instance, dead, "the process of this run was killed")
    _free_places_of_ended_runs(instance)
    return ended


def fail_orphaned_runs(instance: DagsterInstance, code_port: int) -> list[str]:
    """Report the runs that an earlier code server of this port left dead as failed; returns their ids.

    Dagster starts them again where `run_retries` still allows it.
    """
    import dagster as dg
    from dagster._core.storage.tags import GRPC_INFO_TAG

    begun = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    orphans = [
        run
        for run in instance.get_runs(dg.RunsFilter(statuses=begun))
        if json.loads(run.tags.get(GRPC_INFO_TAG, "{}")).get("port") == code_port
        and not any(map(_is_run_worker, _workers_of(instance, run.run_id)))
    ]
    return _mark_failed(instance, orphans, "the process of this run was killed together with its code server")


def _mark_failed(instance: DagsterInstance, runs: Sequence[DagsterRun], reason: str) -> list[str]:
    for run in runs:
        instance.report_run_failed(run, reason)
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in runs]


def _workers_of(instance: DagsterInstance, run_id: str) -> Iterator[int]:
    """The processes that a run's events name."""
    import dagster as dg

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


def _free_places_of_ended_runs(instance: DagsterInstance) -> None:
    """A run that failed because the database was away could not give its places back."""
    for run_id in instance.event_log_storage.get_concurrency_run_ids():
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)


def is_dead(process: str) -> bool:
    """Whether that process of this host has ended. One in another container on it can't be seen and counts as alive."""
    boot, _, rest = process.partition(" ")
    namespace, _, identity = rest.partition(" ")
    here = _system().split(" ")
    if boot != here[0]:
        return bool(boot)
    return namespace == here[1] and identity != identity_of(int(identity.partition("@")[0]))


def _system() -> str:
    """This boot of this machine and the space that process numbers are counted in."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
