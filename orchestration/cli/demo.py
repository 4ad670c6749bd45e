"""`aibaas demo`: the whole product from nothing, on simulated models."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import click

from orchestration.cli.execution import execute_hours, simulated_models
from orchestration.cli.leaderboard import print_leaderboard
from orchestration.cli.preparation import prepare
from orchestration.records import benchmark_hour_of
from orchestration.settings import settings

HOURS_OF_HISTORY = 14 * 24
ROOM_FOR_AN_HOUR = timedelta(seconds=60)


def wait_for_room() -> datetime:
    """The current hour, or the next one when too little of the current one is left to measure in it."""
    now = datetime.now(UTC)
    end = benchmark_hour_of(now) + timedelta(hours=1)
    if end - now < ROOM_FOR_AN_HOUR:
        click.echo("waiting for the next hour to begin, so that no answer is late")
        time.sleep((end - now).total_seconds() + 1)
    return benchmark_hour_of(datetime.now(UTC))


@click.command()
def command() -> None:
    """Measure simulated models: 14 days of hourly history, then this hour live with every configured provider."""
    config = settings()
    click.secho("1 of 3  database", bold=True)
    database = prepare()
    with simulated_models(config):
        click.secho("2 of 3  14 simulated days, hour by hour", bold=True)
        now = benchmark_hour_of(datetime.now(UTC))
        execute_hours(now - timedelta(hours=HOURS_OF_HISTORY), now - timedelta(hours=1))
        click.secho("3 of 3  this hour, live", bold=True)
        hour = wait_for_room()
        execute_hours(hour, hour)
    click.echo()
    print_leaderboard(database)
    click.echo()
    click.echo("Look at it: ./aibaas up   then open http://127.0.0.1:" + str(config.dashboard_port))
