"""`aibaas demo`: the whole product from nothing, on simulated models."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import click

from orchestration.cli.execution import execute_hours, simulated_models
from orchestration.cli.leaderboard import print_leaderboard
from orchestration.cli.preparation import check_executor, check_inputs, prepare
from orchestration.records import benchmark_hour_of
from orchestration.settings import settings

DEMO_SUITES = ["canary"]
ROOM_FOR_HISTORY = timedelta(minutes=3)
"""The live hour is asked after its history: this much of it must be left when the demo begins."""


def wait_for_room() -> datetime:
    """The current hour, or the next one when too little of the current one is left to measure in it."""
    now = datetime.now(UTC)
    end = benchmark_hour_of(now) + timedelta(hours=1)
    if end - now < ROOM_FOR_HISTORY:
        click.echo(f"waiting for {end:%H}:00 UTC, so that no answer of the live hour is late")
        time.sleep((end - now).total_seconds())
    return benchmark_hour_of(datetime.now(UTC))


@click.command()
@click.option("--days", type=click.IntRange(1, 90), default=14, show_default=True, help="Days of simulated history.")
def command(days: int) -> None:
    """Measure simulated models: days of hourly history, then this hour live with every configured provider."""
    config = settings()
    check_inputs(config)
    check_executor(config)
    click.secho("1 of 2  database", bold=True, err=True)
    database = prepare()
    live = wait_for_room()
    click.secho(f"2 of 2  {days} simulated days hour by hour, then this hour live", bold=True, err=True)
    with simulated_models(config):
        execute_hours(live - timedelta(days=days), live, spare_past=True, suites=DEMO_SUITES)
    click.echo()
    print_leaderboard(database)
    click.echo(f"\nLook at it: ./aibaas up   then open http://127.0.0.1:{config.dashboard_port}")
