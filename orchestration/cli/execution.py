"""Runs the hourly job from the command line, in this process, on the same instance that the UI shows.

Not here: what the job does (defs).
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.dead_runs import fail_dead_runs, process_tags
from orchestration.cli.processes import is_listening, python_module, roomy_log, running
from orchestration.settings import PROJECT_ROOT, OperatorError, Settings, settings

RunConfig = dict[str, dict[str, dict[str, Any]]]
JOB = "run_hourly_benchmark_job"

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dagster import DagsterInstance, ExecutionResult

    from orchestration.defs.resources import RerunResource


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


@dataclass(frozen=True, slots=True)
class PartialRun:
    """What a run is told beyond its hours: the targets and scenarios that it is confined to, and to ask them again."""

    targets: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    force: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.targets and not self.scenarios


def execute_hours(
    first: datetime,
    last: datetime,
    *,
    job: str = JOB,
    spare_past: bool = False,
    suites: list[str] | None = None,
    part: PartialRun | None = None,
) -> None:
    """One run over all hours from `first` to `last`, both included. Raises OperatorError when a step fails.

    With `spare_past` real targets are left out of hours that have ended. `suites` are measured, None is as set.
    Names of `part` that there are not are refused before anything is run.
    """
    part = part or PartialRun()
    config = run_config(spare_past=spare_past, suites=suites, part=part)
    warn_of_late_hours(first, last, part)
    from orchestration.defs.partitions import partition_tags

    execute(job, config, partition_tags(first, last))


def execute(job: str, config: RunConfig, tags: dict[str, str]) -> None:
    """One run of a job to its end. Raises OperatorError when a step fails."""
    import dagster as dg

    from orchestration.defs.assets.reporting import note_runs
    from orchestration.defs.places import make_pools
    from orchestration.storage.database import COLLECTOR, Database

    log = settings().home / "log" / "runs.log"
    with dg.DagsterInstance.get() as instance, roomy_log(log).open("a") as output, redirect_stdout(output):
        fail_dead_runs(instance)
        make_pools(instance)
        measure = measured_by_workers if settings().executor == "celery" else measured_here
        failure = measure(instance, job, config, process_tags() | tags)
        with Database.from_settings(settings()).connect(COLLECTOR) as connection:
            note_runs(instance, connection)
    if failure is not None:
        raise OperatorError(f"{failure} (the whole log is in the Dagster UI and in {log})")


def warn_of_late_hours(first: datetime, last: datetime, part: PartialRun) -> None:
    """Says on standard error which hours become late when real targets are asked for them again."""
    from orchestration.defs.resources import CatalogueResource, ProviderResource

    hours = [first + timedelta(hours=count) for count in range((last - first) // timedelta(hours=1) + 1)]
    if warning := rerun_of(part).warning(ProviderResource(), CatalogueResource(), hours):
        click.echo(f"aibaas: {warning}", err=True)


def rerun_of(part: PartialRun) -> RerunResource:
    from orchestration.defs.resources import Only, RerunResource

    return RerunResource(only=Only(targets=list(part.targets), scenarios=list(part.scenarios)), force=part.force)


def run_config(*, spare_past: bool, suites: list[str] | None, part: PartialRun) -> RunConfig:
    """What the run's resources are told. Raises OperatorError for a target or a scenario that there is not."""
    from orchestration.defs.resources import CatalogueResource, ProviderResource
    from orchestration.defs.run_log import RUN_LOG

    if not part.is_whole:
        rerun_of(part).selection(ProviderResource().targets(), CatalogueResource().load())
    told = {
        "provider": {"spare_past": spare_past},
        "catalogue": {"suites": suites},
        "rerun": {"only": {"targets": [*part.targets], "scenarios": [*part.scenarios]}, "force": part.force},
    }
    return RUN_LOG | {"resources": {name: {"config": config} for name, config in told.items()}}


def measured_here(instance: DagsterInstance, job: str, config: RunConfig, tags: dict[str, str]) -> str | None:
    """One run in this process. Returns what to say of its failure."""
    from orchestration.definitions import build_defs

    definition = build_defs({"progress": TerminalProgress()}).resolve_job_def(job)
    result = definition.execute_in_process(run_config=config, instance=instance, raise_on_error=False, tags=tags)
    return None if result.success else failure_of(result)


def measured_by_workers(instance: DagsterInstance, job: str, config: RunConfig, tags: dict[str, str]) -> str | None:
    """One run that this process directs and whose steps workers do. Returns what to say of its failure."""
    import dagster as dg
    from dagster._core.definitions.reconstruct import ReconstructableRepository

    repository = ReconstructableRepository.for_module("orchestration.definitions", "defs", str(PROJECT_ROOT))
    with dg.execute_job(
        repository.get_reconstructable_job(job), instance, run_config=config, tags=tags, raise_on_error=False
    ) as result:
        return None if result.success else failure_of(result)


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
