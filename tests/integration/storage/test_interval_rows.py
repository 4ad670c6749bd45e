from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
from psycopg import sql

from orchestration.storage.frame_loading import read_frame
from orchestration.storage.interval_rows import replace_intervals
from orchestration.storage.raw_tables import ScoreInterval

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

FIRST = datetime(2026, 11, 23, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hours(mean: float, *starts: datetime) -> pl.DataFrame:
    rows = [
        ScoreInterval(
            "hour", "sim-a", "canary", 1, "all", start, "", mean, None, 24, 1, None, None, None, None, "none", "sql:1",
            FIRST,
        )
        for start in starts
    ]  # fmt: skip
    return pl.DataFrame([asdict(row) for row in rows])


def kept(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT period_start, score_mean FROM raw.score_intervals ORDER BY 1").fetchall()


def test_intervals_of_touched_hours_take_the_place_of_all_that_were_there(database: Database) -> None:
    second, third = FIRST + HOUR, FIRST + 2 * HOUR
    with database.connect("aibaas_collector") as connection:
        replace_intervals(connection, hours(7.0, FIRST, second, third), None)
        replace_intervals(connection, hours(8.0, second), (second, third + HOUR))
        assert kept(connection) == [(FIRST, 7.0), (second, 8.0)], "the third has no scores any more"
        replace_intervals(connection, hours(9.0, third), None)
        assert kept(connection) == [(third, 9.0)]


def test_a_frame_tells_null_from_empty_and_keeps_text_and_moments_as_they_are(database: Database) -> None:
    schema = pa.schema([("words", pa.string()), ("moment", pa.timestamp("us", "UTC")), ("points", pa.float64())])
    query = sql.SQL(r"""
        SELECT * FROM (VALUES
            ('', timestamptz '2026-11-23 05:00:00.000001+01', 0.1::float8), (NULL, NULL, NULL), (E'a"b,\nc\\N', NULL, 1)
        ) AS drawn
    """)
    with database.connect() as connection:
        words, moments, points = (column.to_list() for column in read_frame(connection, query, schema))
        assert read_frame(connection, sql.SQL("SELECT 'x', now(), 1 WHERE false"), schema).is_empty()
    assert words == ["", None, 'a"b,\nc\\N']
    assert moments[:2] == [datetime(2026, 11, 23, 4, 0, 0, 1, UTC), None]
    assert points == [0.1, None, 1.0]
