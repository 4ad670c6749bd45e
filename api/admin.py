"""`aibaas-admin`: accounts and API keys, for who may write to their tables.

Not here: what people do with their own account over HTTP (accounts.router).
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from api.accounts import queries
from api.accounts.api_keys import ApiKey, Scope
from api.accounts.database import AccountsDatabase
from api.database import DatabaseUnavailableError, QueryTimeoutError
from api.entitlements import TIERS
from api.errors import ProblemError
from api.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import SecretStr

    from api.database import Row

USAGE_ERROR = 2
MOST_KEYS = 1000
LONGEST_EMAIL = 254

Result = TypeVar("Result")

SOLD_TIERS = click.Choice([name for name in TIERS if name != "anonymous"])
SCOPES = click.Choice(list(get_args(Scope)))
EMAIL = click.argument("email")
KEY_ID = click.argument("key_id")
EXPIRY = click.option("--expires-days", type=click.IntRange(1, 3650), help="Days until it expires; without: never.")


@click.group()
def command() -> None:
    """Accounts and API keys.

    DATABASE_URL and AIBAAS_API_KEY_SECRET are needed: `./aibaas exec aibaas-admin …` sets both.
    """


@command.group()
def accounts() -> None:
    """Who has an account, and of which tier."""


@accounts.command("create")
@EMAIL
@click.option("--tier", type=SOLD_TIERS, default="free", show_default=True)
def create_account(email: str, tier: str) -> None:
    """Make an account."""
    if len(email) > LONGEST_EMAIL or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise SettingsError(f"{email!r} is no address")
    row = _asked(lambda database: queries.add_account(database, email.lower(), tier))
    if row is None:
        raise SettingsError(f"{email} has an account")
    _say_account(row)


@accounts.command("list")
def list_accounts() -> None:
    """Print every account."""
    for row in _asked(queries.account_rows):
        _say_account(row)


@accounts.command("tier")
@EMAIL
@click.argument("tier", type=SOLD_TIERS)
def change_tier(email: str, tier: str) -> None:
    """Give an account another tier, from the next request on."""
    _say_account(_known(_asked(lambda database: queries.change_tier(database, email.lower(), tier)), email))


@accounts.command("close")
@EMAIL
def close_account(email: str) -> None:
    """Refuse an account's keys and tell it nothing, from now on."""
    _say_account(_known(_asked(lambda database: queries.close_account(database, email.lower(), is_closed=True)), email))


@accounts.command("reopen")
@EMAIL
def reopen_account(email: str) -> None:
    """Take the keys of a closed account again."""
    _say_account(
        _known(_asked(lambda database: queries.close_account(database, email.lower(), is_closed=False)), email)
    )


@command.group()
def keys() -> None:
    """The API keys of accounts."""


@keys.command("create")
@EMAIL
@click.option("--name", default="by aibaas-admin", show_default=True, help="What it is known by.")
@click.option("--scope", "scopes", type=SCOPES, multiple=True, help="What it may do besides reading; repeatable.")
@EXPIRY
def create_key(email: str, name: str, scopes: tuple[Scope, ...], expires_days: int | None) -> None:
    """Make a key and print it: this once on standard output, and nowhere else."""
    key, secret = ApiKey.made(), _secret()

    async def add(database: AccountsDatabase) -> Row | None:
        found = await queries.account_rows(database, email=email.lower())
        return await queries.add_key(
            database,
            _known(found[0] if found else None, email)["account_id"],
            api_key_id=key.api_key_id,
            digest=key.digest(secret),
            name=name,
            scopes=scopes,
            expires_at=_end(expires_days),
            most_keys=MOST_KEYS,
        )

    _say_made(_asked(add), key, f"{email} has {MOST_KEYS} living keys")


@keys.command("list")
@click.argument("email", required=False)
def list_keys(email: str | None) -> None:
    """Print keys without their secrets, of one account or of all."""
    for row in _asked(queries.key_rows):
        if email is None or row["email"] == email.lower():
            _say_key(row)


@keys.command("rotate")
@KEY_ID
@click.option("--overlap-hours", type=click.IntRange(0, 168), default=24, show_default=True)
@EXPIRY
def rotate_key(key_id: str, overlap_hours: int, expires_days: int | None) -> None:
    """Make a key in place of another, which stays valid for the overlap, and print it."""
    key, secret = ApiKey.made(), _secret()
    row = _asked(
        lambda database: queries.rotate_key(
            database,
            key_id,
            account_id=None,
            api_key_id=key.api_key_id,
            digest=key.digest(secret),
            overlap_hours=overlap_hours,
            expires_at=_end(expires_days),
        )
    )
    _say_made(row, key, f"there is no living key {key_id}")


@keys.command("revoke")
@KEY_ID
def revoke_key(key_id: str) -> None:
    """Refuse a key from the next request on."""
    row = _asked(lambda database: queries.revoke_key(database, key_id))
    if row is None:
        raise SettingsError(f"there is no key {key_id}")
    _say_key(row)


def main() -> None:
    """Runs a command; what a person can mend is one line and exit code 2."""
    logging.getLogger().addHandler(logging.NullHandler())  # what pools notice is said by the error
    try:
        command()
    except (SettingsError, DatabaseUnavailableError, QueryTimeoutError, ProblemError) as error:
        sys.stderr.write(f"aibaas-admin: {str(error) or 'the database can not be reached'}\n")
        sys.exit(USAGE_ERROR)


def _asked(question: Callable[[AccountsDatabase], Awaitable[Result]]) -> Result:
    async def answered() -> Result:
        async with AccountsDatabase(Settings.from_environment()) as database:
            return await question(database)

    return asyncio.run(answered())


def _secret() -> SecretStr:
    secret = Settings.from_environment().key_secret
    if secret is None:
        raise SettingsError("AIBAAS_API_KEY_SECRET is not set: without it no key can be made")
    return secret


def _end(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _known(row: Row | None, email: str) -> Row:
    if row is None:
        raise SettingsError(f"{email} has no account: aibaas-admin accounts create")
    return row


def _say_made(row: Row | None, key: ApiKey, otherwise: str) -> None:
    if row is None:
        raise SettingsError(otherwise)
    _say_key(row, to_error=True)
    click.echo(key.text)


def _say_account(row: Row) -> None:
    closed = f"  closed {_moment(row['closed_at'])}" if row["closed_at"] else ""
    click.echo(f"{row['email']}  {row['tier']}  since {_moment(row['created_at'])}{closed}")


def _say_key(row: Row, *, to_error: bool = False) -> None:
    told: dict[str, Any] = {
        "scopes": ",".join(row["scopes"]) or "none",
        "made": _moment(row["created_at"]),
        "expires": _moment(row["expires_at"]),
        "used": _moment(row["last_used_at"]),
        "revoked": _moment(row["revoked_at"]),
    }
    facts = "  ".join(f"{name} {value}" for name, value in told.items())
    click.echo("  ".join(filter(None, [row["api_key_id"], row.get("email"), row["name"], facts])), err=to_error)


def _moment(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


if __name__ == "__main__":
    main()
