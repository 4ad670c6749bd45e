"""`aibaas exec PROGRAM …`: any program with the environment that the services have, for containers."""

from __future__ import annotations

import os

import click

from orchestration.cli.preparation import enter_environment
from orchestration.settings import PROJECT_ROOT, OperatorError


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("program", nargs=-1, required=True, type=click.UNPROCESSED)
def command(program: tuple[str, ...]) -> None:
    """Run PROGRAM, like `dagster api execute_run …`, in the checkout and with the services' environment."""
    enter_environment()
    os.chdir(PROJECT_ROOT)
    try:
        os.execvp(program[0], program)  # noqa: S606 - it is what the operator typed
    except OSError as error:
        raise OperatorError(f"can't run {program[0]}: {error.strerror}") from None
