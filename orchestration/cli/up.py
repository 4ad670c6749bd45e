"""`aibaas up`: every service under one supervisor."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import click
from honcho.environ import expand_processes, parse_procfile

from orchestration.cli.pid_file import living_holder, write_pid_file
from orchestration.cli.preparation import check_executor, check_inputs, prepare
from orchestration.cli.processes import is_listening, refuse_taken_ports
from orchestration.cli.supervisor import Supervisor
from orchestration.settings import PROJECT_ROOT, OperatorError, Settings, settings

if TYPE_CHECKING:
    from pathlib import Path


def pages_of(config: Settings) -> dict[str, int]:
    return {
        "dashboard": config.dashboard_port,
        "API": config.api_port,
        "Dagster": config.webserver_port,
        "metrics": config.metrics_port,
    }


def announce_when_ready(config: Settings) -> None:
    """Prints each address as soon as something answers there."""
    waiting = pages_of(config)
    while waiting:
        for name, port in list(waiting.items()):
            if is_listening(port):
                click.secho(f"{name:<10} http://127.0.0.1:{port}", fg="green", bold=True)
                del waiting[name]
        time.sleep(0.3)
    click.echo("everything answers; Ctrl-C stops it")


def take_pid_file(path: Path) -> None:
    """Raises OperatorError when another `up` of this checkout is alive."""
    if pid := living_holder(path):
        raise OperatorError(f"already running (process {pid}): stop it with `./aibaas down`")
    write_pid_file(path)


def procfile() -> dict[str, str]:
    """Service to command line."""
    services: dict[str, str] = parse_procfile((PROJECT_ROOT / "Procfile").read_text()).processes
    return services


def supervisor(config: Settings) -> Supervisor:
    """All services of the Procfile; the simulator only where simulated targets are measured."""
    manager = Supervisor()
    services = procfile()
    if config.simulator == "off":
        services.pop("simulator")
    for process in expand_processes(services, env=dict(os.environ)):
        manager.add_process(process.name, process.cmd, quiet=process.quiet, env=process.env, cwd=str(PROJECT_ROOT))
    return manager


@click.command()
def command() -> None:
    """Run the database, the simulator, Dagster, the API and the dashboard until Ctrl-C."""
    config = settings()
    check_inputs(config)
    check_executor(config)
    refuse_taken_ports(
        {
            "AIBAAS_DASHBOARD_PORT": config.dashboard_port,
            "AIBAAS_API_PORT": config.api_port,
            "AIBAAS_WEBSERVER_PORT": config.webserver_port,
            "AIBAAS_CODE_PORT": config.code_port,
            "AIBAAS_METRICS_PORT": config.metrics_port,
            **({"AIBAAS_SIMULATOR_PORT": config.simulator_port} if config.simulator == "on" else {}),
        }
    )
    prepare()
    pid_file = config.home / "up.pid"
    take_pid_file(pid_file)
    try:
        manager = supervisor(config)
        threading.Thread(target=announce_when_ready, args=(config,), daemon=True).start()
        manager.loop()
    finally:
        pid_file.unlink(missing_ok=True)
        stop_embedded_database(config)
    if manager.given_up is not None:
        raise OperatorError(manager.given_up)
    sys.exit(manager.returncode or 0)


def stop_embedded_database(config: Settings) -> None:
    from orchestration.storage.embedded_postgres import EmbeddedPostgres

    if config.database_url is None:
        EmbeddedPostgres(config.home).stop()
