"""`aibaas orphans`: ends the runs that a killed code server left behind; the Procfile's next one waits for it."""

from __future__ import annotations

import click

from orchestration.cli.dead_runs import fail_orphaned_runs
from orchestration.cli.preparation import enter_environment
from orchestration.settings import settings


@click.command()
def command() -> None:
    """Mark runs as failed whose processes were killed together with the code server."""
    import dagster as dg

    enter_environment()
    with dg.DagsterInstance.get() as instance:
        for run_id in fail_orphaned_runs(instance, settings().code_port):
            click.echo(f"run {run_id[:8]} was killed together with its code server: marked as failed")
