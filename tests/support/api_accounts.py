"""Accounts with API keys in a database, as `aibaas-admin` makes them, and settings of an API that takes them.

Not here: subscriptions that the pipeline delivers to (subscriptions).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from pydantic import SecretStr

from api.accounts.api_keys import ApiKey
from api.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

KEY_SECRET = SecretStr("the secret of the tests' own server")
LINK_SECRET = SecretStr("the secret of links in the tests")
ALL_SCOPES = ("account", "alerts")

_numbers = itertools.count(1)


@dataclass(frozen=True)
class KnownAccount:
    """An account and one key of it."""

    account_id: UUID
    email: str
    key: ApiKey

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key.text}"}


def stranger_settings(url: str, **changes: Any) -> Settings:
    """As an API that anyone reaches."""
    given = {"anonymous_tier": "anonymous", "key_secret": KEY_SECRET, "alert_link_secret": LINK_SECRET}
    return Settings(database_url=url, **(given | changes))


def open_account(url: str, tier: str = "pro", scopes: tuple[str, ...] = ALL_SCOPES) -> KnownAccount:
    email = f"someone-{next(_numbers)}@example.org"
    with psycopg.connect(url) as connection:
        ((account_id,),) = connection.execute(
            "INSERT INTO account.accounts (email, tier) VALUES (%s, %s) RETURNING account_id", (email, tier)
        ).fetchall()
    return KnownAccount(account_id, email, add_key(url, account_id, scopes))


def add_key(
    url: str, account_id: UUID, scopes: tuple[str, ...] = ALL_SCOPES, expires_at: datetime | None = None
) -> ApiKey:
    key = ApiKey.made()
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO account.api_keys (api_key_id, account_id, name, digest, scopes, created_at, expires_at) "
            "VALUES (%s, %s, 'of a test', %s, %s, least(now(), %s), %s)",
            (key.api_key_id, account_id, key.digest(KEY_SECRET), list(scopes), expires_at, expires_at),
        )
    return key


def execute(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []
