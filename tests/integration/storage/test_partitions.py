from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.storage import raw_schema, raw_tables
from orchestration.storage.partitions import make_months, make_months_ahead
from tests.support.table_shape import SHAPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.records import Response
    from orchestration.storage.database import Database

HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
BEFORE, MONTHLY = "0007", "0008"
PLACES = "SELECT DISTINCT tableoid::regclass::text FROM raw.responses ORDER BY 1"


def loaded(database: Database, *responses: Response) -> None:
    with database.connect("aibaas_collector") as connection:
        raw_tables.load_responses(connection, responses, archive_file="a", run_id="r")


def fetched(database: Database, query: str, **values: str) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return connection.execute(query.encode(), values).fetchall()


def test_rows_of_any_month_find_their_partition(database: Database, make_response: Callable[..., Response]) -> None:
    long_ago, turn = datetime(2019, 2, 3, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
    hours = (long_ago, HOUR, turn, turn + timedelta(hours=1))
    loaded(database, *(make_response(number, benchmark_hour=hour) for number, hour in enumerate(hours)))
    found = [row[0] for row in fetched(database, PLACES)]
    assert found == [f"raw.responses_{month}" for month in ("2019_02", "2026_11", "2026_12", "2027_01")]


def test_the_same_call_of_an_hour_stands_once(database: Database, make_response: Callable[..., Response]) -> None:
    loaded(database, make_response(1))
    loaded(database, replace(make_response(1), latency_ms=1.0), make_response(2))
    assert fetched(database, "SELECT count(*) FROM raw.responses") == [(2,)]


def test_months_ahead_are_there_and_making_them_again_makes_none(database: Database) -> None:
    now = datetime(2031, 11, 30, 23, tzinfo=UTC)
    with database.connect("aibaas_collector") as connection:
        assert make_months_ahead(connection, now) == 12
        assert make_months_ahead(connection, now) == 0
        assert make_months_ahead(connection, now + timedelta(hours=1)) == 3
    names = [
        row[0]
        for row in fetched(database, "SELECT relname FROM pg_class WHERE relname LIKE 'scores_203%%' AND relkind = 'r'")
    ]
    assert sorted(map(str, names)) == [f"scores_203{month}" for month in ("1_11", "1_12", "2_01", "2_02", "2_03")]


def test_the_collector_can_make_months_and_nothing_else(database: Database) -> None:
    with database.connect("aibaas_collector") as connection:
        make_months(connection, HOUR, HOUR)
        for statement in ("DROP TABLE raw.responses_2026_11", "CREATE TABLE raw.x (y int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())
        with pytest.raises(psycopg.errors.RaiseException, match="too many months"):
            make_months(connection, datetime(1, 1, 1, tzinfo=UTC), HOUR)
    with database.connect("aibaas_transformer") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        make_months(connection, HOUR, HOUR)


def test_two_writers_of_a_new_month_both_write(database: Database, make_response: Callable[..., Response]) -> None:
    hour = datetime(2033, 1, 1, tzinfo=UTC)
    with database.connect("aibaas_collector") as first, database.connect("aibaas_collector") as second:
        first.execute("SELECT")  # begins a transaction
        raw_tables.load_responses(first, [make_response(1, benchmark_hour=hour)], archive_file="a", run_id="r")
        second.execute("SET lock_timeout = '200ms'")
        assert second.execute("SELECT count(*) FROM raw.responses").fetchone() == (0,)  # readers wait for nobody
        raw_tables.load_responses(second, [make_response(2)], archive_file="a", run_id="r")
        with pytest.raises(psycopg.errors.LockNotAvailable), second.transaction():
            raw_tables.load_responses(second, [make_response(3, benchmark_hour=hour)], archive_file="a", run_id="r")
        first.commit()
        raw_tables.load_responses(second, [make_response(3, benchmark_hour=hour)], archive_file="a", run_id="r")
    assert fetched(database, "SELECT count(*) FROM raw.responses") == [(3,)]


def test_one_hour_reads_one_partition(database: Database, make_response: Callable[..., Response]) -> None:
    loaded(database, make_response(1), make_response(2, benchmark_hour=HOUR - timedelta(days=60)))
    query = "EXPLAIN SELECT * FROM raw.responses WHERE benchmark_hour = '2026-11-23 05:00+00'"
    plan = "\n".join(str(row[0]) for row in fetched(database, query))
    assert "responses_2026_11" in plan
    assert "responses_2026_09" not in plan


@pytest.mark.parametrize("table", ["planned_calls", "responses", "scores"])
def test_down_and_up_keep_rows_and_everything_about_the_table(
    database: Database, make_response: Callable[..., Response], table: str
) -> None:
    months = (HOUR, HOUR - timedelta(days=60), HOUR + timedelta(days=8))
    loaded(database, *(make_response(number, benchmark_hour=hour) for number, hour in enumerate(months)))
    raw_schema.downgrade(database.url, database.place, MONTHLY)
    rows, shape = "SELECT r::text FROM raw.responses AS r ORDER BY 1", fetched(database, SHAPE, table=table)
    before = fetched(database, rows)
    assert len(before) == 3
    raw_schema.downgrade(database.url, database.place, BEFORE)
    assert fetched(database, rows) == before
    assert fetched(database, SHAPE, table=table) == shape
    kind = "SELECT relkind FROM pg_class WHERE oid = ('raw.' || %(table)s)::regclass"
    assert fetched(database, kind, table=table) == [("r",)]
    assert fetched(database, "SELECT relname FROM pg_class WHERE relname LIKE '%%_before'") == []
    raw_schema.upgrade(database.url, database.place, MONTHLY)
    assert fetched(database, rows) == before
    assert fetched(database, SHAPE, table=table) == shape
    assert fetched(database, kind, table=table) == [("p",)]
    assert fetched(database, "SELECT relname FROM pg_class WHERE relname LIKE '%%_before'") == []
    database.ensure_ready()
    loaded(database, make_response(9))
