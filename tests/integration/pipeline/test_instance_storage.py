"""Dagster's connections are kept, replaced when the server has closed them, and given up with the instance."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from dagster import DagsterInstance

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.embedded_postgres import EmbeddedPostgres

READS = 50


@pytest.fixture
def watching(embedded_server: EmbeddedPostgres) -> Iterator[psycopg.Connection[tuple[int]]]:
    """A connection beside those of Dagster."""
    Database(embedded_server.url).ensure_ready()
    with psycopg.connect(Database(embedded_server.url).dagster_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def instance(
    embedded_server: EmbeddedPostgres,
    watching: psycopg.Connection[tuple[int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DagsterInstance]:
    """As the shipped dagster.yaml says."""
    (tmp_path / "dagster.yaml").symlink_to(PROJECT_ROOT / "dagster.yaml")
    monkeypatch.setenv("AIBAAS_DAGSTER_URL", Database(embedded_server.url).dagster_url)
    monkeypatch.setenv("AIBAAS_DAGSTER_DIR", str(tmp_path))
    with DagsterInstance.from_config(str(tmp_path)) as opened:
        yield opened
    deadline = time.monotonic() + 10
    while backends(watching):
        assert time.monotonic() < deadline, "a connection outlives its instance"
        time.sleep(0.05)


def backends(watching: psycopg.Connection[tuple[int]]) -> set[int]:
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return {row[0] for row in watching.execute(query).fetchall()}


def remember(instance: DagsterInstance, note: str) -> None:
    instance.daemon_cursor_storage.set_cursor_values({"note": note})


def remembered(instance: DagsterInstance) -> str:
    return instance.daemon_cursor_storage.get_cursor_values({"note"})["note"]


def test_one_connection_serves_many_reads(instance: DagsterInstance, watching: psycopg.Connection[tuple[int]]) -> None:
    remember(instance, "kept")
    before = backends(watching)
    assert len(before) == 1
    for _ in range(READS):
        assert remembered(instance) == "kept"
        assert instance.get_run_records(limit=1) == []
        assert backends(watching) == before


def test_a_connection_that_the_server_closed_is_replaced(
    instance: DagsterInstance, watching: psycopg.Connection[tuple[int]]
) -> None:
    remember(instance, "before")
    (closed,) = backends(watching)
    watching.execute("SELECT pg_terminate_backend(%s, 5000)", (closed,))
    remember(instance, "after")
    assert remembered(instance) == "after"
    assert closed not in backends(watching)
