"""Starts, watches and stops the processes that make up a running AIBaaS.

Not here: what the processes do.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.settings import PROJECT_ROOT, OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


LARGEST_LOG_BYTES = 10_000_000


def python_module(*arguments: str) -> list[str]:
    """The command that runs one of our modules with this interpreter."""
    return [sys.executable, "-m", *arguments]


def is_listening(port: int, host: str = "127.0.0.1") -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def refuse_taken_ports(ports: Mapping[str, int]) -> None:
    """Raises OperatorError naming the variable that moves a service whose port is taken."""
    for variable, port in ports.items():
        if is_listening(port):
            raise OperatorError(
                f"port {port} is taken by another program: stop it, or set {variable} to a free port "
                "(`./aibaas down` stops an AIBaaS of this checkout)"
            )


def wait_until_listening(port: int, process: subprocess.Popen[bytes], log: Path, *, within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not is_listening(port):
        if process.poll() is not None:
            raise OperatorError(f"a service ended while it started: see {log}")
        if time.monotonic() > deadline:
            raise OperatorError(f"nothing answers on port {port} after {within_s:.0f} s: see {log}")
        time.sleep(0.05)


def roomy_log(path: Path) -> Path:
    """`path`, for appending: what has grown over the limit becomes the one older file that is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return path


@contextmanager
def running(command: Sequence[str], *, port: int, log: Path) -> Iterator[None]:
    """A background process that listens on `port` for as long as the block runs; its output goes to `log`."""
    with roomy_log(log).open("ab") as output:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        wait_until_listening(port, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def process_is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop_process(pid: int, *, within_s: float = 20) -> None:
    """Asks a process to end, and kills it when it has not after `within_s`."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + within_s
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        while process_is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
