"""Loads whole frames of new rows into tables of schema raw by COPY: for histories that are drawn, not measured.

Not here: rows that may be there already (bulk_insert).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from psycopg import sql

from orchestration.storage.partitions import PARTITIONED, make_months

if TYPE_CHECKING:
    import polars as pl

    from orchestration.storage.bulk_insert import Connection


def copy_frame(connection: Connection, table: str, frame: pl.DataFrame) -> int:
    """Append the rows of a frame to raw.`table`, by hour and call as `insert_rows` does, and return their number; its columns are named as the table's.

    Raises psycopg.errors.UniqueViolation for a row that exists; then none is appended.
    """
    if table in PARTITIONED and not frame.is_empty():
        hours = frame["benchmark_hour"].to_list()
        make_months(connection, min(hours), max(hours))
        frame = frame.sort("benchmark_hour", "call_id")
    text = BytesIO()
    frame.write_csv(text, include_header=False)
    names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier("raw", table), names)
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(text.getbuffer())
    return frame.height
