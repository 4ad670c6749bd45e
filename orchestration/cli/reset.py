"""`aibaas reset`: back to an empty checkout."""

from __future__ import annotations

import shutil

import click

from orchestration.cli.pid_file import living_holder
from orchestration.cli.up import stop_embedded_database
from orchestration.settings import OperatorError, settings


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, yes: bool) -> None:
    """Delete the embedded database, the archive and the logs of this checkout."""
    config = settings()
    if living_holder(config.home / "up.pid"):
        raise OperatorError("services are running: stop them with `./aibaas down` first")
    if config.database_url is not None:
        raise OperatorError("DATABASE_URL names a server of yours: drop its databases there; nothing was deleted")
    if not config.home.exists():
        click.echo("nothing to delete")
        return
    if not yes:
        click.confirm(f"Delete every measurement in {config.home}?", abort=True)
    stop_embedded_database(config)
    shutil.rmtree(config.home)
    click.echo(f"deleted {config.home}")
