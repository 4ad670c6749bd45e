"""`aibaas run`: one benchmark hour from plan to leaderboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.cli.execution import execute_hours, simulated_models
from orchestration.cli.hours import BenchmarkHour
from orchestration.cli.preparation import prepare
from orchestration.settings import settings

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.option("--hour", type=BenchmarkHour(), default="now", show_default=True, help="UTC hour, like 2026-11-23T20.")
def command(hour: datetime) -> None:
    """Measure one benchmark hour. Rerunning it asks only for answers that are missing."""
    prepare()
    with simulated_models(settings()):
        execute_hours(hour, hour)
    click.echo(f"measured {hour:%Y-%m-%d %H}:00 UTC")
