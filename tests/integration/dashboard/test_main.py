"""`python -m dashboard` starts a server that answers, or says in one line why not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit import net_util
from streamlit.web.server import server_util

from dashboard.__main__ import ask_nobody_for_the_own_address

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]


def start(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(tmp_path, AIBAAS_DASHBOARD_PORT=str(port))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"dashboard: can't listen on 127.0.0.1:{port} (address already in use): stop the program that listens there, "
        "or change AIBAAS_DASHBOARD_PORT or AIBAAS_BIND\n"
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [("AIBAAS_DASHBOARD_PORT", "x"), ("AIBAAS_API_URL", "ftp://x"), ("AIBAAS_BIND", "no.such.host.invalid")],
)
def test_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path: Path, variable: str, value: str) -> None:
    ended = start(tmp_path, **{variable: value})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("dashboard: ")
    assert value in ended.stderr


@contextmanager
def forbidden_connections() -> Iterator[None]:
    """Fails on any HTTP request that leaves this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("asked the internet"))
        yield


def test_nobody_is_asked_for_the_machine_s_own_address() -> None:
    ask_nobody_for_the_own_address()
    with forbidden_connections():
        assert not server_util.is_url_from_allowed_origins("http://elsewhere.example:8402")
