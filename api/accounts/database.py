"""The one way to rows of schema account: a small pool of its own, which may write, as the role `aibaas_api`.

The marts may be read from a replica, and a slow reader of theirs must not keep a key from being looked up.

Not here: any statement (queries and each resource's).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, LiteralString, Self

import psycopg
from fastapi import Depends, Request
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from api.database import (
    RECONNECT_TIMEOUT_S,
    MartsUnavailableError,
    Row,
    conninfo,
    is_lost_connection,
    translated_errors,
)
from api.errors import ACCOUNTS_UNAVAILABLE, ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.settings import Settings

POOL_SIZE = 4


class AccountsDatabase:
    """Reads and changes accounts, one statement a transaction. Its first connection is made when it is first asked."""

    def __init__(self, settings: Settings) -> None:
        url = settings.accounts_database_url or settings.database_url
        self._pool = AsyncConnectionPool(
            conninfo(url, settings, is_read_only=False),
            kwargs={"autocommit": True, "row_factory": dict_row},
            open=False,
            min_size=0,
            max_size=POOL_SIZE,
            timeout=settings.connect_timeout_s,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            name="accounts",
        )

    async def __aenter__(self) -> Self:
        await self._pool.open(wait=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def fetch_all(self, statement: LiteralString, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Every row of one statement; one that writes is not asked again when the connection is lost.

        Raises ProblemError where there are no such tables, DatabaseUnavailableError and QueryTimeoutError.
        """
        try:
            async with translated_errors():
                return await self._execute(statement, parameters)
        except MartsUnavailableError as error:
            raise ProblemError(ACCOUNTS_UNAVAILABLE) from error

    async def fetch_one(self, statement: LiteralString, parameters: Mapping[str, object] | None = None) -> Row | None:
        """The first row of one statement, or None; errors as of `fetch_all`."""
        rows = await self.fetch_all(statement, parameters)
        return rows[0] if rows else None

    async def _execute(self, statement: LiteralString, parameters: Mapping[str, object] | None) -> list[Row]:
        try:
            return await self._tried(statement, parameters)
        except psycopg.OperationalError as error:
            if not is_lost_connection(error):
                raise
            # A restarted server leaves dead connections in the pool.
            await self._pool.check()
            if not statement.lstrip().startswith("SELECT"):
                raise
            return await self._tried(statement, parameters)

    async def _tried(self, statement: LiteralString, parameters: Mapping[str, object] | None) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statement, parameters)
            return await cursor.fetchall() if cursor.description else []  # type: ignore[return-value]  # dict_row


async def get_accounts(request: Request) -> AccountsDatabase:
    accounts: AccountsDatabase = request.app.state.accounts
    return accounts


CurrentAccounts = Annotated[AccountsDatabase, Depends(get_accounts)]
