"""`aibaas worker`: does steps of runs, beside any number of others on this or other machines."""

from __future__ import annotations

import os
import socket
import warnings

import click

from orchestration.cli.preparation import check_executor, check_inputs, enter_environment
from orchestration.settings import OperatorError, settings


@click.command()
@click.option("--name", default=None, help="What the worker is called in Dagster's events, with its host.")
@click.option("--steps", default=1, show_default=True, type=click.IntRange(1, 64), help="Steps at once.")
def command(name: str | None, *, steps: int) -> None:
    """Do steps of the runs of an installation with AIBAAS_EXECUTOR=celery until Ctrl-C. SIGTERM ends steps first."""
    config = settings()
    if config.executor != "celery":
        raise OperatorError("no run hands its steps to workers: set AIBAAS_EXECUTOR=celery, here and where `up` runs")
    check_inputs(config)
    check_executor(config)
    from celery.platforms import SecurityWarning

    from orchestration.defs.workers import celery_app, place_of_broker

    enter_environment().check_reachable()
    load_pipeline()
    # It is said of messages that are pickled; ours are JSON.
    warnings.filterwarnings("ignore", message=".*superuser privileges", category=SecurityWarning)
    full_name = f"{name or f'worker-{os.getpid()}'}@{socket.gethostname()}"
    click.echo(f"worker {full_name} takes steps from {place_of_broker(config)}; Ctrl-C stops it")
    celery_app(config).worker_main(
        [
            "--quiet",
            "worker",
            f"--hostname={full_name}",
            f"--concurrency={steps}",
            "--loglevel=WARNING",
            "--queues=dagster",
            "--without-gossip",
            "--without-mingle",
        ]
    )


def load_pipeline() -> None:
    """Import once what every step imports; the processes that do steps are forked from this one."""
    import orchestration.definitions  # noqa: F401
