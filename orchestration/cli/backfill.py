"""`aibaas backfill`: a range of benchmark hours as one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.cli.execution import execute_hours, simulated_models
from orchestration.cli.hours import BenchmarkHour, check_range
from orchestration.cli.preparation import check_executor, prepare
from orchestration.cli.rerun_options import rerun_options
from orchestration.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.cli.execution import PartialRun


@click.command()
@click.option("--from", "first", type=BenchmarkHour(), required=True, help="First UTC hour, like 2026-11-23T20.")
@click.option("--to", "last", type=BenchmarkHour(), default="now", show_default=True, help="Last UTC hour, included.")
@rerun_options
def command(first: datetime, last: datetime, *, part: PartialRun) -> None:
    """Measure every hour of a range. Hours that have passed are marked late, unless their targets are simulated."""
    hour_count = check_range(first, last)
    check_executor(settings())
    prepare()
    with simulated_models(settings()):
        execute_hours(first, last, part=part)
    click.echo(f"measured {hour_count:,} hours to {last:%Y-%m-%d %H}:00 UTC")
