"""The dashboard as a person starts it, before a loopback server that speaks the API's JSON, in a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.accessibility import axe_source
from tests.support.browser import launched
from tests.support.fake_api import FakeApi, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[3]
START_WITHIN_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    pytest.fail(f"the dashboard does not listen: {log.read_text(encoding='utf-8')}")


@contextmanager
def dashboard_before(api_url: str, home: Path, **environment: str) -> Iterator[str]:
    """The address of a dashboard that reads `api_url`. It has an empty home, and its output is in home/log."""
    port, log = free_port(), home / "log"
    settings = {"AIBAAS_API_URL": api_url, "AIBAAS_DASHBOARD_PORT": str(port), **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(home), **settings},
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def served_api() -> Iterator[FakeApi]:
    with serving(FakeApi()) as api:
        yield api


@pytest.fixture(scope="module")
def dashboard_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard-home")


@pytest.fixture(scope="module")
def dashboard_url(served_api: FakeApi, dashboard_home: Path) -> Iterator[str]:
    with dashboard_before(
        served_api.url, dashboard_home, AIBAAS_API_TIMEOUT_S="1", AIBAAS_DASHBOARD_FRESH_FOR_S="0"
    ) as url:
        yield url


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_source(tmp_path_factory.mktemp("axe"))


@pytest.fixture
def api(served_api: FakeApi) -> FakeApi:
    """The served API with the demo's data, whatever a test before did to it."""
    fresh = FakeApi.demo()
    served_api.entries, served_api.models, served_api.histories = fresh.entries, fresh.models, fresh.histories
    served_api.families, served_api.scenarios, served_api.anomalies = fresh.families, fresh.scenarios, fresh.anomalies
    served_api.changes, served_api.newest = fresh.changes, None
    served_api.account = fresh.account
    served_api.delay_s, served_api.problem, served_api.body = 0, None, None
    return served_api
