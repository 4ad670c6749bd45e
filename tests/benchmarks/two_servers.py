"""Measures the warehouse on plain PostgreSQL and on TimescaleDB, in one run and over the same drawn history.

usage: AIBAAS_TEST_TIMESCALEDB_URL=postgresql://… python -m tests.benchmarks.two_servers [--days 60] [--rounds 3]

Prints the bytes of a score, the time of a full rebuild and of an hour's build (dbt, intervals, dbt, as the pipeline
does them; the median of the rounds, which alternate between the servers). Exit code 1 when a score takes more than 40
bytes in the columnstore.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg

from orchestration.cli.synth import load_catalogue, load_days
from orchestration.simulator.synthetic_history import SyntheticHistory
from orchestration.storage.database import COLLECTOR, Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.integration.dbt_project.conftest import Warehouse, warehouse_in
from tests.support.timescale_server import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_BYTES = 40
PLAIN_BYTES = """
SELECT sum(pg_total_relation_size(inhrelid))::float / (SELECT count(*) FROM raw.scores) FROM pg_inherits
WHERE inhparent = 'raw.scores'::regclass
"""
COLUMNSTORE_BYTES = """
SELECT sum(after_compression_total_bytes)::float / (
    SELECT count(*) FROM raw.scores WHERE benchmark_hour < (
        SELECT max(range_end) FROM timescaledb_information.chunks WHERE hypertable_name = 'scores' AND is_compressed
    )
)
FROM chunk_columnstore_stats('raw.scores') WHERE compression_status = 'Compressed'
"""
POLICIES = "SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = 'policy_compression'"


@contextmanager
def plain_database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="aibaas-figures-") as place:
        server = EmbeddedPostgres(Path(place))
        server.start()
        try:
            yield Database(server.url)
        finally:
            server.stop()


def filled(database: Database, history: SyntheticHistory) -> None:
    database.ensure_ready()
    with database.connect(COLLECTOR) as connection:
        load_catalogue(connection, history)
        load_days(connection, history, None)
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) raw.planned_calls, raw.responses, raw.scores")


def apply_policies(database: Database) -> None:
    """What the server does by itself within half a day."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        for (job,) in connection.execute(POLICIES).fetchall():
            connection.execute(f"CALL run_job({job})".encode())


def seconds(work: Callable[[], None]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def measure(plain: Warehouse, timescale: Warehouse, history: SyntheticHistory, rounds: int) -> float:
    """Print the table; return the bytes of a score in the columnstore."""
    both = plain, timescale
    for warehouse in both:
        filled(warehouse.database, history)
    apply_policies(timescale.database)
    ((heap,),), ((columnstore,),) = plain.rows(PLAIN_BYTES), timescale.rows(COLUMNSTORE_BYTES)
    rebuilds = [seconds(lambda w=warehouse: w.publish("--full-refresh")) for warehouse in both]  # type: ignore[misc]
    end = datetime.combine(history.first_day, datetime.min.time(), UTC) + timedelta(days=history.days)
    hour = (end - timedelta(hours=1), end)
    hours = [[seconds(lambda w=warehouse: w.publish(touched=hour)) for warehouse in both] for _ in range(rounds)]  # type: ignore[misc]
    built = [median(each) for each in zip(*hours, strict=True)]
    tables = [warehouse.tables() for warehouse in both]
    differing = [name for name in tables[0] if tables[0][name] != tables[1][name]]
    print(f"{history.call_count:,} calls of {history.days} days; tables that differ: {', '.join(differing) or 'none'}")
    print(f"{'':28}{'PostgreSQL':>14}{'TimescaleDB':>14}")
    for what, (first, second) in {
        "bytes of a score": (heap, columnstore), "full rebuild, s": rebuilds, "build of an hour, s": built,
    }.items():  # fmt: skip
        print(f"{what:28}{first:14.1f}{second:14.1f}")
    return float(columnstore)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    first_day = datetime.now(UTC).date() - timedelta(days=arguments.days)
    history = SyntheticHistory(first_day, arguments.days)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aibaas-figures-")))
        (scratch / "plain").mkdir()
        (scratch / "timescale").mkdir()
        plain = stack.enter_context(warehouse_in(stack.enter_context(plain_database()), scratch / "plain"))
        timescale = stack.enter_context(
            warehouse_in(stack.enter_context(fresh_database()), scratch / "timescale", has_columnstore=True)
        )
        sys.exit(measure(plain, timescale, history, arguments.rounds) > MOST_BYTES)


if __name__ == "__main__":
    main()
