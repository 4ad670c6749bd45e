"""`aibaas down`: nothing of this checkout runs on."""

from __future__ import annotations

import click

from orchestration.cli.pid_file import living_holder
from orchestration.cli.processes import stop_process
from orchestration.cli.up import stop_embedded_database
from orchestration.settings import settings


@click.command()
def command() -> None:
    """Stop the services and the embedded database."""
    config = settings()
    pid_file = config.home / "up.pid"
    if pid := living_holder(pid_file):
        stop_process(pid)
    pid_file.unlink(missing_ok=True)
    stop_embedded_database(config)
    click.echo("stopped")
