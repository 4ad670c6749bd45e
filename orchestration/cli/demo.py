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
HOURS_OF_HISTORY = 14 * 24
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
def command() -> None:
    """Measure simulated models: 14 days of hourly history, then this hour live with every configured provider."""
    config = settings()
    check_inputs(config)
    check_executor(config)
    click.secho("1 of 2  database", bold=True, err=True)
    database = prepare()
    live = wait_for_room()
    click.secho("2 of 2  14 simulated days hour by hour, then this hour live", bold=True, err=True)
    with simulated_models(config):
        execute_hours(live - timedelta(hours=HOURS_OF_HISTORY), live, spare_past=True, suites=DEMO_SUITES)
    click.echo()
    print_leaderboard(database)
    click.echo(f"\nLook at it: ./aibaas up   then open http://127.0.0.1:{config.dashboard_port}")
