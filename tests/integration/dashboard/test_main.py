"""`python -m dashboard` starts a server that answers, or says in one line why not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

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
        "or set AIBAAS_DASHBOARD_PORT to a free port\n"
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [("AIBAAS_DASHBOARD_PORT", "x"), ("AIBAAS_API_URL", "ftp://x"), ("AIBAAS_DASHBOARD_HOST", "no.such.host.invalid")],
)
def test_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path: Path, variable: str, value: str) -> None:
    ended = start(tmp_path, **{variable: value})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("dashboard: ")
    assert value in ended.stderr
