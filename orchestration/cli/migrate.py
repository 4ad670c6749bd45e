"""`aibaas migrate`: the database and its schemas, current."""

from __future__ import annotations

import click

from orchestration.cli.preparation import prepare


@click.command()
def command() -> None:
    """Create what is missing in the database and bring its schemas up to date."""
    prepare()
    click.echo("the database is up to date")
