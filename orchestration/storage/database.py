"""The one door to PostgreSQL: the addresses, sessions with a role, and the setting up of databases, roles and schema.

Not here: running a server (embedded_postgres), nor the statements on its tables (raw_tables).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from orchestration.settings import OperatorError, Settings
from orchestration.storage.embedded_postgres import OLDEST_MAJOR, EmbeddedPostgres
from orchestration.storage.raw_schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.bulk_insert import Connection

COLLECTOR = "aibaas_collector"
TRANSFORMER = "aibaas_transformer"
API = "aibaas_api"
ROLES = (COLLECTOR, TRANSFORMER, API)

_OWN_NAME = "aibaas"
_BETWEEN_TRIES_S = 1.0
_SHAPE = "write it as postgresql://user:password@host:5432/database, special characters percent-encoded"


@dataclass(frozen=True)
class Database:
    """One database for our schemas, and on the same server another one for Dagster."""

    url: str = field(repr=False)
    connect_timeout_s: int = 10

    @classmethod
    def from_settings(cls, settings: Settings) -> Database:
        """DATABASE_URL's, else the embedded server's; raises OperatorError when the latter isn't running."""
        if settings.database_url is not None:
            return cls(_checked_url(settings.database_url.get_secret_value()))
        server = EmbeddedPostgres(settings.home)
        if not server.is_running():
            raise LostDatabaseError(f"the database in {server.files.home} does not run: start it with ./aibaas up")
        return cls(server.url)

    @property
    def name(self) -> str:
        return str(self._parts["dbname"])

    @property
    def place(self) -> str:
        """Host, port and name for people: never a user's password."""
        return f"{self._parts.get('host', 'localhost')}:{self._parts.get('port', 5432)}/{self.name}"

    @property
    def dagster_url(self) -> str:
        parts = urlsplit(self.url)
        path = "/dagster" if self.name == _OWN_NAME else f"{parts.path}_dagster"
        return urlunsplit(parts._replace(path=path))

    def dbt_environment(self) -> dict[str, str]:
        """The variables that the dbt profile reads. The host is a directory where the server listens on a socket."""
        return {
            "AIBAAS_DB_HOST": str(self._parts.get("host", "localhost")),
            "AIBAAS_DB_PORT": str(self._parts.get("port", 5432)),
            "AIBAAS_DB_USER": str(self._parts.get("user", "")),
            "AIBAAS_DB_PASSWORD": str(self._parts.get("password", "")),
            "AIBAAS_DB_NAME": self.name,
        }

    def connect(self, role: str | None = None) -> Connection:
        """A session in UTC. As a context manager it commits at the end, rolls back on an error, and closes."""
        first = () if role is None else (sql.SQL("SET ROLE {}").format(sql.Identifier(role)),)
        return self._open(self.name, *first)

    @contextmanager
    def session(self, role: str | None = None) -> Iterator[Connection]:
        """As `connect`, for a block. Raises LostDatabaseError when the server goes away in it."""
        with self.connect(role) as connection:
            try:
                yield connection
                connection.commit()
            except psycopg.OperationalError as error:
                if not connection.broken:
                    raise
                raise LostDatabaseError(f"lost the database {self.place}: {' '.join(str(error).split())}") from error

    def check_reachable(self) -> None:
        """Raises OperatorError when our database or Dagster's does not answer, or is not there."""
        for url in (self.url, self.dagster_url):
            Database(url).connect().close()

    def ensure_ready(self) -> None:
        """Create what is absent of databases and roles, and bring the schema raw up to date; idempotent.

        A database of a name that is not ours is never created: it may be a typing error.
        """
        self._ensure_own_database()
        with self._open(self.name, autocommit=True) as connection:
            _refuse_old(connection, self.place)
            _ensure_roles(connection, self.place)
            _ensure_database(connection, str(conninfo_to_dict(self.dagster_url)["dbname"]), self.place)
        upgrade(self.url, self.place)

    @cached_property
    def _parts(self) -> dict[str, Any]:
        return dict(conninfo_to_dict(self.url))

    def _ensure_own_database(self) -> None:
        if self.name != _OWN_NAME:
            return
        try:
            with self._open(self.name):
                return
        except UnknownDatabaseError:
            with self._open("postgres", autocommit=True) as connection:
                _ensure_database(connection, self.name, self.place)

    def _open(self, name: str, *first: sql.Composed, autocommit: bool = False) -> Connection:
        """A session that has run the statements `first`."""
        defaults = {"connect_timeout": self.connect_timeout_s, "application_name": "aibaas"}
        conninfo = make_conninfo(self.url, **{**defaults, **self._parts, "dbname": name})
        try:
            connection = psycopg.connect(conninfo, autocommit=True)
        except psycopg.OperationalError as error:
            raise self._refusal(name, str(error)) from None
        try:
            connection.execute("SET TimeZone TO 'UTC'")
            for statement in first:
                connection.execute(statement)
            connection.autocommit = autocommit
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, name: str, said: str) -> OperatorError:
        place = self.place
        if f'"{name}" does not exist' in said and "role" not in said:
            return UnknownDatabaseError(
                f"the server has no database {name} ({place}): create it with createdb {name}, or that of a new home "
                "with ./aibaas migrate"
            )
        if "password" in said:
            return OperatorError(f"{place} refuses the user or the password: correct DATABASE_URL")
        password = str(self._parts.get("password") or "")
        reason = " ".join(said.split())
        shown = reason.replace(password, "***") if password else reason
        return LostDatabaseError(f"can't reach the database {place}: start it or correct DATABASE_URL ({shown})")


