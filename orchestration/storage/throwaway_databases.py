"""Runs one statement of a stranger in a database that is made for it and dropped behind it, on a server of its own.

Not here: what the rows are worth (scoring). The server is never the one that holds measurements: what a statement
exhausts is this one.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import psycopg
from psycopg import errors as pg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from orchestration.settings import OperatorError
from orchestration.storage.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Ending = Literal["ok", "exception", "timeout", "memory", "output", "killed", "broken"]

ADDRESS_SPACE_MB: Final = 1024
"""What each session may map: 256 MB of shared buffers, 40 of the program, the rest for its statement."""

GUARD: Final = """
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION CONNECTION LIMIT 1;
ALTER ROLE {role} SET temp_file_limit = '64MB';
ALTER ROLE {role} SET work_mem = '16MB';
ALTER ROLE {role} SET max_parallel_workers_per_gather = 0;
GRANT CONNECT ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};
"""


@dataclass(frozen=True, slots=True)
class StatementLimits:
    """Wall time from when the statement is sent, size of the rows as text."""

    wall_s: float
    result_kb: int


@dataclass(frozen=True, slots=True)
class StatementEnd:
    """How a statement ended. `broken` is the trusted setup's fault; `error` is the class and text of an exception."""

    ending: Ending
    error: tuple[str, str] = ("", "")
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    wall_ms: float = 0.0


class ThrowawayDatabases:
    """One server under `home`, started with the first statement and ended by `close`. Threads may share it."""

    def __init__(self, home: Path) -> None:
        self._server = EmbeddedPostgres(home, address_space_mb=ADDRESS_SPACE_MB)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def close(self) -> None:
        self._server.stop()

    def run(self, setup: str, statement: str, limits: StatementLimits) -> StatementEnd:
        """Raises OperatorError when the server can't be had."""
        try:
            with self._fresh() as (database, role):
                return self._run_in(database, role, setup, statement, limits)
        except psycopg.OperationalError as error:
            raise OperatorError(f"the server for queries fails: {described(error)[1]}") from None

    def _run_in(self, database: str, role: str, setup: str, statement: str, limits: StatementLimits) -> StatementEnd:
        try:
            self._prepare(database, role, setup)
        except psycopg.Error as error:
            return StatementEnd("broken", described(error))
        return self._run_as(database, role, statement, limits)

    @cached_property
    def _admin_url(self) -> str:
        with self._lock:
            self._server.start()
            return self._server.files.url("postgres")

    @contextlib.contextmanager
    def _fresh(self) -> Iterator[tuple[str, str]]:
        """A database and a role of names never used before, gone at the end with whoever is connected."""
        number = next(self._numbers)
        database, role = f"throwaway_{number}", f"stranger_{number}"
        names = {"database": sql.Identifier(database), "role": sql.Identifier(role)}
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            for leftover in ("DROP DATABASE IF EXISTS {database} WITH (FORCE)", "DROP ROLE IF EXISTS {role}"):
                admin.execute(sql.SQL(leftover).format(**names))
            admin.execute(sql.SQL("CREATE DATABASE {database} TEMPLATE template0").format(**names))
            try:
                yield database, role
            finally:
                admin.execute(sql.SQL("DROP DATABASE {database} WITH (FORCE)").format(**names))
                admin.execute(sql.SQL("DROP ROLE IF EXISTS {role}").format(**names))

    def _prepare(self, database: str, role: str, setup: str) -> None:
        names = {"database": sql.Identifier(database), "role": sql.Identifier(role)}
        with psycopg.connect(self._server.files.url(database), autocommit=True) as owner:
            owner.execute(setup.encode())
            owner.execute(sql.SQL(GUARD).format(**names))

    def _run_as(self, database: str, role: str, statement: str, limits: StatementLimits) -> StatementEnd:
        url = make_conninfo(self._server.files.url(database), user=role, application_name="stranger")
        with psycopg.connect(url, autocommit=True) as session:
            late = threading.Event()

            def expire() -> None:
                late.set()
                self._end_session(session.info.backend_pid)

            alarm = threading.Timer(limits.wall_s, expire)
            started = time.monotonic()
            alarm.start()
            try:
                end = streamed(session, statement, limits.result_kb * 1024)
            except (pg.OutOfMemory, pg.ConfigurationLimitExceeded) as error:
                end = StatementEnd("memory", described(error))
            except psycopg.OperationalError as error:
                end = StatementEnd("timeout" if late.is_set() else "killed", described(error))
            except (psycopg.Error, ValueError) as error:
                end = StatementEnd("exception", described(error))
            finally:
                alarm.cancel()
                self._end_session(session.info.backend_pid)
            return replace(end, wall_ms=round(1000 * (time.monotonic() - started), 3))

    def _end_session(self, process: int) -> None:
        with contextlib.suppress(psycopg.Error), psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (process,))


def streamed(session: psycopg.Connection[Any], statement: str, most_bytes: int) -> StatementEnd:
    """Rows one by one, until they are all there or too much. A second statement is refused by the protocol."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    with session.cursor() as cursor:
        for row in cursor.stream(statement.encode()):
            rows.append(row)
            size += sum(len(str(value)) for value in row) + len(row)
            if size > most_bytes:
                return StatementEnd("output")
        columns = tuple(column.name for column in cursor.description or ())
    return StatementEnd("ok", columns=columns, rows=tuple(rows))


def described(error: Exception) -> tuple[str, str]:
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return type(error).__name__, primary or str(error)
