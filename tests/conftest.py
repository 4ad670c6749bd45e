"""Fixtures that several parts share: the sandbox, a real PostgreSQL server with fresh databases on it, rows to store.

Not here: what only one part's tests need.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from orchestration.records import Response, TokenUsage, call_id_of
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.parsed_project import parsed_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start the product are handed out first: none of them is left to run alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


@pytest.fixture(scope="session", autouse=True)
def _api_is_the_operators_own() -> Iterator[None]:
    """As with `aibaas up` on one machine; tests of what strangers may do say so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIBAAS_API_ANONYMOUS_TIER", "enterprise")
        yield


@pytest.fixture(scope="session")
def sandbox() -> Iterator[NamespaceSandbox]:
    """One sandbox for the whole session, at the level that the whole isolation gives."""
    with NamespaceSandbox() as opened:
        assert opened.level == "A", opened.proof.reason
        yield opened


_TEMPLATE = "template_of_tests"
_PREFIX = "aibaas-test-"
_numbers = itertools.count(1)
_HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)


def _remove(home: Path) -> None:
    EmbeddedPostgres(home).stop()
    shutil.rmtree(home, ignore_errors=True)


def _remove_those_of_killed_runs(places: Path) -> None:
    for home in places.glob(f"{_PREFIX}*"):
        owner = home.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and home.stat().st_uid == os.geteuid() and not Path("/proc", owner).exists():
            _remove(home)


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[EmbeddedPostgres]:
    """One running server for the whole session (with pytest-xdist one for each worker)."""
    places = Path(tempfile.gettempdir())
    _remove_those_of_killed_runs(places)
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=places)))
    try:
        server.start()
        with psycopg.connect(server.files.url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        _remove(server.files.home)


@pytest.fixture(scope="session")
def parsed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with nothing but the parsed dbt project, the same one for all workers of pytest-xdist."""
    own = tmp_path_factory.getbasetemp()
    return parsed_once((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "parsed-home")


@pytest.fixture(scope="session")
def database_template(embedded_server: EmbeddedPostgres) -> str:
    """The name of a migrated database that nobody is connected to."""
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    Database(embedded_server.files.url(_TEMPLATE)).ensure_ready()
    return _TEMPLATE


@pytest.fixture
def database(embedded_server: EmbeddedPostgres, database_template: str) -> Iterator[Database]:
    """A fresh database with the roles and the schema raw."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {database_template} STRATEGY FILE_COPY")
        yield Database(embedded_server.files.url(name))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _response(number: int = 0, /, **changes: Any) -> Response:
    target, scenario = f"sim-{number % 6}", f"sql/task-{number}"
    made = Response(
        benchmark_hour=_HOUR,
        call_id=call_id_of(_HOUR, target, scenario, 1, 0, 0),
        attempt=1,
        target_id=target,
        scenario_id=scenario,
        scenario_version=1,
        variant_seed=0,
        sample_index=0,
        is_simulated=True,
        scheduled_for=_HOUR,
        started_at=_HOUR + timedelta(seconds=3, microseconds=17),
        finished_at=_HOUR + timedelta(seconds=5),
        status="answered",
        error_code=None,
        error_detail=None,
        try_count=1,
        answer=f"SELECT {number} -- naïve\n",
        requested_model="atlas",
        served_model="atlas-2",
        system_fingerprint=None,
        provider_request_id="r-1",
        finish_reason="stop",
        usage=TokenUsage(100, 10, None, 20, None),
        time_to_first_token_ms=120.5,
        latency_ms=1999.983,
        price_id="simulator/atlas/1",
        cost_usd=Decimal("0.000123456"),
        prompt_sha256="0" * 64,
        harness_version="0.1.0",
    )
    return replace(made, **changes)


@pytest.fixture
def make_response() -> Callable[..., Response]:
    """Makes the response to call `number` of one hour; keyword arguments change its fields."""
    return _response
