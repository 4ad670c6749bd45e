"""`aibaas wait-for HOST PORT`: returns once something answers there; the Procfile orders its services by it."""

from __future__ import annotations

import time

import click

from orchestration.cli.processes import is_listening
from orchestration.settings import OperatorError


@click.command()
@click.argument("host")
@click.argument("port", type=int)
@click.option("--within", "within_s", type=float, default=180, show_default=True, help="Seconds.")
def command(host: str, port: int, within_s: float) -> None:
    """Wait until something listens on PORT of HOST."""
    deadline = time.monotonic() + within_s
    while not is_listening(port, host):
        if time.monotonic() > deadline:
            raise OperatorError(
                f"nothing answers on {host}:{port} after {within_s:.0f} s: look at the log of its service"
            )
        time.sleep(0.2)
