"""The versions of the schema account, applied to a real database."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.accounts.migrate import migrate, revert
from api.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

INSERT = "INSERT INTO account.accounts (email) VALUES (%s) RETURNING account_id, created_at"


@contextmanager
def as_api(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True, options="-c role=aibaas_api") as connection:
        yield connection


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'account'").fetchall()
    return {name for (name,) in rows}


def test_migrate_makes_the_tables_and_may_be_repeated(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    assert tables(empty_url) == {
        "accounts", "alert_subscriptions", "api_keys", "alert_tests", "alert_answers", "read_notifications",
        "alert_tiers", "alembic_version",
    }  # fmt: skip


def test_every_version_is_reversible(empty_url: str) -> None:
    migrate(empty_url)
    revert(empty_url, "base")
    assert tables(empty_url) == {"alembic_version"}
    migrate(empty_url)
    assert "accounts" in tables(empty_url)


def test_concurrent_migrations_take_turns(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty_url] * 4))
    assert "accounts" in tables(empty_url)


def test_the_role_of_the_api_writes_accounts_but_not_their_tables(empty_url: str) -> None:
    migrate(empty_url)
    with as_api(empty_url) as connection:
        connection.execute(INSERT, ["someone@example.org"])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE account.accounts")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE account.mine (a int)")


@pytest.mark.parametrize("email", ["Someone@example.org", "someone", "some one@example.org", "a@" + "b" * 260, ""])
def test_an_email_is_lower_case_and_an_address(empty_url: str, email: str) -> None:
    migrate(empty_url)
    with as_api(empty_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(INSERT, [email])


def test_an_email_belongs_to_one_account(empty_url: str) -> None:
    migrate(empty_url)
    with as_api(empty_url) as connection:
        connection.execute(INSERT, ["someone@example.org"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(INSERT, ["someone@example.org"])


def test_a_table_held_by_another_session_is_not_waited_for_long(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(empty_url)
    monkeypatch.setattr("api.accounts.migrate._WAIT_FOR_TABLE", "200ms")
    with psycopg.connect(empty_url) as holder:
        holder.execute("LOCK TABLE account.accounts")
        with pytest.raises(SettingsError, match="another session holds"):
            revert(empty_url, "base")
    assert "accounts" in tables(empty_url)


def test_an_absent_server_is_one_line_and_exit_code_2() -> None:
    url = "postgresql://someone:secret-word@127.0.0.1:1/aibaas"
    result = subprocess.run(
        [sys.executable, "-m", "api.accounts.migrate"],
        env={"AIBAAS_API_DATABASE_URL": url}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert "account" in result.stderr
    assert "secret-word" not in result.stderr


def test_the_module_migrates_the_database_of_the_environment(empty_url: str) -> None:
    environment = {"AIBAAS_API_DATABASE_URL": empty_url}
    subprocess.run([sys.executable, "-m", "api.accounts.migrate"], env=environment, timeout=60, check=True)
    assert "accounts" in tables(empty_url)


def test_the_pipeline_sees_enabled_subscriptions_and_nothing_else_of_accounts(empty_url: str) -> None:
    migrate(empty_url)
    with as_api(empty_url) as connection:
        (account_id, _) = connection.execute(INSERT, ["someone@example.org"]).fetchall()[0]
        connection.execute("UPDATE account.accounts SET tier = 'pro'")
        subscribe = "INSERT INTO account.alert_subscriptions (account_id, channel, is_enabled, disabled_reason) "
        connection.execute(subscribe + "VALUES (%s, 'email', true, NULL)", [account_id])
        connection.execute(subscribe + "VALUES (%s, 'in_app', false, 'on leave')", [account_id])
    with psycopg.connect(empty_url, autocommit=True, options="-c role=aibaas_collector") as connection:
        seen = connection.execute("SELECT channel, email FROM account.deliverable_subscriptions").fetchall()
        assert seen == [("email", "someone@example.org")]
        for statement in (
            "SELECT 1 FROM account.accounts",
            "SELECT 1 FROM account.api_keys",
            "DELETE FROM account.alert_subscriptions",
            "DELETE FROM account.alert_answers",
            "UPDATE account.alert_tests SET requested_at = now()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_api_never_changes_what_a_key_is(empty_url: str) -> None:
    migrate(empty_url)
    with as_api(empty_url) as connection:
        for statement in (
            "UPDATE account.api_keys SET digest = digest",
            "UPDATE account.api_keys SET account_id = account_id",
            "UPDATE account.api_keys SET scopes = scopes",
            "DELETE FROM account.api_keys",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(
    "wrong",
    [
        "topics => '{weather}'", "channel => 'pigeon'", "quiet_from => '22:00'", "time_zone => 'Mars/Base'",
        "value_floor => 7", "remind_after => '5 minutes'", "is_enabled => false",
    ],
)  # fmt: skip
def test_a_subscription_that_can_not_be_meant_is_refused(empty_url: str, wrong: str) -> None:
    migrate(empty_url)
    name, _, value = wrong.partition(" => ")
    columns = {"channel": "'in_app'", name: value}
    with as_api(empty_url) as connection:
        (account_id, _) = connection.execute(INSERT, ["someone@example.org"]).fetchall()[0]
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InvalidParameterValue)):
            connection.execute(
                f"INSERT INTO account.alert_subscriptions (account_id, {', '.join(columns)}) "
                f"VALUES ('{account_id}', {', '.join(columns.values())})"
            )
