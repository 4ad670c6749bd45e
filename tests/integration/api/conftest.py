"""A real API process's worth: marts in a real database, and uvicorn on a free port in front of them."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest

from api.__main__ import Server, listen, server_configuration
from api.accounts.migrate import migrate
from api.app import Api, create_app
from api.settings import Settings
from tests.support.api_accounts import stranger_settings
from tests.support.marts import create_marts, fill_marts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from orchestration.storage.database import Database
    from orchestration.storage.embedded_postgres import EmbeddedPostgres


@contextmanager
def serve_api(settings: Settings) -> Iterator[httpx.Client]:
    """A client of an API that listens on a free port until the end of the block."""
    with serving(create_app(settings)) as client:
        yield client


@contextmanager
def serving(app: Api) -> Iterator[httpx.Client]:
    """As `serve_api`, of an application that is there already."""
    with listen("127.0.0.1", 0) as listener:
        server = Server(server_configuration(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=20, trust_env=False) as client:
                _wait_until_it_answers(client)
                yield client
        finally:
            server.should_exit = True
            thread.join(timeout=20)
    assert not thread.is_alive()


def _wait_until_it_answers(client: httpx.Client) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            client.get("/healthz")
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the API does not answer")


def wait_until_tagged(client: httpx.Client, path: str = "/v1/providers") -> None:
    """Until the API knows the version of the marts."""
    deadline = time.monotonic() + 20
    while "etag" not in client.get(path).headers:
        assert time.monotonic() < deadline, "the version of the marts stays unknown"
        time.sleep(0.02)


@pytest.fixture(name="serve_api", scope="session")
def _serve_api() -> Callable[[Settings], AbstractContextManager[httpx.Client]]:
    return serve_api


@pytest.fixture(scope="session")
def marts_url(embedded_server: EmbeddedPostgres, database_template: str) -> Iterator[str]:
    """A database with the marts of tests.support.marts, for tests that only read."""
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE marts_of_tests TEMPLATE {database_template}")
        url = embedded_server.files.url("marts_of_tests")
        with psycopg.connect(url) as filling:
            create_marts(filling)
            fill_marts(filling)
        yield url
        connection.execute("DROP DATABASE marts_of_tests WITH (FORCE)")


@pytest.fixture(scope="session")
def api(marts_url: str) -> Iterator[httpx.Client]:
    """A client of the API over those marts, which knows their version."""
    with serve_api(Settings(database_url=marts_url)) as client:
        wait_until_tagged(client)
        yield client


@pytest.fixture(scope="session")
def accounts_url(embedded_server: EmbeddedPostgres, database_template: str) -> Iterator[str]:
    """A database with those marts and the schema account; each test opens accounts of its own in it."""
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE accounts_of_tests TEMPLATE {database_template}")
        url = embedded_server.files.url("accounts_of_tests")
        migrate(url)
        with psycopg.connect(url) as filling:
            create_marts(filling)
            fill_marts(filling)
        yield url
        connection.execute("DROP DATABASE accounts_of_tests WITH (FORCE)")


@pytest.fixture(scope="session")
def keyed_api(accounts_url: str) -> Iterator[httpx.Client]:
    """A client of an API that takes keys; callers without one are strangers, though without a limit."""
    with serve_api(stranger_settings(accounts_url, anonymous_tier="enterprise")) as client:
        yield client


@pytest.fixture(scope="session")
def strange_api(accounts_url: str) -> Iterator[httpx.Client]:
    """A client of an API that strangers reach; it trusts whom this client says that it asks for."""
    with serve_api(stranger_settings(accounts_url, anonymous_tier="free", trusted_proxies="127.0.0.1")) as client:
        yield client


@pytest.fixture
def empty_url(database: Database) -> str:
    """A database of the test's own, without marts."""
    return database.url


@pytest.fixture
def marts_copy(empty_url: str) -> str:
    """A database of the test's own, with the marts of tests.support.marts."""
    with psycopg.connect(empty_url) as connection:
        create_marts(connection)
        fill_marts(connection)
    return empty_url
