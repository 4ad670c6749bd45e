"""`aibaas soak`: days of operation in minutes, with faults, and a comparison of every row at the end."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.soaking.fault_plan import FaultKind, fault_plan
from orchestration.settings import OperatorError, Settings, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from orchestration.cli.soaking.fault_plan import PlannedFault
    from orchestration.cli.soaking.faults import Faults
    from orchestration.cli.soaking.hours import Course
    from orchestration.cli.soaking.services import Services
    from orchestration.cli.soaking.stretches import Stretch
    from orchestration.cli.soaking.verdict import Verdict
    from orchestration.simulator.simulated_models import SimulatedModels


@click.command()
@click.option("--hours", "hour_count", type=click.IntRange(2, 8760), default=168, show_default=True)
@click.option(
    "--hours-per-run", type=click.IntRange(1, 24), default=6, show_default=True,
    help="Partitions of each run; 1 is what the schedule does, and takes several times as long.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Which hours meet which faults.")
@click.option(
    "--fault", "kinds", multiple=True, type=click.Choice([kind.value for kind in FaultKind]),
    help="This kind of fault; may be repeated. Default: all.",
)  # fmt: skip
@click.option("--suites", default="canary", show_default=True, help="The suites that are measured, by comma.")
@click.option("--home", type=click.Path(path_type=Path), help="Kept afterwards. Default: a temporary folder.")
def command(
    hour_count: int, hours_per_run: int, seed: int, kinds: Sequence[str], suites: str, home: Path | None
) -> None:
    """Measure simulated hours by the daemon while faults strike; compare all rows; exit code 1 for any difference."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the services must not outlive it
    with _home(home) as place:
        verdict = soak(
            place, hour_count, hours_per_run, seed, [FaultKind(kind) for kind in kinds] or list(FaultKind), suites
        )  # fmt: skip
    for line in verdict.lines():
        click.echo(line)
    for discrepancy in verdict.discrepancies():
        click.echo(f"discrepancy: {discrepancy}", err=True)
    sys.exit(1 if verdict.discrepancies() else 0)


@contextmanager
def _home(wanted: Path | None) -> Iterator[Path]:
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="aibaas-soak-", ignore_cleanup_errors=True) as made:
            yield Path(made)
        return
    if wanted.exists() and any(wanted.iterdir()):
        raise OperatorError(f"{wanted} is not empty: a soak needs a new home")
    yield wanted.absolute()


def soaked_hours(count: int) -> list[datetime]:
    """Whole days where they can be: the newest hours that ended before midnight (UTC)."""
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return [end - timedelta(hours=count - number) for number in range(count)]


def soak(
    home: Path, hour_count: int, hours_per_run: int, seed: int, kinds: Sequence[FaultKind], suites: str
) -> Verdict:
    """Run the hours and compare. Everything that was started has ended when it returns."""
    from orchestration.cli.soaking.archive_disk import ArchiveDisk
    from orchestration.cli.soaking.asked_calls import compare_asked
    from orchestration.cli.soaking.comparing import compared_rows, rebuilt_tables
    from orchestration.cli.soaking.counted_models import CountedModels
    from orchestration.cli.soaking.faults import Faults
    from orchestration.cli.soaking.services import Services, settings_of
    from orchestration.cli.soaking.stretches import stretches_of
    from orchestration.cli.soaking.verdict import Verdict
    from orchestration.cli.soaking.webserver import Webserver
    from orchestration.simulator.serving import serving
    from orchestration.storage.archive import Archive

    config = settings_of(settings(), home, suites)
    hours, models, started = soaked_hours(hour_count), CountedModels(), time.monotonic()
    plan, stretches = fault_plan(hours, kinds, seed), stretches_of(hours, hours_per_run)
    services, disk, archive = Services(config), ArchiveDisk(config.archive_dir), Archive(config.archive_dir)
    with ExitStack() as stack:
        stack.enter_context(disk.mounted())
        stack.enter_context(serving(models.app(_simulated(config)), port=config.simulator_port))
        stack.enter_context(services.running())
        faults = Faults(services, models, disk, Webserver(config.webserver_port), archive)
        course = _run_stretches(services, faults, stretches, plan)
        elapsed_s = time.monotonic() - started
        rows = compared_rows(config, hours)
        asked = compare_asked(
            models.requests, models.answered, archive, stretches, course.cut_runs, config.concurrency, faults.kept
        )  # fmt: skip
        tables, rebuilt = rebuilt_tables(services)
    unmet = [f"{fault.hour:%Y-%m-%dT%H} {fault.kind}: no run came to {fault.stage}" for fault in faults.unmet()]
    return Verdict(
        hours=hour_count, hours_per_run=hours_per_run, seed=seed, disk=disk.form, course=course, faults=faults.met,
        unmet=unmet, rows=rows, asked=asked, tables=tables, rebuilt=rebuilt, elapsed_s=elapsed_s,
        cores=os.cpu_count() or 1, cpu_s=_cpu_s() + services.database_cpu_s, growth=course.memory.growth(),
    )  # fmt: skip


def _simulated(config: Settings) -> SimulatedModels:
    from orchestration.simulator.simulated_models import simulated_models

    return simulated_models(config.scenarios_dir, events_anchor=datetime.now(UTC).date())


def _run_stretches(
    services: Services, faults: Faults, stretches: Sequence[Stretch], plan: Mapping[datetime, PlannedFault]
) -> Course:
    from orchestration.cli.soaking.hours import HourRunner

    faults.webserver.stop_schedules()
    by_key = {stretch.key: [plan[hour] for hour in stretch.hours if hour in plan] for stretch in stretches}
    return HourRunner(faults.webserver, services, faults, by_key, _saying(time.monotonic())).run(stretches)


def _saying(started: float) -> Callable[[str], None]:
    return lambda text: click.echo(f"{(time.monotonic() - started) / 60:6.1f} min  {text}", err=True)


def _cpu_s() -> float:
    """What this process and all services that it has waited for, with their runs, took of the processors."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
