"""DuckDB with the marts and the archive of answers as tables, for people who ask their own questions.

Not here: the command line around it (cli.sql).

The marts are copied out of PostgreSQL when a question names them, so that no question can change or slow what the
pipeline and the API read; the archive's files are read where they lie.
"""

from __future__ import annotations

import json
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow as pa
from psycopg import sql

from orchestration.settings import OperatorError
from orchestration.storage.archive import SEALED, is_sealed_file
from orchestration.storage.archived_responses import SCHEMA
from orchestration.storage.object_store import S3Files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.file_store import FileStore

MARTS: Final = "marts"
ANSWERS: Final = "answers"
_TYPES: Final = {
    "text": "VARCHAR",
    "jsonb": "JSON",
    "double precision": "DOUBLE",
    "timestamp with time zone": "TIMESTAMP",
}
"""PostgreSQL's names of types that DuckDB calls otherwise. Moments are in UTC without a zone, as zones need a part of
DuckDB that its package does not bring."""

_HASHES: Final = (
    "coalesce(answer_sha256, sha256(answer)) AS answer_sha256",
    "coalesce(answer_bytes, strlen(answer)) AS answer_bytes",
)
"""A file has them only of answers whose text it no longer has."""

_COLUMNS = """
SELECT cls.relname, attr.attname, format_type(attr.atttypid, attr.atttypmod)
FROM pg_attribute AS attr JOIN pg_class AS cls ON cls.oid = attr.attrelid
WHERE cls.relnamespace = %s::regnamespace AND cls.relkind IN ('r', 'v', 'p') AND attr.attnum > 0 AND NOT attisdropped
ORDER BY cls.relname, attr.attnum
"""


class Analysis:
    """One session: marts are as they were when a question first named them.

    `connection` may read schema marts. Close the session to remove what it copied.
    """

    def __init__(self, connection: Connection, archive: Archive) -> None:
        self._postgres = connection
        self._columns = _columns_by_mart(connection)
        self._copied: set[str] = set()
        self._scratch = TemporaryDirectory(prefix="aibaas-sql-")
        self.duckdb = duckdb.connect()
        self.duckdb.execute(f"CREATE SCHEMA {MARTS}")
        self._attach_answers(archive.store)

    def close(self) -> None:
        self.duckdb.close()
        self._scratch.cleanup()

    @property
    def tables(self) -> dict[str, list[str]]:
        """Column names by the name of the table as a question names it."""
        marts = {f"{MARTS}.{name}": list(columns) for name, columns in self._columns.items()}
        return marts | {ANSWERS: SCHEMA.names}

    def ask(self, question: str) -> duckdb.DuckDBPyRelation | None:
        """The rows that a SELECT finds, None where a statement has none. Raises OperatorError with DuckDB's reason."""
        try:
            for name in self._marts_in(question):
                self._copy(name)
            found = self.duckdb.sql(question)
            return found and found.materialize()
        except duckdb.Error as error:
            raise OperatorError(f"the question can't be answered: {error}") from None

    def _marts_in(self, question: str) -> list[str]:
        """The marts that a question names and that are not copied yet; a statement other than SELECT may name any."""
        ((tree,),) = self.duckdb.execute("SELECT json_serialize_sql(?)", [question]).fetchall()
        parsed = json.loads(tree)
        named = {name for schema, name in _tables(parsed) if schema == MARTS}
        if parsed.get("error_type") == "not implemented":
            named = set(self._columns)
        return sorted((named & self._columns.keys()) - self._copied)

    def _copy(self, mart: str) -> None:
        path = f"{self._scratch.name}/{mart}.csv"
        chosen = sql.SQL(", ").join(
            sql.SQL("to_json({})" if kind == "JSON" else "{}").format(sql.Identifier(name))
            for name, kind in self._columns[mart].items()
        )
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(chosen, sql.Identifier(MARTS, mart))
        with open(path, "wb") as file, self._postgres.cursor() as cursor, cursor.copy(query) as blocks:  # noqa: PTH123
            file.writelines(blocks)
        rows = self.duckdb.read_csv(
            path, columns=self._columns[mart], header=False, auto_detect=False, sep=",", quotechar='"', escapechar='"'
        )
        rows.create(f"{MARTS}.{mart}")
        self._copied.add(mart)

    def _attach_answers(self, store: FileStore) -> None:
        """The view `answers`; without a file yet it has no rows."""
        names = [name for name in store.names(SEALED) if is_sealed_file(name)]
        if not names:
            self.duckdb.from_arrow(SCHEMA.empty_table()).create(ANSWERS)
            return
        if isinstance(store, S3Files):
            source = "archived_files"
            self.duckdb.register(source, store.dataset(names, SCHEMA))
        else:
            pattern = store.place(f"{SEALED}/*/*/attempt=*.parquet").replace("'", "''")
            files = f"read_parquet('{pattern}', union_by_name = true, hive_partitioning = false)"
            self.duckdb.register("every_column", SCHEMA.empty_table())
            source = f"(FROM {files} UNION ALL BY NAME FROM every_column)"
        in_utc = [f"{field.name}::TIMESTAMP AS {field.name}" for field in SCHEMA if _has_zone(field.type)]
        replaced = ", ".join([*in_utc, *_HASHES])
        query = f"CREATE VIEW {ANSWERS} AS SELECT * REPLACE ({replaced}) FROM {source}"  # noqa: S608 - quoted above
        self.duckdb.execute(query)


def _columns_by_mart(connection: Connection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for mart, column, kind in connection.execute(_COLUMNS, (MARTS,)).fetchall():
        found.setdefault(mart, {})[column] = "JSON" if kind.endswith("[]") else _TYPES.get(str(kind), str(kind))
    return found


def _has_zone(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _tables(tree: Any) -> Iterator[tuple[str, str]]:
    """Schema and name of every table in a serialised statement."""
    if isinstance(tree, list):
        for part in tree:
            yield from _tables(part)
    elif isinstance(tree, dict):
        yield from _table(tree)
        for part in tree.values():
            yield from _tables(part)


def _table(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if node.get("type") == "BASE_TABLE":
        yield node.get("schema_name", ""), node["table_name"]
