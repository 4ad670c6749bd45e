"""What is said when steps can't reach workers, or workers what they need: one line, and nothing secret.

Not here: workers that work (pipeline.test_workers).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.product import free_ports
from tests.support.shared_hour import redis_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli.conftest import RunAibaas

CELERY = {"AIBAAS_EXECUTOR": "celery"}
SECRET = "hunter2"


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture
def nowhere() -> str:
    (port,) = free_ports(1)
    return f"redis://:{SECRET}@127.0.0.1:{port}/0"


def test_a_worker_says_that_nobody_would_give_it_steps(aibaas: RunAibaas) -> None:
    result = aibaas("worker")
    assert result.returncode == 2
    assert re.fullmatch(r"aibaas: no run hands its steps to workers: set AIBAAS_EXECUTOR=celery[^\n]+\n", result.stderr)


@pytest.mark.parametrize("arguments", [("worker",), ("run", "--hour", "2026-11-20T05")])
def test_a_broker_that_does_not_answer_is_named(aibaas: RunAibaas, nowhere: str, arguments: tuple[str, ...]) -> None:
    result = aibaas(*arguments, AIBAAS_BROKER_URL=nowhere, **CELERY)
    place = nowhere.rpartition("@")[2]
    assert result.returncode == 2
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"aibaas: the broker {place} does not answer (ConnectionError): start it")
    assert "Traceback" not in result.stderr
    assert SECRET not in result.stderr + result.stdout


@pytest.mark.parametrize("url", [f"amqp://guest:{SECRET}@127.0.0.1/", f"127.0.0.1:6379/{SECRET}@x"])
def test_a_broker_of_another_kind_is_refused(aibaas: RunAibaas, url: str) -> None:
    result = aibaas("worker", AIBAAS_BROKER_URL=url, **CELERY)
    assert result.returncode == 2
    assert "the URL begins with redis:// or rediss://" in result.stderr
    assert SECRET not in result.stderr


def test_an_executor_that_there_is_not_is_named_with_those_that_there_are(aibaas: RunAibaas) -> None:
    result = aibaas("run", AIBAAS_EXECUTOR="threads")
    assert result.returncode == 2
    assert re.fullmatch(r"aibaas: AIBAAS_EXECUTOR is not usable: [^\n]*'in_process' or 'celery'\n", result.stderr)


def test_a_worker_names_a_database_that_it_cannot_reach(aibaas: RunAibaas, broker: str) -> None:
    (port,) = free_ports(1)
    url = f"postgresql://aibaas:{SECRET}@127.0.0.1:{port}/aibaas"
    result = aibaas("worker", DATABASE_URL=url, AIBAAS_BROKER_URL=broker, **CELERY)
    assert result.returncode == 2
    assert re.fullmatch(r"aibaas: can't reach the database 127\.0\.0\.1:\d+/aibaas[^\n]+\n", result.stderr)
    assert SECRET not in result.stderr


def test_a_program_that_there_is_not_is_named(aibaas: RunAibaas) -> None:
    result = aibaas("exec", "no-such-program", DATABASE_URL="postgresql://a@127.0.0.1:1/a")
    assert (result.returncode, result.stderr) == (2, "aibaas: can't run no-such-program: No such file or directory\n")


def test_a_program_has_the_environment_of_the_services(aibaas: RunAibaas) -> None:
    url = "postgresql://a@127.0.0.1:1/a"
    result = aibaas("exec", "sh", "-c", "echo $AIBAAS_DAGSTER_URL $AIBAAS_DB_PORT", DATABASE_URL=url)
    assert result.stdout.split() == ["postgresql://a@127.0.0.1:1/a_dagster", "1"]


def test_a_file_of_dagster_that_there_is_not_is_named(aibaas: RunAibaas) -> None:
    result = aibaas("exec", "true", AIBAAS_DAGSTER_FILE="/nowhere/dagster.yaml")
    assert result.returncode == 2
    assert result.stderr == "aibaas: AIBAAS_DAGSTER_FILE is /nowhere/dagster.yaml: there is no such file\n"
