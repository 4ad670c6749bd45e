"""`aibaas rescore`: grade archived answers by the current scorers, without a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.cli.execution import execute_hours
from orchestration.cli.hours import BenchmarkHour, check_range
from orchestration.cli.preparation import prepare

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.option("--from", "first", type=BenchmarkHour(), required=True, help="First UTC hour, like 2026-11-23T20.")
@click.option("--to", "last", type=BenchmarkHour(), default="now", show_default=True, help="Last UTC hour, included.")
def command(first: datetime, last: datetime) -> None:
    """Grade what the current scorers have not graded, and build the marts of these hours anew. Asks no model."""
    hour_count = check_range(first, last)
    prepare()
    execute_hours(first, last, job="rescore_job")
    click.echo(f"rescored {hour_count:,} hours to {last:%Y-%m-%d %H}:00 UTC")
