"""Whole frames of rows by COPY: new ones into tables of schema raw, and what a query finds.

Not here: rows that may be there already (bulk_insert).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, cast

import polars as pl
import pyarrow as pa
from psycopg import sql
from pyarrow import csv

from orchestration.storage.partitions import PARTITIONED, make_months

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection


_NULL = r"\N"
_TO_STDOUT = sql.SQL(rf"COPY ({{}}) TO STDOUT (FORMAT csv, NULL '{_NULL}')")


def copy_frame(connection: Connection, table: str, frame: pl.DataFrame) -> int:
    """Append the rows of a frame to raw.`table` in the order of `insert_rows` and return their number; its columns are
    named as the table's.

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


def read_frame(connection: Connection, query: sql.Composable, schema: pa.Schema) -> pl.DataFrame:
    """The rows of a query, its columns named and typed by `schema`; far cheaper than fetching them as tuples."""
    text = BytesIO()
    with connection.cursor() as cursor, cursor.copy(_TO_STDOUT.format(query)) as copy:
        text.writelines(copy)
    if not text.tell():
        return _frame(schema.empty_table())
    text.seek(0)
    kinds = {field.name: field.type for field in schema}
    return _frame(
        csv.read_csv(
            text,
            read_options=csv.ReadOptions(column_names=schema.names),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=kinds,
                null_values=[_NULL],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    )


def _frame(table: pa.Table) -> pl.DataFrame:
    return cast("pl.DataFrame", pl.from_arrow(table))
