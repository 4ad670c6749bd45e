"""`aibaas service NAME`: one line of the Procfile in the foreground, for containers and process managers."""

from __future__ import annotations

import os

import click

from orchestration.cli.preparation import enter_environment
from orchestration.cli.up import procfile
from orchestration.settings import PROJECT_ROOT, OperatorError


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """Run the service NAME of the Procfile with the environment that it needs."""
    services = procfile()
    if name not in services:
        raise OperatorError(f"no service {name!r}: the Procfile has {', '.join(services)}")
    enter_environment()
    os.chdir(PROJECT_ROOT)
    os.execvp("sh", ["sh", "-c", services[name]])  # noqa: S606 - the line is the project's own
