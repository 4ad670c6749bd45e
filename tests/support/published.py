"""Marts with the real table of events behind them, and builds that change what they tell.

Not here: the building of marts by dbt.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from orchestration.storage.published_events import record_published
from tests.support.marts import NEWEST_HOUR, create_marts, fill_marts, insert_rows, publish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NEWEST: LiteralString = "SELECT max(last_benchmark_hour) FROM marts.fct_leaderboard"
HOUR_AFTER: tuple[LiteralString, ...] = (
    """
INSERT INTO marts.fct_coverage
    (benchmark_hour, target_id, suite, suite_version, outcome, reason, call_count, scored_count, is_simulated)
SELECT
    benchmark_hour + interval '1 hour', target_id, suite, suite_version, outcome, reason, call_count, scored_count,
    is_simulated
FROM marts.fct_coverage WHERE benchmark_hour = %(newest)s
""",
    """
UPDATE marts.fct_leaderboard
SET last_benchmark_hour = last_benchmark_hour + interval '1 hour', as_of = as_of + interval '1 hour'
WHERE last_benchmark_hour = %(newest)s
""",
)
TAKEN_BACK: tuple[LiteralString, ...] = (
    "DELETE FROM marts.fct_coverage WHERE benchmark_hour > %(newest)s",
    """
UPDATE marts.fct_leaderboard
SET last_benchmark_hour = last_benchmark_hour - interval '1 hour', as_of = as_of - interval '1 hour'
WHERE last_benchmark_hour > %(newest)s
""",
)
EVENTS = """
DELETE FROM marts.fct_anomalies;
DROP TABLE marts.fct_events;
CREATE VIEW marts.fct_events AS SELECT * FROM raw.published_events;
GRANT SELECT ON marts.fct_events TO aibaas_api
"""


def create_published_marts(connection: psycopg.Connection[Any]) -> None:
    """The small known world of tests.support.marts, with one covered hour and no anomaly; its events are real ones."""
    create_marts(connection)
    fill_marts(connection)
    insert_rows(connection, "fct_coverage", iter([covered(NEWEST_HOUR)]))
    connection.execute(EVENTS)


def covered(hour: datetime, **changes: Any) -> dict[str, Any]:
    row = {
        "target_id": "sim-atlas", "suite": "canary", "suite_version": 2, "benchmark_hour": hour, "outcome": "answered",
        "reason": "", "call_count": 12, "scored_count": 11, "is_simulated": True,
    }  # fmt: skip
    return row | changes


def build(url: str, statement: str = "", touched: tuple[datetime, datetime] | None = None) -> int:
    """A build that changes the marts by a statement. Returns how many events it made."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TimeZone TO 'UTC'")
        if statement:
            connection.execute(statement.encode())
        return record_published(connection, touched)


@contextmanager
def another_hour(url: str) -> Iterator[datetime]:
    """Publishes an hour that is like the newest one, after it; takes it back in the end."""
    with psycopg.connect(url) as connection:
        ((newest,),) = connection.execute(NEWEST).fetchall()
    try:
        _publish_hour(url, HOUR_AFTER, newest)
        yield newest + timedelta(hours=1)
    finally:
        _publish_hour(url, TAKEN_BACK, newest)


def _publish_hour(url: str, statements: Sequence[LiteralString], newest: datetime) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET TimeZone TO 'UTC'")
        for statement in statements:
            connection.execute(statement, {"newest": newest})
        publish(connection)
        record_published(connection, (newest + timedelta(hours=1), newest + timedelta(hours=2)))
