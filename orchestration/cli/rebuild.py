"""`aibaas rebuild`: all marts and intervals anew from the raw rows."""

from __future__ import annotations

import click

from orchestration.cli.execution import execute
from orchestration.cli.preparation import prepare


@click.command()
def command() -> None:
    """Make every mart anew from the raw rows, with the columns of this release. Asks no model."""
    prepare()
    from orchestration.defs.jobs import REBUILD

    execute("rebuild_job", REBUILD, {})
    click.echo("all marts are rebuilt")
