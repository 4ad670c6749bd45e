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
from orchestration.cli.processes import is_listening, python_module, roomy_log, running
from orchestration.settings import OperatorError, Settings, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dagster import ExecuteInProcessResult


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

    from orchestration.definitions import build_defs
    from orchestration.defs.partitions import partition_key_of, partition_tags
    from orchestration.defs.resources import CatalogueResource, ProviderResource

    defs = build_defs(
        {
            "progress": TerminalProgress(),
            "provider": ProviderResource(spare_past=spare_past),
            "catalogue": CatalogueResource(suites=suites),
        }
    )
    job = defs.resolve_job_def("run_hourly_benchmark_job")
    is_single = first == last
    log = settings().home / "log" / "runs.log"
    with dg.DagsterInstance.get() as instance, roomy_log(log).open("a") as output, redirect_stdout(output):
        fail_dead_runs(instance)
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            partition_key=partition_key_of(first) if is_single else None,
            tags=process_tags() | ({} if is_single else partition_tags(first, last)),
        )
    if not result.success:
        raise OperatorError(f"{failure_of(result)} (the whole log is in the Dagster UI and in {log})")


def failure_of(result: ExecuteInProcessResult) -> str:
    """Which run failed in which steps, and the innermost reason of the first."""
    events = result.get_step_failure_events()
    failed = ", ".join(sorted({event.step_key or "?" for event in events}))
    error = events[0].step_failure_data.error if events else None
    while error and error.cause:
        error = error.cause
    lines = error.message.strip().splitlines() if error else []
    reason = lines[0].removeprefix(f"{OperatorError.__module__}.{OperatorError.__name__}: ") if lines else "no reason"
    return f"run {result.run_id[:8]} failed in {failed}: {reason}"
