"""The services of a soak in a home of their own: started as `aibaas up` starts them, killed and started again.

Not here: why they are killed (faults).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from orchestration.cli.processes import is_listening, python_module
from orchestration.settings import PROJECT_ROOT, OperatorError, Settings
from orchestration.storage.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = ("code", "webserver", "daemon")
START_S = 300
MONITORING = {"poll_interval_seconds": 5, "free_slots_after_run_end_seconds": 10}
"""What `dagster.yaml` sets for real time, shorter because an hour passes in seconds."""


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()


def settings_of(base: Settings, home: Path, suites: str) -> Settings:
    """The settings of an installation in `home`: embedded database, free ports, the project's targets."""
    webserver, api, dashboard, code, simulator = free_ports(5)
    return base.model_copy(
        update={
            "home": home, "database_url": None, "suites": suites, "executor": "in_process", "simulator": "on",
            "webserver_port": webserver, "api_port": api, "dashboard_port": dashboard, "code_port": code,
            "simulator_port": simulator, "dagster_file": home / "dagster.yaml",
        }
    )  # fmt: skip


def environment_of(config: Settings) -> dict[str, str]:
    """What the services are given: no keys of hosts, so that nothing real is asked or paid."""
    own = {
        "AIBAAS_HOME": config.home, "AIBAAS_SUITES": config.suites, "AIBAAS_DAGSTER_FILE": config.dagster_file,
        "AIBAAS_SCENARIOS_DIR": config.scenarios_dir, "AIBAAS_TARGETS_FILE": config.targets_file,
        "AIBAAS_WEBSERVER_PORT": config.webserver_port, "AIBAAS_API_PORT": config.api_port,
        "AIBAAS_DASHBOARD_PORT": config.dashboard_port, "AIBAAS_CODE_PORT": config.code_port,
        "AIBAAS_SIMULATOR_PORT": config.simulator_port,
    }  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "LANG") if name in os.environ}
    return kept | {name: str(value) for name, value in own.items()}


@dataclass(slots=True)
class Services:
    """One installation. `cpu_s` sums what its database took before restarts."""

    config: Settings
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    unasked_restarts: list[str] = field(default_factory=list)
    database_cpu_s: float = 0.0

    @property
    def database(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.config.home)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Everything, for as long as the block runs."""
        self.config.home.mkdir(parents=True, exist_ok=True)
        write_dagster_file(self.config.dagster_file)
        self.command_line("migrate")
        try:
            for name in SERVICES:
                self.start(name)
            self.wait_until_ready()
            yield
        finally:
            self.stop()

    def command_line(self, *arguments: str) -> str:
        """One of our commands in the installation. Raises OperatorError with what it said."""
        done = subprocess.run(
            python_module("orchestration.cli", *arguments),
            cwd=PROJECT_ROOT, env=environment_of(self.config), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise OperatorError(f"`{' '.join(arguments)}` failed in the soak: {said[-1] if said else 'no message'}")
        return done.stdout

    def start(self, name: str) -> None:
        log = self.config.home / "log" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("ab") as output:
            self.processes[name] = subprocess.Popen(
                python_module("orchestration.cli", "service", name),
                cwd=PROJECT_ROOT, env=environment_of(self.config), stdout=output, stderr=output,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """-9, and nothing else: its children, if it has any, live on."""
        self.processes[name].kill()
        self.processes[name].wait(30)

    def ensure_running(self) -> list[str]:
        """Start again what ended by itself, as a supervisor would; returns the names."""
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        for name in ended:
            self.start(name)
        return ended

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_S
        while not is_listening(self.config.webserver_port):
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise OperatorError(f"{name} ended while it started: see {self.config.home}/log/{name}.log")
            if time.monotonic() > deadline:
                raise OperatorError(f"the webserver is silent after {START_S} s: see {self.config.home}/log")
            time.sleep(0.2)

    def stop_database(self) -> None:
        self.database_cpu_s += database_cpu_s(self.database)
        self.database.stop()

    def stop(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes.values():
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            for process in self.processes.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(15)
        self.stop_database()

    def rss_mb(self, name: str) -> float | None:
        return rss_mb(self.processes[name].pid)


def write_dagster_file(path: Path) -> None:
    """The project's dagster.yaml, whose run monitoring looks more often."""
    stated = yaml.safe_load((PROJECT_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    stated["run_monitoring"] |= MONITORING
    path.write_text(yaml.safe_dump(stated), encoding="utf-8")


def rss_mb(pid: int) -> float | None:
    """Resident memory of a process; None when it does not live."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    return int(found[0]) / 1024 if found else None


def database_cpu_s(server: EmbeddedPostgres) -> float:
    """What the server and its ended sessions have taken of the processors."""
    pid = server.status().pid
    if pid is None:
        return 0.0
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
