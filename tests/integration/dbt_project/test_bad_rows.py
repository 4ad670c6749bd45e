"""Raw rows that can't be: a test of dbt names each kind, the marts stay as they were, and the API tells their age.

Not here: what Dagster's checks keep from dbt (tests/integration/pipeline/test_checks).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from api.settings import Settings
from tests.integration.api.conftest import serve_api

if TYPE_CHECKING:
    from conftest import Warehouse

START = datetime(2026, 11, 1, tzinfo=UTC)
STOP = START + timedelta(hours=6)
NEXT = (STOP, STOP + timedelta(hours=1))
LATER = (NEXT[1], NEXT[1] + timedelta(hours=1))

WITHOUT_PROTECTION = """
alter table raw.planned_calls drop constraint planned_calls_pkey;
alter table raw.responses drop constraint responses_pkey;
alter table raw.scores drop constraint scores_pkey, drop constraint scores_score_check;
alter table raw.scores alter column call_id drop not null;
"""
FAULTS = {
    "calls_are_planned_once": "insert into raw.planned_calls select * from raw.planned_calls where {hour} limit 1",
    "attempts_are_recorded_once": "insert into raw.responses select * from raw.responses where {hour} limit 1",
    "gradings_are_recorded_once": "insert into raw.scores select * from raw.scores where {hour} limit 1",
    "scores_have_their_keys": "update raw.scores set call_id = null where {hour} and score < 5",
    "scores_are_within_range": "update raw.scores set score = 11 where {hour} and score > 8",
    "calls_ask_a_known_target": "update raw.planned_calls set target_id = 'x' where {hour} and target_id = 'sim-1'",
    "answers_are_priced_where_a_price_is_known": (
        "update raw.responses set price_id = null where {hour} and target_id = 'sim-2' and status = 'answered'"
    ),
    "costs_rest_on_a_known_price": "delete from raw.prices where price_id = 'price-1'",
}
"""The test of dbt that fails, and what was done to the rows of the newest hour (and to the prices)."""


@pytest.fixture(scope="module")
def spoiled(warehouse: Warehouse) -> tuple[Warehouse, dict[str, list[tuple[object, ...]]]]:
    """Six published hours and a seventh with every fault at once, with the tables as they were before it."""
    warehouse.draw_history(START, STOP, targets=2, scenarios=6)
    warehouse.publish()
    before = warehouse.tables()
    warehouse.draw_history(*NEXT, targets=2, scenarios=6)
    warehouse.change(WITHOUT_PROTECTION, {})
    for statement in FAULTS.values():
        warehouse.change(statement.format(hour="benchmark_hour = %(hour)s"), {"hour": STOP})
    return warehouse, before


def test_every_fault_fails_by_name_and_the_marts_stay_as_they_were(
    spoiled: tuple[Warehouse, dict[str, list[tuple[object, ...]]]],
) -> None:
    warehouse, before = spoiled
    with pytest.raises(AssertionError) as failure:
        warehouse.publish(touched=NEXT)
    said = str(failure.value)
    assert [name for name in FAULTS if f"Failure in test {name}" not in said] == []
    assert warehouse.tables() == before


def test_the_api_serves_the_last_good_hour_and_says_how_old_it_is(
    spoiled: tuple[Warehouse, dict[str, list[tuple[object, ...]]]],
) -> None:
    warehouse, _ = spoiled
    with serve_api(Settings(database_url=warehouse.database.url)) as client:
        board, status = client.get("/v1/leaderboard?window=24h").json(), client.get("/v1/status").json()
    assert [row["window_end"] for row in board["data"]] == ["2026-11-01T06:00:00Z"] * 2
    newest = datetime.fromisoformat(status["data"]["newest_benchmark_hour"])
    assert newest == STOP - timedelta(hours=1)
    age = timedelta(seconds=status["data"]["newest_benchmark_hour_age_s"])
    assert abs(datetime.now(UTC) - newest - age) < timedelta(minutes=2)


def test_a_later_hour_says_that_the_calls_of_the_bad_one_were_planned_and_are_not_built(
    spoiled: tuple[Warehouse, dict[str, list[tuple[object, ...]]]],
) -> None:
    warehouse, _ = spoiled
    warehouse.draw_history(*LATER, targets=2, scenarios=6)
    warehouse.publish(touched=LATER)
    hours = warehouse.rows(
        "select target_id, family, reason, planned_count, answered_count from marts.fct_scores_hourly"
        f" where benchmark_hour = '{STOP}' and family in ('all', 'family-1') order by 1, 2"
    )
    assert hours == [
        ("sim-1", "all", "not_planned", 0, 0), ("sim-1", "family-1", "not_planned", 0, 0),
        ("sim-2", "all", "not_built", 6, 0), ("sim-2", "family-1", "not_built", 2, 0),
    ]  # fmt: skip
    with serve_api(Settings(database_url=warehouse.database.url)) as client:
        coverage = client.get("/v1/coverage/calendar?days=92").json()["data"]
    told = {
        datetime.fromisoformat(hour["benchmark_hour"]): (hour["planned_count"], hour["reason"]) for hour in coverage
    }
    assert told[STOP] == (6, "not_built")
    assert told[START - timedelta(hours=1)] == (0, "not_planned")
    assert told[LATER[1]] == (0, "not_built"), "nothing is known yet of an hour behind the newest that was built"
