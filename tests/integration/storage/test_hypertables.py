"""Raw tables as hypertables: the way there keeps everything, and late rows find the columnstore."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.settings import OperatorError
from orchestration.storage import raw_schema, raw_tables
from orchestration.storage.partitions import drop_month, months_before
from tests.support.table_shape import SHAPE
from tests.support.timescale_server import fresh_database, move_into_columnstore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestration.records import Response
    from orchestration.storage.database import Database

pytestmark = pytest.mark.timescale

HOUR = datetime(2026, 2, 1, 5, tzinfo=UTC)
TABLES = ("planned_calls", "responses", "scores")
PARTITIONED = "heads"
"""The newest version by Alembic's other word for it: with `head` tables become hypertables."""
KINDS = """
SELECT relname, relkind::text, EXISTS (
    SELECT 1 FROM timescaledb_information.hypertables WHERE hypertable_schema = 'raw' AND hypertable_name = relname
)
FROM pg_class WHERE oid = ANY(ARRAY['raw.planned_calls', 'raw.responses', 'raw.scores']::regclass[]) ORDER BY 1
"""
ROWS = "SELECT r::text FROM raw.responses AS r ORDER BY 1"
IN_COLUMNSTORE = "SELECT bool_and(is_compressed) FROM timescaledb_information.chunks"


@pytest.fixture
def database() -> Iterator[Database]:
    with fresh_database() as made:
        made.ensure_ready()
        yield made


def fetched(database: Database, query: str, **values: str) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return connection.execute(query.encode(), values).fetchall()


def loaded(database: Database, *responses: Response) -> int:
    with database.connect("aibaas_collector") as connection:
        return raw_tables.load_responses(connection, responses, archive_file="a", run_id="r")


def test_partitions_become_hypertables_with_all_that_they_had(make_response: Callable[..., Response]) -> None:
    with fresh_database() as database:
        _roles_of(database)
        raw_schema.upgrade(database.url, database.place, PARTITIONED)
        loaded(database, *(make_response(n, benchmark_hour=HOUR + timedelta(days=20 * n)) for n in range(4)))
        rows = fetched(database, ROWS)
        shapes = [fetched(database, SHAPE, table=table) for table in TABLES]

        database.ensure_ready()
        database.ensure_ready()

        assert fetched(database, ROWS) == rows
        assert len(rows) == 4
        assert [fetched(database, SHAPE, table=table) for table in TABLES] == shapes
        assert fetched(database, KINDS) == [(table, "r", True) for table in TABLES]


def test_a_table_that_is_in_use_is_named_and_stays_as_it_is() -> None:
    with fresh_database() as database:
        _roles_of(database)
        raw_schema.upgrade(database.url, database.place, PARTITIONED)
        with database.connect() as reader:
            reader.execute("SELECT count(*) FROM raw.scores")
            with pytest.raises(OperatorError, match="another session holds tables"):
                database.ensure_ready()
        assert fetched(database, KINDS)[2] == ("scores", "p", False)
        database.ensure_ready()
        assert fetched(database, KINDS) == [(table, "r", True) for table in TABLES]


def _roles_of(database: Database) -> None:
    """The roles belong to the server, so that any database makes them."""
    with fresh_database() as other:
        other.ensure_ready()
    assert fetched(database, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'aibaas_%%'") == [(3,)]


def test_rows_leave_the_rowstore_by_a_policy(database: Database) -> None:
    jobs = "SELECT hypertable_name, config ->> 'compress_after' FROM timescaledb_information.jobs"
    found = fetched(database, f"{jobs} WHERE proc_name = 'policy_compression' ORDER BY 1")
    assert found == [(table, "7 days") for table in TABLES]


def test_the_collector_adds_late_rows_to_the_columnstore_and_each_stands_once(
    database: Database, make_response: Callable[..., Response]
) -> None:
    loaded(database, *(make_response(number, benchmark_hour=HOUR) for number in range(20)))
    move_into_columnstore(database.url)
    assert fetched(database, IN_COLUMNSTORE) == [(True,)]

    again = [replace(make_response(number, benchmark_hour=HOUR), latency_ms=1.0) for number in range(10, 30)]
    assert loaded(database, *again) == 10
    assert fetched(database, "SELECT count(*), count(*) FILTER (WHERE latency_ms = 1) FROM raw.responses") == [(30, 10)]
    with database.connect("aibaas_collector") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM raw.responses")


def test_old_months_go_to_the_hour(database: Database, make_response: Callable[..., Response]) -> None:
    february = datetime(2026, 2, 1, tzinfo=UTC)
    hours = [february - timedelta(days=31), february - timedelta(hours=1), february, february + timedelta(days=60)]
    loaded(database, *(make_response(number, benchmark_hour=hour) for number, hour in enumerate(hours)))
    move_into_columnstore(database.url)
    with database.connect() as connection:
        months = months_before(connection, hours[3])
        assert [f"{month:%Y-%m}" for month in months] == ["2026-01", "2026-02", "2026-04"]
        drop_month(connection, months[0])
    assert fetched(database, "SELECT benchmark_hour FROM raw.responses ORDER BY 1") == [(hour,) for hour in hours[2:]]
