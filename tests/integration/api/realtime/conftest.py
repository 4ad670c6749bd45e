"""An API over marts whose events are those that builds record."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.settings import Settings
from tests.support.published import create_published_marts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

    from orchestration.storage.embedded_postgres import EmbeddedPostgres

TEMPLATE = "template_of_events"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def published_template(embedded_server: EmbeddedPostgres, database_template: str) -> str:
    """The name of a database with marts of which nothing was told yet."""
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE {database_template}")
    with psycopg.connect(embedded_server.files.url(TEMPLATE)) as filling:
        create_published_marts(filling)
    return TEMPLATE


@pytest.fixture
def url(embedded_server: EmbeddedPostgres, published_template: str) -> Iterator[str]:
    """A copy of it for one test."""
    name = f"events_{next(_numbers)}"
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {published_template} STRATEGY FILE_COPY")
        yield embedded_server.files.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def live_api(url: str, serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]]) -> Iterator[httpx.Client]:
    with serve_api(Settings(database_url=url)) as client:
        yield client
