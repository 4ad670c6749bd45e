"""`aibaas status`: what runs, and how fresh the numbers are."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from orchestration.cli.processes import is_listening
from orchestration.cli.targets import print_other_faults, print_skipped, targets_known_now
from orchestration.settings import Settings, settings


def services_of(config: Settings) -> dict[str, int]:
    return {
        "dashboard": config.dashboard_port,
        "API": config.api_port,
        "Dagster": config.webserver_port,
        "code location": config.code_port,
        "metrics": config.metrics_port,
        "simulator": config.simulator_port,
    }


def print_services(config: Settings) -> None:
    for name, port in services_of(config).items():
        state = click.style("runs", fg="green") if is_listening(port) else "does not run"
        click.echo(f"{name:<14} {state}  (port {port})")


def print_freshness(config: Settings) -> None:
    from orchestration.cli.leaderboard import print_leaderboard
    from orchestration.storage.database import Database
    from orchestration.storage.embedded_postgres import EmbeddedPostgres
    from orchestration.storage.marts import newest_measured_hour

    if config.database_url is None and not EmbeddedPostgres(config.home).is_running():
        click.echo("database       does not run  (./aibaas up starts it)")
        return
    database = Database.from_settings(config)
    with database.connect() as connection:
        newest = newest_measured_hour(connection)
    click.echo(f"database       {click.style('runs', fg='green')}")
    if newest is None:
        click.echo("nothing has been measured yet: ./aibaas demo")
        return
    age = datetime.now(UTC) - newest
    click.echo(f"newest hour    {newest:%Y-%m-%d %H}:00 UTC, {age.total_seconds() / 60:.0f} minutes ago")
    click.echo()
    print_leaderboard(database)


@click.command()
def command() -> None:
    """Say which services run, which targets are measured, the newest measured hour and the leaderboard."""
    config = settings()
    print_services(config)
    print_skipped(targets_known_now(config))
    print_other_faults(config)
    print_freshness(config)
