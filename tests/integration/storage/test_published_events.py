"""What a build changed becomes events, once, in an order that every reader sees."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.rows import dict_row

from orchestration.storage.database import COLLECTOR
from orchestration.storage.published_events import CHANNEL, record_published
from tests.support.marts import AS_OF, NEWEST_HOUR, insert_rows
from tests.support.published import build, covered, create_published_marts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.database import Database

HOUR = timedelta(hours=1)


@pytest.fixture
def url(database: Database) -> str:
    """A database with marts of which nothing was told yet."""
    with psycopg.connect(database.url) as connection:
        create_published_marts(connection)
    return database.url


def told(url: str, topic: str) -> list[dict[str, Any]]:
    query = "SELECT * FROM raw.published_events WHERE topic = %s ORDER BY event_number"
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(query, (topic,)).fetchall()


def numbers(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT event_number FROM raw.published_events ORDER BY 1")]


@contextmanager
def recorded(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction that has recorded a build's events; it commits at the end of the block."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT 1")
        record_published(connection, None)
        yield connection


def anomaly(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "anomaly_id": f"00000000-0000-0000-0000-{number:012}", "revision": 1, "target_id": "sim-atlas",
        "suite": "canary", "metric": "quality", "direction": "down", "is_worse": True, "state": "open",
        "severity": "major", "is_final": False, "raised_hour": NEWEST_HOUR - HOUR, "onset_hour": NEWEST_HOUR - 3 * HOUR,
        "onset_earliest_hour": NEWEST_HOUR - 5 * HOUR, "onset_latest_hour": NEWEST_HOUR - 2 * HOUR,
        "resolved_hour": None, "accepted_hour": None, "before_value": 8.0, "before_ci95_lower": 7.5,
        "before_ci95_upper": 8.5, "after_value": 6.0, "after_ci95_lower": 5.5, "after_ci95_upper": 6.5, "effect": -2.0,
        "effect_ci95_lower": -2.5, "effect_ci95_upper": -1.5, "detectable_effect": 0.9,
        "is_of_single_scenarios": False, "responsible_scenarios": "[]", "cause": "unknown", "evidence": "[]",
        "incident_id": None, "is_simulated": True, "computed_at": AS_OF, "acknowledged_count": 0,
        "false_alarm_count": 0, "note_count": 0,
    }  # fmt: skip
    return row | changes


def raise_anomalies(url: str, *rows: dict[str, Any]) -> None:
    with psycopg.connect(url) as connection:
        insert_rows(connection, "fct_anomalies", iter(rows))


def test_hours_are_published_and_later_revised(url: str) -> None:
    build(url, touched=(NEWEST_HOUR, NEWEST_HOUR + HOUR))
    build(url, touched=(NEWEST_HOUR, NEWEST_HOUR + HOUR))
    build(url, touched=(NEWEST_HOUR + HOUR, NEWEST_HOUR + 2 * HOUR))
    with psycopg.connect(url) as connection:
        insert_rows(connection, "fct_coverage", iter([covered(NEWEST_HOUR + HOUR, outcome="missing", scored_count=0)]))
    build(url)
    first, again, both = told(url, "hours")
    assert (first["kind"], again["kind"], both["kind"]) == ("published", "revised", "published")
    assert first["content"] == {
        "first_benchmark_hour": "2026-11-23T20:00:00+00:00",
        "last_benchmark_hour": "2026-11-23T20:00:00+00:00",
        "as_of": "2026-11-23T20:07:30+00:00",
        "planned_count": 12,
        "answered_count": 12,
        "scored_count": 11,
    }
    assert both["content"]["last_benchmark_hour"] == "2026-11-23T21:00:00+00:00"
    assert (both["content"]["planned_count"], both["content"]["answered_count"]) == (24, 12)


def test_a_leaderboard_is_told_when_a_standing_changed_with_the_moves(url: str) -> None:
    build(url)
    build(url)
    build(url, "UPDATE marts.fct_leaderboard SET score_mean = 9 WHERE target_id = 'acme-ohm' AND suite_version = 2")
    first, changed = told(url, "leaderboard")
    order = ["sim-atlas", "acme-ohm", "sim-borealis", "sim-cobalt", "acme-volt"]
    assert [entry["target_id"] for entry in first["content"]["entries"]] == order
    assert (first["subject"], first["content"]["suite_version"], first["content"]["moves"]) == ("canary", 2, [])
    assert first["is_simulated"] is None
    assert changed["content"]["entries"][0]["score_mean"] == 9
    assert changed["content"]["moves"] == [
        {"target_id": "acme-ohm", "position": 1, "previous_position": 2},
        {"target_id": "sim-atlas", "position": 2, "previous_position": 1},
    ]


def test_who_comes_and_goes_is_a_move_and_a_new_suite_version_has_none(url: str) -> None:
    build(url)
    build(url, "DELETE FROM marts.fct_leaderboard WHERE target_id = 'sim-cobalt'")
    build(url, "UPDATE marts.fct_leaderboard SET suite_version = 3 WHERE suite_version = 2")
    _, without, anew = told(url, "leaderboard")
    assert without["content"]["moves"] == [
        {"target_id": "acme-volt", "position": 4, "previous_position": 5},
        {"target_id": "sim-cobalt", "position": None, "previous_position": 4},
    ]
    assert (anew["content"]["suite_version"], anew["content"]["moves"]) == (3, [])


def test_an_anomaly_is_told_when_it_is_raised_known_better_and_over(url: str) -> None:
    raise_anomalies(url, anomaly(1))
    build(url)
    build(url, "UPDATE marts.fct_anomalies SET revision = 2, after_value = 6.1, acknowledged_count = 1")
    build(url, "UPDATE marts.fct_anomalies SET revision = 3, severity = 'critical', is_final = true")
    build(url, f"UPDATE marts.fct_anomalies SET state = 'resolved', resolved_hour = '{NEWEST_HOUR}'")
    build(url)
    rows = told(url, "anomalies")
    assert [row["kind"] for row in rows] == ["raised", "revised", "resolved"]
    assert {row["subject"] for row in rows} == {"00000000-0000-0000-0000-000000000001"}
    assert [row["content"]["severity"] for row in rows] == ["major", "critical", "critical"]
    assert rows[0]["content"]["label"] == "Atlas"
    assert "acknowledged_count" not in rows[0]["content"]


def test_an_anomaly_that_was_over_before_it_could_be_told_is_told_from_its_beginning(url: str) -> None:
    raise_anomalies(url, anomaly(1, state="accepted", accepted_hour=NEWEST_HOUR), anomaly(2, state="retracted"))
    build(url)
    assert [(row["subject"][-1], row["kind"]) for row in told(url, "anomalies")] == [("1", "raised"), ("1", "accepted")]


def test_an_anomaly_of_hours_long_past_is_no_news(url: str) -> None:
    raise_anomalies(url, anomaly(1, raised_hour=NEWEST_HOUR - 49 * HOUR), anomaly(2))
    build(url)
    assert [row["subject"][-1] for row in told(url, "anomalies")] == ["2"]


def test_a_build_that_fails_tells_nothing_and_the_next_one_tells_it(url: str) -> None:
    with recorded(url) as connection:
        connection.rollback()
    assert numbers(url) == []
    assert build(url) == 2
    assert numbers(url) == [1, 2]


def test_the_role_that_collects_may_record_and_change_nothing(database: Database, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("GRANT USAGE ON SCHEMA marts TO aibaas_collector")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA marts TO aibaas_collector")
    with database.connect(COLLECTOR) as connection:
        assert record_published(connection, None) == 2
    with database.connect(COLLECTOR) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE raw.published_events SET event_number = 7")


def test_a_writer_waits_until_the_one_before_has_committed_so_that_no_number_appears_late(url: str) -> None:
    with recorded(url) as first:
        second = threading.Thread(target=build, args=(url,))
        second.start()
        time.sleep(0.5)
        assert second.is_alive()
        assert numbers(url) == []
        first.commit()
    second.join(timeout=20)
    assert numbers(url) == [1, 2, 3]


def test_readers_never_see_a_number_before_all_smaller_ones(url: str) -> None:
    """Writers that commit after different pauses, one of which rolls back, under a reader that never rests."""
    seen: list[list[int]] = []
    done = threading.Event()

    def read() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not done.is_set():
                rows = connection.execute("SELECT event_number FROM raw.published_events ORDER BY 1").fetchall()
                seen.append([row[0] for row in rows])

    def write(number: int) -> None:
        for turn in range(5):
            with recorded(url) as connection:
                time.sleep((number * 7 + turn * 3) % 5 / 100)
                if number == 3:
                    connection.rollback()

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in (reader, *writers):
        thread.start()
    for writer in writers:
        writer.join(timeout=60)
    done.set()
    reader.join(timeout=20)
    assert all(found == list(range(1, len(found) + 1)) for found in seen)
    assert len({len(found) for found in seen}) > 5
    assert numbers(url) == list(range(1, 27))


def test_listeners_hear_of_events_when_they_are_there_to_be_read(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        with recorded(url):
            assert list(listening.notifies(timeout=0.3)) == []
        heard = list(listening.notifies(timeout=10, stop_after=1))
    assert [(notice.channel, notice.payload) for notice in heard] == [(CHANNEL, "2")]
