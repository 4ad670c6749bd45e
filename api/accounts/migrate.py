"""Brings the schema account to a version: `python -m api.accounts.migrate`.

Not here: what a version changes (migrations/versions).
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from api.database import connect_as_owner
from api.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMA = "account"
USAGE_ERROR = 2

_SCRIPTS = Path(__file__).parent / "migrations"
_TURN = "aibaas schema account"
_WAIT_FOR_TURN = "120s"
_WAIT_FOR_TABLE = "5s"
_LONGEST_STATEMENT = "60s"


def migrate(url: str, revision: str = "head") -> None:
    """Applies the missing versions; concurrent callers take turns. Raises SettingsError for what a person can mend."""
    _change(url, lambda config: command.upgrade(config, revision))


def revert(url: str, revision: str) -> None:
    """Takes versions back down to `revision`, or all of them with `base`. What the tables held is lost."""
    _change(url, lambda config: command.downgrade(config, revision))


def main() -> int:
    try:
        migrate(Settings.from_environment().database_url.get_secret_value())
    except SettingsError as error:
        sys.stderr.write(f"aibaas-api: {error}\n")
        return USAGE_ERROR
    return 0


def _change(url: str, change: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    with _explained_errors(), _turn(url) as connection:
        config.attributes["connection"] = connection
        config.attributes["version_table_schema"] = SCHEMA
        change(config)


@contextmanager
def _turn(url: str) -> Iterator[sqlalchemy.Connection]:
    """A session that holds the lock of migrations; PostgreSQL frees it when the session ends, however it ends."""
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connect_as_owner(url), poolclass=sqlalchemy.NullPool
    )
    with engine.connect() as connection:
        _set(connection, "lock_timeout", _WAIT_FOR_TURN)
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(hashtext(:turn))"), {"turn": _TURN})
        _set(connection, "lock_timeout", _WAIT_FOR_TABLE)
        _set(connection, "statement_timeout", _LONGEST_STATEMENT)
        connection.execute(sqlalchemy.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        connection.commit()
        yield connection


def _set(connection: sqlalchemy.Connection, name: str, value: str) -> None:
    connection.execute(sqlalchemy.text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})


@contextmanager
def _explained_errors() -> Iterator[None]:
    """PostgreSQL's own first line says what is wrong; the code only says how to mend it."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        remedies = {
            "42501": "make the user of the URL the owner of the database",
            "42704": "make the roles first, with `aibaas up`",
            "55P03": "another session holds the tables: let it end and start again",
        }
        remedy = remedies.get(getattr(error.orig, "sqlstate", None) or "", "is the server up, and the URL right?")
        raise SettingsError(f"can't bring schema {SCHEMA} up to date: {reason} ({remedy})") from None


if __name__ == "__main__":
    sys.exit(main())
