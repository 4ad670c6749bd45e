"""Measures how fast an hour of 50,000 scores is loaded twice: as the pipeline does it by COPY, and by executemany.

usage: python -m tests.benchmarks.score_loading --home HOME

Loading again must change nothing, so both leave rows that exist as they are. All is rolled back.
"""

from __future__ import annotations

import argparse
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.records import CheckResult, Score, checks_id_of
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.partitions import make_months
from orchestration.storage.raw_tables import SCORES, record_scores
from tests.benchmarks.warehouse_builds import Cost, measured

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
            None, None, None, False, HOUR,
        )
        for _ in range(COUNT)
    ]  # fmt: skip


def by_executemany(connection: Connection, rows: list[Score]) -> None:
    marks = ", ".join(["%s"] * len(SCORES.columns))
    query = f"INSERT INTO raw.scores ({', '.join(SCORES.columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.executemany(query.encode(), (SCORES.values((row, checks_id_of(row.checks))) for row in rows))


def cost_of(server: EmbeddedPostgres, load: Callable[[Connection, list[Score]], object], rows: list[Score]) -> Cost:
    """For loading the rows and loading them again, and for a session."""
    with measured(server) as cost, Database(server.url).connect("aibaas_collector") as connection:
        make_months(connection, HOUR, HOUR)
        load(connection, rows)
        load(connection, rows)
        ((count,),) = connection.execute(
            "SELECT count(*) FROM raw.scores WHERE benchmark_hour = %s", (HOUR,)
        ).fetchall()
        assert count == COUNT
        connection.rollback()
    return cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    server = EmbeddedPostgres(parser.parse_args().home.resolve())
    rows = scores()
    many, copy = cost_of(server, by_executemany, rows), cost_of(server, record_scores, rows)
    print(f"{COUNT:,} scores, twice, by executemany  {many}")
    print(f"{COUNT:,} scores, twice, by COPY         {copy}")
    print(
        f"ratio {many.wall_s / copy.wall_s:.1f} by the clock, {many.cpu_s / copy.cpu_s:.1f} of CPU "
        f"(bar {BAR}); load {os.getloadavg()}"
    )


if __name__ == "__main__":
    main()
