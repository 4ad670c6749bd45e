"""Measures how fast an hour of 50,000 scores is loaded twice: as the pipeline does it by COPY, and by executemany.

usage: python -m tests.benchmarks.score_loading --home HOME

Loading again must change nothing, so both leave rows that exist as they are. All is rolled back.
"""

from __future__ import annotations

import argparse
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.records import CheckResult, Score, checks_id_of
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.partitions import make_months
from orchestration.storage.raw_tables import SCORES, record_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.storage.bulk_insert import Connection

COUNT, BAR = 50_000, 10.0
HOUR = datetime(2024, 1, 1, tzinfo=UTC)
CHECKS = tuple(CheckResult(f"check {number}", 2.5, number < 3) for number in range(4))


def scores() -> list[Score]:
    return [
        Score(
            HOUR, uuid.uuid4(), 1, "function", 1, 1, 7.5, None, "wrong", False, False, True, CHECKS, "A", 12.5, 9000,
            None, None, None, HOUR,
        )
        for _ in range(COUNT)
    ]  # fmt: skip


def by_executemany(connection: Connection, rows: list[Score]) -> None:
    marks = ", ".join(["%s"] * len(SCORES.columns))
    query = f"INSERT INTO raw.scores ({', '.join(SCORES.columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.executemany(query.encode(), (SCORES.values((row, checks_id_of(row.checks))) for row in rows))


def seconds(database: Database, load: Callable[[Connection, list[Score]], object], rows: list[Score]) -> float:
    """For loading the rows and loading them again."""
    with database.connect("aibaas_collector") as connection:
        make_months(connection, HOUR, HOUR)
        started = time.monotonic()
        load(connection, rows)
        load(connection, rows)
        took = time.monotonic() - started
        ((count,),) = connection.execute(
            "SELECT count(*) FROM raw.scores WHERE benchmark_hour = %s", (HOUR,)
        ).fetchall()
        assert count == COUNT
        connection.rollback()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    database = Database(EmbeddedPostgres(parser.parse_args().home.resolve()).url)
    rows = scores()
    many_s, copy_s = seconds(database, by_executemany, rows), seconds(database, record_scores, rows)
    print(
        f"{COUNT:,} scores, twice: executemany {many_s:.1f} s, COPY {copy_s:.1f} s, {many_s / copy_s:.1f} x (bar {BAR})"
    )


if __name__ == "__main__":
    main()
