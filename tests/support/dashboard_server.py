"""The dashboard's server, or another one of Streamlit, as a process of its own on a free port.

Not here: who looks at its pages.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.support.product import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = 60


@contextmanager
def dashboard_before(api_url: str, home: Path, **environment: str) -> Iterator[str]:
    """The address of a dashboard that reads `api_url`. It has an empty home, and its output is in home/log."""
    with dashboard_process(api_url, home, **environment) as (_, url):
        yield url


@contextmanager
def dashboard_process(api_url: str, home: Path, **environment: str) -> Iterator[tuple[psutil.Process, str]]:
    """The same with its process."""
    (port,) = free_ports(1)
    told = {"AIBAAS_API_URL": api_url, "AIBAAS_DASHBOARD_PORT": str(port), **environment}
    with listening_process(["-m", "dashboard"], port, home, told) as process:
        yield process, f"http://127.0.0.1:{port}"


@contextmanager
def listening_process(
    arguments: Sequence[str], port: int, home: Path, environment: dict[str, str]
) -> Iterator[psutil.Process]:
    """Python with these arguments, once it listens. AssertionError with its output if it ends or takes too long."""
    log = home / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(home), **environment},
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(port, process, log)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError(f"the dashboard does not listen: {log.read_text(encoding='utf-8')}")
