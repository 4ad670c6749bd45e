"""Measures what a score takes in the database, and what answers take in the archive.

usage: python -m tests.benchmarks.warehouse_size --home HOME

The database of HOME is one of `aibaas synth`, the archive what HOME holds. A score is a row of raw.scores with its
share of raw.checks; the call that it belongs to has a row in raw.planned_calls and one in raw.responses besides.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres

BAR_BYTES, ARCHIVE_BAR = 220, 0.35

SIZES = """
SELECT coalesce(sum(pg_table_size(member.relid)), 0)::bigint, coalesce(sum(pg_indexes_size(member.relid)), 0)::bigint
FROM pg_partition_tree('raw.{table}') AS member
"""


def sizes(home: Path) -> None:
    with Database(EmbeddedPostgres(home).url).connect() as connection:
        ((score_count,),) = connection.execute("SELECT count(*) FROM raw.scores").fetchall()
        found = {}
        for table in ("scores", "checks", "responses", "planned_calls"):
            ((heap, indexes),) = connection.execute(SIZES.format(table=table).encode()).fetchall()
            found[table] = (heap + indexes) / score_count
            print(f"raw.{table:<14} {heap / score_count:6.1f} heap {indexes / score_count:6.1f} indexes, bytes a score")
    print(
        f"a score: {found['scores'] + found['checks']:.1f} bytes (bar {BAR_BYTES}); all four: {sum(found.values()):.1f}"
    )


def archive(home: Path) -> None:
    files = sorted((home / "archive" / "responses").glob("*/*/*.parquet"))
    answers = sum(
        pc.sum(pc.binary_length(pq.read_table(file, columns=["answer"])["answer"])).as_py() or 0 for file in files
    )
    size = sum(file.stat().st_size for file in files)
    if answers:
        print(f"archive: {len(files)} files, {size / answers:.3f} x the answers' {answers:,} bytes (bar {ARCHIVE_BAR})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home.resolve()
    sizes(home)
    archive(home)


if __name__ == "__main__":
    main()
