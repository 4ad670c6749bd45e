from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy
from pydantic import SecretStr

from orchestration.settings import OperatorError, Settings
from orchestration.storage import database as database_module
from orchestration.storage import raw_schema
from orchestration.storage.database import ROLES, Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.embedded_postgres import EmbeddedPostgres

SECRET = "s3cr3t-word"


def from_url(url: str) -> Database:
    return Database.from_settings(Settings.model_validate({"DATABASE_URL": SecretStr(url)}))


def snapshot(database: Database) -> list[tuple[object, ...]]:
    query = """
        SELECT table_schema, table_name, column_name, data_type, is_nullable FROM information_schema.columns
        WHERE table_schema = 'raw' ORDER BY 1, 2, 3
    """
    with database.connect() as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def empty_name(embedded_server: EmbeddedPostgres) -> Iterator[str]:
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty_one")
        yield "empty_one"
        connection.execute("DROP DATABASE empty_one WITH (FORCE)")


def test_an_empty_server_is_made_ready_and_stays_so(embedded_server: EmbeddedPostgres) -> None:
    database = Database.from_settings(Settings(home=embedded_server.files.home))
    database.ensure_ready()
    before = snapshot(database)
    database.ensure_ready()
    assert snapshot(database) == before
    assert {row[1] for row in before} >= {"responses", "scores", "planned_calls", "score_intervals"}


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg2"])
def test_the_url_for_dagster_works_with_sqlalchemy(embedded_server: EmbeddedPostgres, driver: str) -> None:
    database = Database(embedded_server.url)
    database.ensure_ready()
    engine = sqlalchemy.create_engine(database.dagster_url.replace("postgresql", driver, 1))
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT current_database()")).scalar() == "dagster"
    engine.dispose()


def test_a_database_of_another_name_gets_its_own_one_for_dagster() -> None:
    database = from_url("postgres://me:pw@db.example:6543/metrics?sslmode=require")
    assert database.dagster_url == "postgresql://me:pw@db.example:6543/metrics_dagster?sslmode=require"


def test_dbt_gets_every_part_of_the_address() -> None:
    assert from_url("postgresql://me:p%40w@db.example:6543/metrics").dbt_environment() == {
        "AIBAAS_DB_HOST": "db.example",
        "AIBAAS_DB_PORT": "6543",
        "AIBAAS_DB_USER": "me",
        "AIBAAS_DB_PASSWORD": "p@w",
        "AIBAAS_DB_NAME": "metrics",
    }


def test_versions_go_up_down_and_up_again(database: Database) -> None:
    before = snapshot(database)
    raw_schema.downgrade(database.url, database.place, "base")
    assert {row[1] for row in snapshot(database)} == {"alembic_version"}
    raw_schema.upgrade(database.url, database.place)
    assert snapshot(database) == before


