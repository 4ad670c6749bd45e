"""The API's one door to PostgreSQL: a pool of read-only connections that act as the role `aibaas_api`.

Not here: any statement about a mart (each resource's queries.py), nor what a failure looks like over HTTP (app).
"""

from __future__ import annotations

import logging
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, LiteralString, Self

import psycopg
from fastapi import Depends, Request
from psycopg import errors as pg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from api.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence

    from pydantic import SecretStr

ROLE = "aibaas_api"
RECONNECT_TIMEOUT_S = 5.0
"""After this the pool gives an attempt up, and the next request starts a fresh one: a server that comes back is
found at once, where the pool's own pauses would grow to minutes."""

Row = dict[str, Any]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PoolUse:
    """Connections of the pool, and requests that wait for one."""

    open_count: int
    idle_count: int
    waiting_count: int
    limit: int


class DatabaseUnavailableError(Exception):
    """No connection could be had, or the one in use was lost."""


class QueryTimeoutError(Exception):
    """The server stopped a statement at `statement_timeout`."""


class MartsUnavailableError(Exception):
    """The marts are not built yet, are of another version than this API, or the role may not read them."""


class Database:
    """Answers read-only statements. Opening never waits, so the API starts while the server is down."""

    def __init__(self, settings: Settings) -> None:
        self._conninfo = conninfo(settings.database_url, settings, is_read_only=True)
        self._pool = AsyncConnectionPool(
            self._conninfo,
            kwargs={"autocommit": True, "row_factory": dict_row},
            open=False,
            min_size=1,
            max_size=settings.pool_size,
            timeout=settings.connect_timeout_s,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            name="api",
        )

    async def __aenter__(self) -> Self:
        await self._pool.open(wait=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def fetch_all(self, statement: LiteralString, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Every row of one statement. Raises the three errors of this module."""
        async with translated_errors():
            try:
                return await self._execute(statement, parameters)
            except psycopg.OperationalError as error:
                if not is_lost_connection(error):
                    raise
                # A restarted server leaves dead connections in the pool; a read may safely be asked again.
                await self._pool.check()
                return await self._execute(statement, parameters)

    async def fetch_one(self, statement: LiteralString, parameters: Mapping[str, object] | None = None) -> Row | None:
        """The first row of one statement, or None. Raises the three errors of this module."""
        rows = await self.fetch_all(statement, parameters)
        return rows[0] if rows else None

    async def hear(self, channels: Sequence[LiteralString], *, patience_s: float) -> AsyncGenerator[str | None]:
        """The channel of every word that is sent on one of them, over a connection of its own: None first, once it
        listens, and after every `patience_s` of silence. Never ends; raises DatabaseUnavailableError when there is no
        connection or it is lost.
        """
        listen = sql.SQL("; ").join(sql.SQL("LISTEN {}").format(sql.Identifier(channel)) for channel in channels)
        try:
            async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
                try:
                    await connection.execute(listen)
                except pg.ReadOnlySqlTransaction:
                    logger.warning("a standby tells nothing: it is asked every %s s", patience_s)
                yield None
                while True:
                    async with aclosing(connection.notifies(timeout=patience_s, stop_after=1)) as heard:
                        told = [notification.channel async for notification in heard]
                    for channel in told or (None,):
                        yield channel
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError from error

    def pool_use(self) -> PoolUse:
        """The pool as it is now; asks no server."""
        found = self._pool.get_stats()
        return PoolUse(
            open_count=found.get("pool_size", 0),
            idle_count=found.get("pool_available", 0),
            waiting_count=found.get("requests_waiting", 0),
            limit=self._pool.max_size,
        )

    async def _execute(self, statement: LiteralString, parameters: Mapping[str, object] | None) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statement, parameters, binary=True)
            return await cursor.fetchall()  # type: ignore[return-value]  # dict_row comes through kwargs


async def get_database(request: Request) -> Database:
    """Asynchronous: a function that is not would be called in a thread."""
    database: Database = request.app.state.database
    return database


CurrentDatabase = Annotated[Database, Depends(get_database)]


def connect_as_owner(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A session of the URL's own user, for changes of the schema account. Raises SettingsError for a wrong URL."""
    _parse(url)
    return psycopg.connect(url, application_name="aibaas-api-migrate")


def _parse(url: str) -> dict[str, str | int | None]:
    """The parts of a URL; the complaint never repeats what may hold a password."""
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        raise SettingsError(
            "AIBAAS_API_DATABASE_URL (or DATABASE_URL) can't be read: write it as "
            "postgresql://user:password@host:5432/aibaas, special characters percent-encoded"
        ) from None


def conninfo(url: SecretStr, settings: Settings, *, is_read_only: bool) -> str:
    """The URL with role, read-only default, timeout and time zone as start-up options, after the URL's own."""
    given = _parse(url.get_secret_value())
    ours = {
        "role": ROLE,
        "default_transaction_read_only": "on" if is_read_only else "off",
        "statement_timeout": settings.statement_timeout_ms,
        "timezone": "UTC",
    }
    options = " ".join([str(given.pop("options", "")), *(f"-c {name}={value}" for name, value in ours.items())])
    given.setdefault("connect_timeout", max(2, round(settings.connect_timeout_s)))
    given.setdefault("application_name", "aibaas-api")
    return make_conninfo("", **{**given, "options": options.strip()})


def is_lost_connection(error: psycopg.OperationalError) -> bool:
    if isinstance(error, PoolTimeout | TooManyRequests):
        return False
    return error.sqlstate is None or error.sqlstate.startswith("08") or isinstance(error, pg.AdminShutdown)


@asynccontextmanager
async def translated_errors() -> AsyncIterator[None]:
    try:
        yield
    except pg.QueryCanceled as error:
        raise QueryTimeoutError from error
    except psycopg.OperationalError as error:
        logger.warning("database unavailable: %s", error)
        raise DatabaseUnavailableError from error
    except (pg.UndefinedTable, pg.UndefinedColumn, pg.InsufficientPrivilege) as error:
        logger.warning("marts unavailable: %s", error.diag.message_primary)
        raise MartsUnavailableError from error