class UnknownDatabaseError(OperatorError):
    """The server answers, but has no database of that name."""


class LostDatabaseError(OperatorError):
    """The server does not answer, or went away: it may come back."""


def wait_for_database(settings: Settings, within_s: float) -> None:
    """Until the server answers, which is Dagster's too. Raises the last try's LostDatabaseError after that time."""
    ends_at = time.monotonic() + within_s
    while True:
        try:
            return Database.from_settings(settings).connect().close()
        except LostDatabaseError:
            if time.monotonic() >= ends_at:
                raise
            time.sleep(_BETWEEN_TRIES_S)


def _checked_url(url: str) -> str:
    """`url` if libpq can use it; the message never repeats what may hold a password."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres"}:
        raise OperatorError(f"DATABASE_URL does not begin with postgresql://: {_SHAPE}")
    checked = f"postgresql://{rest}"
    try:
        conninfo_to_dict(checked)
        parts = urlsplit(checked)
        has_port_number = parts.port is None or parts.port > 0
    except (psycopg.ProgrammingError, ValueError):
        has_port_number = False
    # Where a password's own @, / or # is not encoded, what follows would be taken for a host and shown in errors.
    if not has_port_number or checked.count("@") > 1 or "@" in parts.path or parts.fragment:
        raise OperatorError(f"DATABASE_URL can't be read: {_SHAPE}")
    if not parts.path.strip("/"):
        raise OperatorError(f"DATABASE_URL names no database: {_SHAPE}")
    return checked


def _refuse_old(connection: Connection, place: str) -> None:
    major = connection.info.server_version // 10_000
    if major < OLDEST_MAJOR:
        raise OperatorError(f"{place} is PostgreSQL {major}: it must be {OLDEST_MAJOR} or newer")


def _ensure_roles(connection: Connection, place: str) -> None:
    """The roles that programs take on with SET ROLE; nobody can log in as one of them."""
    for role in ROLES:
        missing = not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role)
        statements = ["CREATE ROLE {} NOLOGIN"] if missing else []
        if missing or not _exists(connection, "SELECT 1 WHERE pg_has_role(current_user, %s, 'MEMBER')", role):
            statements.append("GRANT {} TO CURRENT_USER")
        for statement in statements:
            _execute_once(connection, sql.SQL(statement).format(sql.Identifier(role)), place)


def _ensure_database(connection: Connection, name: str, place: str) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
        _execute_once(connection, sql.SQL(statement).format(sql.Identifier(name)), place)


def _exists(connection: Connection, query: str, value: str) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None


def _execute_once(connection: Connection, statement: sql.Composed, place: str) -> None:
    """Run a statement that another process may be running at the same time."""
    try:
        connection.execute(statement)
    except (psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return
    except psycopg.errors.InsufficientPrivilege:
        raise OperatorError(
            f"the user of {place} may not run this; run it once as an administrator: {statement.as_string(connection)}"
        ) from None
