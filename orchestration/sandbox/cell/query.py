"""Runs one statement on in-memory DuckDBs that can reach neither files nor extensions.

Not here: the confinement (confine), nor reading the frames (frames). Each frame names the database by its index:

    ["broken", index, message]  the trusted setup failed   ["failed", index, names, message]  the query failed
    ["columns", index, names]  ["row", index, tree]  ["done", index, row count]
"""

from __future__ import annotations

import os
import sys

from orchestration.sandbox.cell.codec import encode
from orchestration.sandbox.cell.confine import RESULTS
from orchestration.sandbox.cell.python_function import described, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BATCH = 256
PLAIN = {"bool", "int", "float", "str", "bytes", "NoneType", "date", "datetime", "Decimal"}
NESTED = {"list", "tuple", "dict"}


def run(job: dict[str, Any]) -> None:
    """Never returns: DuckDB's own end would only complain that the interpreter ends too."""
    server = open_server(job)
    for index, setup in enumerate(job["setups"]):
        try:
            connection = attached_database(server, index)
            connection.execute(setup)
        except Exception as error:  # noqa: BLE001 (told apart from the answer's failure)
            send(RESULTS, ["broken", index, described(error)[1]])
            continue
        try:
            send_result(RESULTS, index, connection, job["query"])
        except Exception as error:  # noqa: BLE001 (whatever DuckDB raises is the query's failure)
            send(RESULTS, ["failed", index, *described(error)])
        connection.close()
        server.execute(f"DETACH DATABASE IF EXISTS database_{index}")
    os._exit(0)


def open_server(job: dict[str, Any]) -> Any:
    """External access can't be switched on again while DuckDB runs, so the rest needs no lock."""
    server = sys.modules["duckdb"].connect(":memory:")
    server.execute(f"SET memory_limit = '{job['database_mb']}MB'; SET threads = 1; SET temp_directory = ''")
    server.execute("SET python_enable_replacements = false; SET autoinstall_known_extensions = false")
    server.execute("SET autoload_known_extensions = false; SET enable_external_access = false")
    return server


def attached_database(server: Any, index: int) -> Any:
    """A connection whose default is an empty database of its own: 5 ms, where an own DuckDB takes 20."""
    connection = server.cursor()
    connection.execute(f"ATTACH ':memory:' AS database_{index}; USE database_{index}")
    return connection


def send_result(descriptor: int, index: int, connection: Any, query: str) -> None:
    statements = sys.modules["duckdb"].extract_statements(query)
    if len(statements) != 1:
        raise ValueError(f"one statement is asked for, not {len(statements)}")
    result = connection.execute(statements[0])
    send(descriptor, ["columns", index, [str(column[0]) for column in result.description or ()]])
    count = 0
    while rows := result.fetchmany(BATCH):
        count += len(rows)
        for row in rows:
            send(descriptor, ["row", index, encode(tuple(plain(value) for value in row))])
    send(descriptor, ["done", index, count])


def plain(value: Any) -> Any:
    """Intervals, times of day and identifiers as text, other values as they are."""
    name = type(value).__name__
    return value if name in PLAIN or name in NESTED else str(value)
