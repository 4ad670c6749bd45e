"""Runs of the command line whose process was killed: the next one marks them as failed, so that they free their places.

Not here: those of the daemon, which are watched by the code server that they belong to (defs.orphaned_runs).
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.cli.pid_file import identity_of

if TYPE_CHECKING:
    from dagster import DagsterInstance

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

    from orchestration.defs.orphaned_runs import mark_failed

    alive = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    ours = dg.RunsFilter(statuses=alive, tags={HOST_TAG: socket.gethostname()})
    dead = [run for run in instance.get_runs(ours) if is_dead(run.tags.get(PROCESS_TAG, ""))]
    ended = mark_failed(instance, dead, "the process of this run was killed")
    _free_places_of_ended_runs(instance)
    return ended


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
