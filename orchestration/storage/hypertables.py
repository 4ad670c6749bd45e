"""Makes hypertables of the tables that grow with every hour, where the server has TimescaleDB with its columnstore.

Not here: the tables themselves, which migrations make as monthly partitions, and which are equal in all else.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final, LiteralString

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.storage.bulk_insert import Connection

CHUNK: Final = "7 days"
"""The hours of one chunk: a year is 53 of them, and an hour is in the columnstore after two weeks at most."""
COLUMNSTORE_AFTER: Final = "7 days"
_BY_HOUR: Final = "timescaledb.orderby = 'benchmark_hour'"
_LAYOUTS: Final[dict[str, LiteralString]] = {
    "scores": "timescaledb.orderby = 'benchmark_hour, score', timescaledb.sparse_index = 'minmax(recorded_at)'",
}
"""How the columnstore lays rows out, by table. Equal scores side by side and no Bloom filter of the key: 37 bytes a
score instead of 46; a late row looks for its like among the batches of its hour. Without any sparse index, TimescaleDB
2.29.2 crashes on a condition of two columns."""

_IS_LOADED: Final = "SELECT 1 FROM pg_settings WHERE name = 'timescaledb.disable_load'"
_HAS_COLUMNSTORE: Final = """
SELECT 1 FROM pg_extension
WHERE extname = 'timescaledb' AND current_setting('timescaledb.license', true) = 'timescale'
    AND EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'add_columnstore_policy')
"""
_PARTITIONED: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = to_regnamespace('raw') AND relkind = 'p' AND NOT relispartition ORDER BY relname
"""
_CONSTRAINTS: Final = """
SELECT format('ALTER TABLE raw.%%I ADD CONSTRAINT %%I %%s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u', 'f')
"""
_INDEXES: Final = """
SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index
WHERE indrelid = %(table)s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
_GRANTS: Final = """
SELECT format('GRANT %%s ON raw.%%I TO %%I', privilege_type, relname, rolname)
FROM pg_class, aclexplode(relacl) JOIN pg_roles ON pg_roles.oid = grantee
WHERE pg_class.oid = %(table)s::regclass AND grantee <> relowner
"""
_EXCHANGE: Final = """
CREATE TABLE {new} (LIKE {old} INCLUDING ALL EXCLUDING INDEXES);
SELECT create_hypertable({new_name}, by_range('benchmark_hour', {chunk}::interval), create_default_indexes => false);
INSERT INTO {new} SELECT * FROM {old};
DROP TABLE {old} CASCADE;
ALTER TABLE {new} RENAME TO {bare};
"""
_COLUMNSTORE: Final = """
ALTER TABLE {old} SET (timescaledb.enable_columnstore, timescaledb.segmentby = '', {layout});
CALL add_columnstore_policy({old_name}, after => {after}::interval);
"""


def ensure_hypertables(url: str, turn: str) -> None:
    """Turn the partitioned tables of schema raw into hypertables, one transaction each; idempotent.

    Without the extension, or without the right to create it, everything stays as it is. dbt's views over a table go
    with it; dbt makes them anew. Concurrent callers take turns by the advisory lock `turn`.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        if not _rows(connection, _PARTITIONED) or not _has_columnstore(connection):
            return
        connection.execute("SET timezone TO 'UTC'; SET lock_timeout TO '120s'")
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (turn,))
        connection.execute("SET lock_timeout TO '5s'")
        for (name,) in _rows(connection, _PARTITIONED):
            with connection.transaction():
                _convert(connection, name)


def drop_rows(connection: Connection, table: str, first: datetime, end: datetime) -> None:
    """Drop the chunks of the hours in [first, end), and delete what lies in chunks that reach beyond."""
    connection.execute("SET LOCAL timescaledb.max_tuples_decompressed_per_dml_transaction = 0")
    connection.execute("SELECT drop_chunks(%s, older_than => %s, newer_than => %s)", (f"raw.{table}", end, first))
    delete = sql.SQL("DELETE FROM {} WHERE benchmark_hour >= %s AND benchmark_hour < %s")
    connection.execute(delete.format(sql.Identifier("raw", table)), (first, end))


def _has_columnstore(connection: Connection) -> bool:
    """Whether this database can have hypertables with a columnstore. Creates the extension where the user may."""
    if not _rows(connection, _IS_LOADED):
        return False
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    return bool(_rows(connection, _HAS_COLUMNSTORE))


def _convert(connection: Connection, name: str) -> None:
    old, new = f"raw.{name}", f"raw.{name}_new"
    connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier("raw", name)))
    kept = [row[0] for query in (_CONSTRAINTS, _INDEXES, _GRANTS) for row in _rows(connection, query, table=old)]
    names = {
        "old": sql.Identifier("raw", name), "new": sql.Identifier("raw", f"{name}_new"), "bare": sql.Identifier(name),
        "old_name": old, "new_name": new, "chunk": CHUNK, "after": COLUMNSTORE_AFTER,
    }  # fmt: skip
    connection.execute(sql.SQL(_EXCHANGE).format(**names))
    for statement in kept:
        connection.execute(statement)
    connection.execute(sql.SQL(_COLUMNSTORE).format(**names, layout=sql.SQL(_LAYOUTS.get(name, _BY_HOUR))))


def _rows(connection: Connection, query: LiteralString, **values: str) -> list[tuple[Any, ...]]:
    return connection.execute(query, values).fetchall()
