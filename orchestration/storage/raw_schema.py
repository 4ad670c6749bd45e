"""Brings the schema raw to a version: a thin layer over Alembic with locks and time limits.

Not here: what a version changes (migrations/versions).
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from orchestration.settings import OperatorError
from orchestration.storage.hypertables import ensure_hypertables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SCRIPTS = Path(__file__).parent / "migrations"
_SCHEMA = "raw"
_TURN = "aibaas schema raw"
_WAIT_FOR_TURN = "120s"
_WAIT_FOR_TABLE = "5s"
_LONGEST_STATEMENT = "60s"


def upgrade(url: str, place: str, revision: str = "head") -> None:
    """Apply the missing versions; concurrent callers take turns. `place` names the database in errors.

    At the newest version tables that grow are hypertables where the server can have them, even if it can since later.
    """
    if revision != "head" or _current(url) != _newest():
        _change(url, place, lambda config: command.upgrade(config, revision))
    if revision == "head":
        with _explained(place):
            ensure_hypertables(url, _TURN)


def downgrade(url: str, place: str, revision: str) -> None:
    """Take versions back down to `revision`, or all of them with `base`. What the tables held is lost."""
    _change(url, place, lambda config: command.downgrade(config, revision))


def _newest() -> str | None:
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _current(url: str) -> str | None:
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT version_num FROM raw.alembic_version").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return None if row is None else row[0]


def _change(url: str, place: str, change: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    with _explained(place), _turn(url) as connection:
        config.attributes["connection"] = connection
        config.attributes["version_table_schema"] = _SCHEMA
        change(config)


@contextmanager
def _turn(url: str) -> Iterator[sqlalchemy.Connection]:
    """A session that holds the lock of migrations; PostgreSQL frees it when the session ends, however it ends."""
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sqlalchemy.NullPool
    )
    with engine.connect() as connection:
        _set(connection, "lock_timeout", _WAIT_FOR_TURN)
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(hashtext(:turn))"), {"turn": _TURN})
        _set(connection, "lock_timeout", _WAIT_FOR_TABLE)
        _set(connection, "statement_timeout", _LONGEST_STATEMENT)
        connection.execute(sqlalchemy.text(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}"))
        connection.commit()
        yield connection


def _set(connection: sqlalchemy.Connection, name: str, value: str) -> None:
    connection.execute(sqlalchemy.text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, psycopg.errors.LockNotAvailable):
            raise OperatorError(f"another session holds tables of {place}: let it end and start again") from None
        if isinstance(cause, psycopg.errors.InsufficientPrivilege):
            reason = str(cause).splitlines()[0]
            raise OperatorError(f"the user of {place} may not change its schema raw ({reason})") from None
        raise
