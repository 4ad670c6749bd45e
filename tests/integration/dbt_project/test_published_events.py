"""What real builds change is told by the events that the API reads, as the roles may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

from api.realtime.hub import Event
from orchestration.storage.database import API, COLLECTOR
from orchestration.storage.published_events import record_published

if TYPE_CHECKING:
    from tests.integration.dbt_project.conftest import Touched, Warehouse

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def publish(warehouse: Warehouse, touched: Touched) -> None:
    """An hour as the pipeline publishes it, events included."""
    warehouse.draw_history(*touched, targets=3, scenarios=4)
    warehouse.publish(touched=touched)
    with warehouse.database.connect(COLLECTOR) as connection:
        record_published(connection, touched)


def told(warehouse: Warehouse) -> list[dict[str, Any]]:
    with psycopg.connect(warehouse.database.url, row_factory=dict_row) as connection:
        connection.execute(f"SET ROLE {API}".encode())
        return connection.execute("SELECT * FROM marts.fct_events ORDER BY event_number").fetchall()


def test_two_hours_are_told_in_words_that_the_api_knows(warehouse: Warehouse) -> None:
    publish(warehouse, (START, START + HOUR))
    publish(warehouse, (START + HOUR, START + 2 * HOUR))
    rows = told(warehouse)
    events = [Event.of(row) for row in rows]
    assert [(event.number, event.topic, event.kind) for event in events] == [
        (1, "hours", "published"),
        (2, "leaderboard", "changed"),
        (3, "hours", "published"),
        (4, "leaderboard", "changed"),
    ]
    assert [row["content"]["first_benchmark_hour"] for row in rows[::2]] == [
        "2026-11-01T00:00:00+00:00",
        "2026-11-01T01:00:00+00:00",
    ]
    standings = dict(
        warehouse.rows(
            "select target_id, score_mean from marts.fct_leaderboard where window_name = '7d' and family = 'all'"
        )
    )
    entries = rows[-1]["content"]["entries"]
    assert {entry["target_id"]: entry["score_mean"] for entry in entries} == standings
    assert entries == sorted(entries, key=lambda entry: -entry["score_mean"])
    assert {row["is_simulated"] for row in rows} == {True}
