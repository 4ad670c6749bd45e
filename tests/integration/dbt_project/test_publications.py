"""Every change of a mart by dbt raises the version of what is published, and whoever listens is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.announcements import MARTS
from api.marts_version import VERSION
from orchestration.storage.database import COLLECTOR
from orchestration.storage.report_rows import Report, replace_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Warehouse

START = datetime(2026, 11, 1, tzinfo=UTC)
STOP = START + timedelta(hours=4)
NEXT = (STOP, STOP + timedelta(hours=1))
OTHER_MARTS = """
select table_name from information_schema.tables where table_schema = 'marts' and table_name <> 'fct_publications'
"""


@pytest.fixture(scope="module")
def published(warehouse: Warehouse) -> Warehouse:
    """Four hours of two targets, built twice: the table of publications is there from the second time on."""
    warehouse.draw_history(START, STOP, targets=2, scenarios=3)
    warehouse.publish()
    warehouse.draw_history(*NEXT, targets=2, scenarios=3)
    return warehouse


@pytest.fixture
def listening(published: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(published.database.url, autocommit=True) as connection:
        connection.execute(f"LISTEN {MARTS}".encode())
        yield connection


def version(published: Warehouse) -> int:
    ((found,),) = published.rows(VERSION)
    return int(found)


def versions(published: Warehouse) -> dict[str, int]:
    return dict(published.rows("select mart_name, version from marts.fct_publications"))  # type: ignore[arg-type]


def test_a_build_raises_the_version_of_every_mart_and_tells_it(
    published: Warehouse, listening: psycopg.Connection[Any]
) -> None:
    before, before_all = versions(published), version(published)
    published.publish(touched=NEXT)
    after = versions(published)
    assert set(after) == {name for (name,) in published.rows(OTHER_MARTS)}
    assert all(after[name] > before.get(name, 0) for name in after)
    assert version(published) > before_all
    told = [json.loads(each.payload) for each in listening.notifies(timeout=0.5)]
    assert {each["mart_name"]: each["version"] for each in told} == after


def test_marts_made_anew_keep_their_versions_rising(published: Warehouse) -> None:
    before = versions(published)
    published.publish("--full-refresh")
    after = versions(published)
    assert set(after) >= set(before)
    assert all(after[name] > before[name] for name in before)


def test_a_build_of_one_mart_raises_that_one_and_the_whole(published: Warehouse) -> None:
    before, before_all = versions(published), version(published)
    published.dbt("run", "--select", "dim_scenarios")
    after = versions(published)
    assert [name for name in after if after[name] != before[name]] == ["dim_scenarios"]
    assert version(published) > before_all


def test_a_report_is_published_as_it_is_written(published: Warehouse, listening: psycopg.Connection[Any]) -> None:
    list(listening.notifies(timeout=0.2))
    before = version(published)
    day = Report("daily", START, START + timedelta(days=1), "canary:1", None, {"is_complete": True}, datetime.now(UTC))
    for report in (day, replace(day, computed_at=datetime.now(UTC))):
        with published.database.connect(COLLECTOR) as connection:
            replace_report(connection, report)
        assert version(published) > before
        before = version(published)
        (told,) = (json.loads(each.payload) for each in listening.notifies(timeout=5, stop_after=1))
        assert told["mart_name"] == "fct_reports"


def test_reading_and_testing_raise_nothing(published: Warehouse) -> None:
    before = versions(published)
    published.dbt("test", "--select", "dim_targets")
    assert versions(published) == before


def test_the_role_of_the_api_reads_the_version_and_listens_and_writes_nothing(published: Warehouse) -> None:
    options = "-c role=aibaas_api -c default_transaction_read_only=on"
    with psycopg.connect(published.database.url, autocommit=True, options=options) as connection:
        connection.execute(f"LISTEN {MARTS}".encode())
        assert connection.execute(VERSION.encode()).fetchone() == (str(version(published)),)
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            connection.execute("UPDATE marts.fct_publications SET version = 0")