def test_programs_that_set_up_at_once_take_turns(embedded_server: EmbeddedPostgres, empty_name: str) -> None:
    errors: list[BaseException] = []

    def set_up() -> None:
        try:
            Database(embedded_server.files.url(empty_name)).ensure_ready()
        except BaseException as error:  # noqa: BLE001 - a thread would swallow it
            errors.append(error)

    threads = [threading.Thread(target=set_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_a_migration_gives_way_to_a_session_that_holds_its_tables(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_schema, "_WAIT_FOR_TABLE", "100ms")
    with database.connect() as connection:
        connection.execute("LOCK TABLE raw.scores IN ACCESS SHARE MODE")
        with pytest.raises(OperatorError, match="another session holds tables"):
            raw_schema.downgrade(database.url, database.place, "base")
    assert snapshot(database)


def test_an_owner_who_is_no_superuser_can_set_up(embedded_server: EmbeddedPostgres, empty_name: str) -> None:
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE owner LOGIN CREATEDB CREATEROLE")
        for role in ROLES:
            connection.execute(f"GRANT {role} TO owner WITH ADMIN OPTION")
        connection.execute(f"ALTER DATABASE {empty_name} OWNER TO owner")
    database = Database(embedded_server.files.url(empty_name).replace("aibaas@", "owner@"))
    database.ensure_ready()
    with database.connect("aibaas_collector") as connection:
        assert connection.execute("SELECT count(*) FROM raw.scores").fetchone() == (0,)


def test_a_user_who_may_not_set_up_is_told_what_an_administrator_runs(
    embedded_server: EmbeddedPostgres, empty_name: str
) -> None:
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(OperatorError, match='as an administrator: GRANT "aibaas_collector"'):
        Database(embedded_server.files.url(empty_name).replace("aibaas@", "guest@")).ensure_ready()


def test_the_collector_adds_rows_and_never_changes_them(database: Database) -> None:
    with database.connect("aibaas_collector") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM raw.responses")
    with database.connect("aibaas_collector") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE raw.scores SET score = 10")


def test_the_api_reads_marts_and_nothing_else(database: Database) -> None:
    with database.connect("aibaas_transformer") as connection:
        connection.execute("CREATE TABLE marts.shown AS SELECT count(*) FROM raw.responses")
        connection.execute("CREATE TABLE staging.hidden AS SELECT 1")
    with database.connect("aibaas_api") as connection:
        assert connection.execute("SELECT * FROM marts.shown").fetchone() == (0,)
    for hidden in ("raw.responses", "staging.hidden"):
        with database.connect("aibaas_api") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {hidden}")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (f"mysql://me:{SECRET}@h/d", "does not begin with postgresql://"),
        ("not a url", "does not begin with postgresql://"),
        (f"postgresql://me:{SECRET}%@h/d", "can't be read"),
        (f"postgresql://me:{SECRET}@h:port/d", "can't be read"),
        (f"postgresql://me:x@{SECRET}@h/d", "can't be read"),
        (f"postgresql://me:x/{SECRET}@h/d", "can't be read"),
        (f"postgresql://me:{SECRET}@h", "names no database"),
    ],
)
def test_a_wrong_url_is_refused_without_showing_it(url: str, message: str) -> None:
    with pytest.raises(OperatorError, match=message) as raised:
        from_url(url)
    assert SECRET not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_unreachable_server_is_named_without_the_password() -> None:
    with pytest.raises(OperatorError, match=r"can't reach the database 127.0.0.1:1/metrics") as raised:
        from_url(f"postgresql://me:{SECRET}@127.0.0.1:1/metrics").ensure_ready()
    assert SECRET not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_unknown_database_is_named(embedded_server: EmbeddedPostgres) -> None:
    with pytest.raises(OperatorError, match="has no database mistyped"):
        Database(embedded_server.files.url("mistyped")).ensure_ready()


def test_a_wrong_password_is_named_without_it(embedded_server: EmbeddedPostgres) -> None:
    database = Database(embedded_server.files.url("postgres").replace("aibaas@", f"me:{SECRET}@"))
    access = embedded_server.files.data / "pg_hba.conf"
    kept = access.read_text()
    access.write_text("local postgres me scram-sha-256\n" + kept)
    with psycopg.connect(embedded_server.files.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE me LOGIN PASSWORD 'another'")
        connection.execute("SELECT pg_reload_conf()")
        try:
            with pytest.raises(OperatorError, match="refuses the user or the password") as raised:
                database.ensure_ready()
        finally:
            access.write_text(kept)
            connection.execute("SELECT pg_reload_conf()")
    assert SECRET not in str(raised.value)


def test_an_old_server_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "OLDEST_MAJOR", 99)
    with pytest.raises(OperatorError, match=r"is PostgreSQL \d+: it must be 99 or newer"):
        database.ensure_ready()


def test_a_stopped_embedded_server_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="does not run: start it with"):
        Database.from_settings(Settings(home=tmp_path))


def test_a_password_is_in_no_representation() -> None:
    database = from_url(f"postgresql://me:{SECRET}@h/d")
    assert SECRET not in repr(database)
    assert SECRET not in database.place
