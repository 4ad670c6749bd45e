"""`python -m api` as an operator starts it."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOWHERE = "postgresql://someone:secret-word@127.0.0.1:1/aibaas"


def environment(**settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIBAAS_", "DATABASE_URL"))}
    return inherited | settings


@contextmanager
def started(**settings: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api"], env=environment(**settings), stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def client_of(process: subprocess.Popen[str]) -> httpx.Client:
    """Of the address that the process says."""
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("aibaas-api: ").removesuffix("/docs\n")
    return httpx.Client(base_url=url, trust_env=False, timeout=20)


def refused(**settings: str) -> str:
    """Standard error of a start that has to fail as a person's mistake: one line, exit code 2."""
    result = subprocess.run(
        [sys.executable, "-m", "api"],
        env=environment(**settings), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr
    return result.stderr


def test_it_says_its_address_answers_and_ends_with_the_signal(marts_url: str) -> None:
    with started(AIBAAS_API_DATABASE_URL=marts_url, AIBAAS_API_PORT="0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.fullmatch(r"aibaas-api: (http://127\.0\.0\.1:\d+)/docs\n", line)
        assert match, line
        assert httpx.get(f"{match[1]}/v1/leaderboard", trust_env=False, timeout=20).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in {0, -signal.SIGTERM}


def test_as_many_files_are_open_as_the_machine_allows(marts_url: str) -> None:
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
    try:
        with (
            started(AIBAAS_API_DATABASE_URL=marts_url, AIBAAS_API_PORT="0") as process,
            client_of(process) as client,
        ):
            assert client.get("/healthz").status_code == 200
            assert psutil.Process(process.pid).rlimit(psutil.RLIMIT_NOFILE) == (most, most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


def test_graphql_waits_for_what_is_built_behind_the_start(marts_url: str) -> None:
    with started(AIBAAS_API_DATABASE_URL=marts_url, AIBAAS_API_PORT="0") as process, client_of(process) as client:
        early = client.get("/graphql", params={"query": "{ models { data { target_id } } }"})
        assert early.json()["data"]["models"]["data"]
        assert client.get("/readyz").status_code == 200


def test_who_cannot_build_graphql_is_never_ready_and_says_why(marts_url: str, tmp_path: Path) -> None:
    (tmp_path / "strawberry.py").write_text('raise ImportError("strawberry is spoilt")')
    settings = environment(
        AIBAAS_API_DATABASE_URL=marts_url, AIBAAS_API_PORT="0", PYTHONPATH=f"{tmp_path}:{PROJECT_ROOT}"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "api"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        with client_of(process) as client:
            answers = [client.get(path).status_code for path in ("/v1/leaderboard", "/readyz", "/graphql")]
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=20)[1]
    assert answers == [200, 500, 500]
    assert "strawberry is spoilt" in said


def test_the_start_imports_nothing_that_few_requests_need() -> None:
    source = (
        f"import sys; from api.__main__ import build; from api.settings import Settings; "
        f"build(Settings(database_url={NOWHERE!r})); print(*{{name.partition('.')[0] for name in sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", source], env=environment(), capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "psycopg" in imported
    assert not imported & {"strawberry", "graphql", "pyarrow", "redis"}


def test_a_taken_port_is_one_line_and_exit_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(DATABASE_URL=NOWHERE, AIBAAS_API_PORT=port)
    assert f"127.0.0.1 port {port}" in said
    assert "AIBAAS_API_PORT" in said


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({}, "AIBAAS_API_DATABASE_URL or DATABASE_URL"),
        ({"DATABASE_URL": "mysql://someone:secret-word@host/db"}, "must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://someone:secret-word@host:5432/db?nonsense=1"}, "can't be read"),
        ({"DATABASE_URL": NOWHERE, "AIBAAS_API_PORT": "many"}, "AIBAAS_API_PORT"),
        ({"DATABASE_URL": NOWHERE, "AIBAAS_API_PORT": "70000"}, "AIBAAS_API_PORT"),
        ({"DATABASE_URL": NOWHERE, "AIBAAS_API_POOL_SIZE": "0"}, "AIBAAS_API_POOL_SIZE"),
        ({"DATABASE_URL": NOWHERE, "AIBAAS_BIND": "192.0.2.1", "AIBAAS_API_PORT": "0"}, "AIBAAS_BIND"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it_and_exit_code_2(settings: dict[str, str], hint: str) -> None:
    said = refused(**settings)
    assert hint in said
    assert "secret-word" not in said


def test_a_lost_database_is_a_line_of_json_without_the_password() -> None:
    settings = environment(DATABASE_URL=NOWHERE, AIBAAS_API_PORT="0", AIBAAS_API_CONNECT_TIMEOUT_S="0.5")
    process = subprocess.Popen(
        [sys.executable, "-m", "api"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        with client_of(process) as client:
            assert client.get("/v1/models").status_code == 503
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=20)[1]
    finally:
        process.kill()
        process.communicate()
    lines = [json.loads(line) for line in said.splitlines()]
    assert any(line["logger"] == "api.database" and line["level"] == "WARNING" for line in lines)
    assert "secret-word" not in said
