"""Marts with the real table of events behind them, and builds that change what they tell.

Not here: the building of marts by dbt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from orchestration.storage.published_events import record_published
from tests.support.marts import NEWEST_HOUR, create_marts, fill_marts, insert_rows

if TYPE_CHECKING:
    from datetime import datetime

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
