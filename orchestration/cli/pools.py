"""`aibaas pools`: Dagster's pools, made before a run asks for a place in one; the Procfile's daemon waits for it."""

from __future__ import annotations

import click

from orchestration.cli.preparation import enter_environment


@click.command()
def command() -> None:
    """Make the pools whose places steps share, where they are missing."""
    import dagster as dg

    from orchestration.defs.places import make_pools

    enter_environment()
    with dg.DagsterInstance.get() as instance:
        make_pools(instance)
