"""PostgreSQL with partitions and with TimescaleDB give the same rows of every table, whatever happens to raw rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.storage.partitions import drop_month
from tests.support.timescale_server import move_into_columnstore

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Touched, Warehouse

pytestmark = pytest.mark.timescale

HOUR = timedelta(hours=1)
START, STOP = datetime(2026, 1, 30, tzinfo=UTC), datetime(2026, 2, 2, 12, tzinfo=UTC)
"""In two months."""
LATE = datetime(2026, 1, 31, 7, tzinfo=UTC)
RERUN, RESCORED, DELETED = START + 5 * HOUR, START + 30 * HOUR, STOP - 4 * HOUR
SIZE = {"targets": 3, "scenarios": 4}
NEED_MORE = ["marts.fct_score_moves", "marts.fct_contamination"]
"""Empty after so few days, and without fresh variants."""

ASKED_AGAIN = """
create temp table again as select * from raw.responses where benchmark_hour = %(hour)s;
update again set
    attempt = 2, status = 'answered', error_code = null, answer_sha256 = 'again', answer_bytes = 5, latency_ms = 2900;
insert into raw.responses select * from again on conflict do nothing;
drop table again
"""
GRADED_AGAIN = """
create temp table again as
select * from raw.scores where benchmark_hour >= %(hour)s and benchmark_hour < %(hour)s + interval '1 day';
update again set scorer_version = 2, score = score / 3;
insert into raw.scores select * from again on conflict do nothing;
drop table again
"""
DELETE = """
delete from raw.scores where benchmark_hour = %(hour)s;
delete from raw.responses where benchmark_hour = %(hour)s;
delete from raw.planned_calls where benchmark_hour = %(hour)s
"""
MATERIALIZATIONS = "select view_name from timescaledb_information.continuous_aggregates"


@pytest.fixture(scope="module")
def both(plain_warehouse: Warehouse, timescale_warehouse: Warehouse) -> tuple[Warehouse, Warehouse]:
    """The same first days on both, but for one hour; on one of them all raw rows are in the columnstore."""
    for warehouse in (plain_warehouse, timescale_warehouse):
        warehouse.rows(f"select raw.ensure_partitions('{START}', '{STOP}')")
        warehouse.draw_history(START, LATE, **SIZE)
        warehouse.draw_history(LATE + HOUR, STOP, **SIZE)
        warehouse.publish(touched=(START, STOP))
    return plain_warehouse, timescale_warehouse


def differing(both: tuple[Warehouse, Warehouse]) -> list[str]:
    plain, timescale = (warehouse.tables() for warehouse in both)
    assert [name for name, rows in plain.items() if not rows] == NEED_MORE
    return [name for name, rows in plain.items() if rows != timescale[name]]


def test_the_rollup_is_a_continuous_aggregate(both: tuple[Warehouse, Warehouse]) -> None:
    assert both[1].rows(MATERIALIZATIONS) == [("int_scenario_scores_hourly",)]
    assert differing(both) == []


def late_hour(warehouse: Warehouse) -> Touched:
    warehouse.draw_history(LATE, LATE + HOUR, **SIZE)
    return LATE, LATE + HOUR


def rerun(warehouse: Warehouse) -> Touched:
    warehouse.change(ASKED_AGAIN, {"hour": RERUN})
    return RERUN, RERUN + HOUR


def rescored_day(warehouse: Warehouse) -> Touched:
    warehouse.change(GRADED_AGAIN, {"hour": RESCORED})
    return RESCORED, RESCORED + 24 * HOUR


def deletion(warehouse: Warehouse) -> Touched:
    warehouse.change(DELETE, {"hour": DELETED})
    return DELETED, DELETED + HOUR


@pytest.mark.parametrize("change", [late_hour, rerun, rescored_day, deletion])
def test_a_change_of_rows_in_the_columnstore_gives_the_same_marts(
    both: tuple[Warehouse, Warehouse], change: Callable[[Warehouse], Touched]
) -> None:
    before = both[0].tables()
    for warehouse in both:
        warehouse.publish(touched=change(warehouse))
    assert differing(both) == []
    assert both[0].tables() != before
    assert both[0].intervals() == both[1].intervals()
    move_into_columnstore(both[1].database.url)


def test_after_an_old_month_has_gone_marts_stay_and_a_rebuild_begins_later(both: tuple[Warehouse, Warehouse]) -> None:
    built = both[0].tables()
    for warehouse in both:
        with warehouse.database.connect() as connection:
            drop_month(connection, datetime(2026, 1, 1, tzinfo=UTC))
        warehouse.publish(touched=(STOP - HOUR, STOP))
    assert both[0].tables() == built
    assert differing(both) == []

    for warehouse in both:
        warehouse.publish("--full-refresh")
    assert differing(both) == []
    first = "select min(benchmark_hour) from marts.fct_scores_hourly"
    assert both[0].rows(first) == [(datetime(2026, 2, 1, tzinfo=UTC),)]
