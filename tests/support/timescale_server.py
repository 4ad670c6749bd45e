"""A server with TimescaleDB that a person names, and fresh databases on it.

Not here: the server. Its address stands in AIBAAS_TEST_TIMESCALEDB_URL, see docs/operations.md.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from orchestration.storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "AIBAAS_TEST_TIMESCALEDB_URL"
_numbers = itertools.count(1)
_CONVERSIONS = """
SELECT format('CALL convert_to_columnstore(%L, recompress => true)', format('%I.%I', chunk_schema, chunk_name))
FROM timescaledb_information.chunks WHERE hypertable_schema = 'raw'
"""


def server_url() -> str:
    """The address that a person gave; skips the test where there is none."""
    if not (url := os.environ.get(VARIABLE)):
        pytest.skip(f"{VARIABLE} names no server with TimescaleDB: docs/operations.md says how")
    return url


@contextlib.contextmanager
def fresh_database() -> Iterator[Database]:
    """An empty database, gone at the end of the block."""
    admin = server_url()
    name = f"aibaas_test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        try:
            yield Database(urlunsplit(urlsplit(admin)._replace(path=f"/{name}")))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            connection.execute(f"DROP DATABASE IF EXISTS {name}_dagster WITH (FORCE)".encode())


def move_into_columnstore(url: str) -> None:
    """All raw rows, however new: what is written from now on meets compressed chunks. The policy may be quicker."""
    with psycopg.connect(url, autocommit=True) as connection:
        for (statement,) in connection.execute(_CONVERSIONS.encode()).fetchall():
            with contextlib.suppress(psycopg.errors.DuplicateObject):
                connection.execute(statement)
