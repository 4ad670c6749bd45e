"""An API over marts whose events are those that builds record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from api.settings import Settings
from tests.support.published import create_published_marts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

    from orchestration.storage.database import Database


@pytest.fixture
def url(database: Database) -> str:
    """A database with marts of which nothing was told yet."""
    with psycopg.connect(database.url) as connection:
        create_published_marts(connection)
    return database.url


@pytest.fixture
def live_api(url: str, serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]]) -> Iterator[httpx.Client]:
    with serve_api(Settings(database_url=url)) as client:
        yield client
