"""Runs the hourly job from the command line, in this process, on the same instance that the UI shows.

Not here: what the job does (defs).
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

import click

from orchestration.cli.dead_runs import fail_dead_runs, process_tags
from orchestration.cli.processes import is_listening, python_module, running
from orchestration.settings import PROJECT_ROOT, OperatorError, Settings, settings

JOB = "run_hourly_benchmark_job"

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dagster import DagsterInstance, ExecutionResult


class TerminalProgress:
    """Counts and remaining time on one line of the terminal; every tenth part when it is not a terminal."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.stage = ""
        self.tenth = -1
        self.is_terminal = sys.stderr.isatty()

    def report(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.started, self.stage, self.tenth = time.monotonic(), stage, -1
        if self.is_terminal:
            click.echo(f"\r\033[K  {self.line(done, total)}", nl=done >= total, err=True)
        elif (tenth := 10 * done // max(total, 1)) > self.tenth:
            self.tenth = tenth
            click.echo(f"  {self.line(done, total)}", err=True)

    def line(self, done: int, total: int) -> str:
        elapsed = time.monotonic() - self.started
        text = f"{self.stage}: {done:,} of {total:,}"
        if done >= total:
            return f"{text} in {elapsed:.0f} s"
        return f"{text}, {elapsed / done * (total - done):.0f} s left" if done else text


@contextmanager
def simulated_models(config: Settings) -> Iterator[None]:
    """The simulator, for as long as the block runs; the one that runs already when there is one."""
    if config.simulator == "off" or config.simulator_host != "127.0.0.1" or is_listening(config.simulator_port):
        yield
        return
    command = python_module("orchestration.cli", "simulator")
    with running(command, port=config.simulator_port, log=config.home / "log" / "simulator.log"):
        yield


def execute_hours(
    first: datetime, last: datetime, *, spare_past: bool = False, suites: list[str] | None = None
) -> None:
    """One run over all hours from `first` to `last`, both included. Raises OperatorError when a step fails.

    With `spare_past` real targets are left out of hours that have ended. `suites` are measured, None is as set.
    """
    import dagster as dg

    is_shared = settings().executor == "celery"
    if is_shared:
        from orchestration.defs.workers import check_broker

        check_broker(settings())
    log = settings().home / "log" / "runs.log"
    with dg.DagsterInstance.get() as instance, log.open("a") as output, redirect_stdout(output):
        fail_dead_runs(instance)
        measure = measured_by_workers if is_shared else measured_here
        failure = measure(instance, first, last, spare_past=spare_past, suites=suites)
    if failure is not None:
        raise OperatorError(f"{failure} (the whole log is in the Dagster UI and in {log})")


def measured_here(
    instance: DagsterInstance, first: datetime, last: datetime, *, spare_past: bool, suites: list[str] | None
) -> str | None:
    """One run in this process. Returns what to say of its failure."""
    from orchestration.definitions import build_defs
    from orchestration.defs.partitions import partition_key_of
    from orchestration.defs.resources import CatalogueResource, ProviderResource

    defs = build_defs(
        {
            "progress": TerminalProgress(),
            "provider": ProviderResource(spare_past=spare_past),
            "catalogue": CatalogueResource(suites=suites),
        }
    )
    result = defs.resolve_job_def(JOB).execute_in_process(
        instance=instance,
        raise_on_error=False,
        partition_key=partition_key_of(first) if first == last else None,
        tags=tags_of(first, last),
    )
    return None if result.success else failure_of(result)


def measured_by_workers(
    instance: DagsterInstance, first: datetime, last: datetime, *, spare_past: bool, suites: list[str] | None
) -> str | None:
    """One run that this process directs and whose steps workers do. Returns what to say of its failure."""
    import dagster as dg
    from dagster._core.definitions.reconstruct import ReconstructableRepository

    repository = ReconstructableRepository.for_module("orchestration.definitions", "defs", str(PROJECT_ROOT))
    config = {"provider": {"spare_past": spare_past}, "catalogue": {"suites": suites}}
    with dg.execute_job(
        repository.get_reconstructable_job(JOB),
        instance,
        run_config={"resources": {name: {"config": value} for name, value in config.items()}},
        tags=tags_of(first, last),
        raise_on_error=False,
    ) as result:
        return None if result.success else failure_of(result)


def tags_of(first: datetime, last: datetime) -> dict[str, str]:
    from orchestration.defs.partitions import partition_tags

    return process_tags() | partition_tags(first, last)


def failure_of(result: ExecutionResult) -> str:
    """Which run failed in which steps, and the innermost reason of the first."""
    events = [event for event in result.all_events if event.is_step_failure]
    failed = ", ".join(sorted({event.step_key or "?" for event in events})) or "no step"
    ends = events or [event for event in result.all_events if event.is_failure]
    error = getattr(ends[0].event_specific_data, "error", None) if ends else None
    while error and error.cause:
        error = error.cause
    lines = error.message.strip().splitlines() if error else []
    reason = lines[0].removeprefix(f"{OperatorError.__module__}.{OperatorError.__name__}: ") if lines else "no reason"
    return f"run {result.run_id[:8]} failed in {failed}: {reason}"
