"""The API's pool against a server that is absent, lost, slow, not ready, or asked to write."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from api.database import Database, DatabaseUnavailableError, MartsUnavailableError, QueryTimeoutError
from api.settings import Settings
from tests.support.marts import create_marts, fill_marts, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]

NOWHERE = "postgresql://someone:secret-word@127.0.0.1:1/aibaas"
ROUTES = ("/v1/leaderboard", "/v1/models", "/v1/models/x", "/v1/models/x/history", "/v1/providers", "/readyz")


def fetch(url: str, statement: Any, **settings: Any) -> list[dict[str, Any]]:
    async def ask() -> list[dict[str, Any]]:
        async with Database(Settings(database_url=url, **settings)) as database:
            return await database.fetch_all(statement)

    return asyncio.run(ask())


def test_without_a_database_the_api_starts_and_says_503_with_retry_after(
    serve_api: Serve, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve_api(Settings(database_url=NOWHERE, connect_timeout_s=0.2)) as api:
        assert api.get("/healthz").status_code == 200
        for route in ROUTES:
            response = api.get(route)
            assert response.status_code == 503
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["type"] == "/problems/database-unavailable"
            assert int(response.headers["retry-after"]) > 0
            assert "secret-word" not in response.text
    assert "secret-word" not in "".join(capfd.readouterr())


def test_a_lost_database_is_503_and_its_return_is_noticed(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy, connect_timeout_s=0.5)) as api:
        assert api.get("/v1/models").status_code == 200
        close_database(marts_copy)
        lost = api.get("/v1/models/sim-atlas")
        assert (lost.status_code, lost.json()["type"]) == (503, "/problems/database-unavailable")
        open_database(marts_copy)
        assert seconds_until_answered(api) < 10


def test_a_restart_of_the_server_is_not_noticed(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy)) as api:
        assert api.get("/v1/models").status_code == 200
        end_sessions(marts_copy)
        assert api.get("/v1/models").status_code == 200


def test_before_the_first_build_of_the_marts_the_api_says_so(serve_api: Serve, empty_url: str) -> None:
    with serve_api(Settings(database_url=empty_url)) as api:
        for route in ROUTES:
            response = api.get(route)
            assert (response.status_code, response.json()["type"]) == (503, "/problems/marts-unavailable")
            assert response.headers["retry-after"] == "60"
        assert "fct_leaderboard" in api.get("/readyz").json()["detail"]


def test_with_empty_marts_every_list_is_empty_and_the_api_is_ready(serve_api: Serve, empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        create_marts(connection)
    with serve_api(Settings(database_url=empty_url)) as api:
        for route in ("/v1/leaderboard", "/v1/models", "/v1/providers"):
            body = api.get(route).json()
            assert (body["data"], body["meta"]["as_of"], body["meta"]["simulated"]) == ([], None, None)
        assert api.get("/readyz").json()["newest_benchmark_hour"] is None
        assert api.get("/v1/models/sim-atlas").json()["near"] == []


def test_marts_rebuilt_under_a_running_api_are_read_anew(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy, pool_size=1)) as api:
        for _ in range(10):
            assert len(api.get("/v1/models").json()["data"]) == 6
        with psycopg.connect(marts_copy) as connection:
            connection.execute("DROP SCHEMA marts CASCADE")
            create_marts(connection)
            publish(connection)
        assert eventually(api, 0)
        with psycopg.connect(marts_copy) as connection:
            fill_marts(connection)
        assert eventually(api, 6)


def eventually(api: httpx.Client, model_count: int, within_s: float = 2.0) -> bool:
    """Whether the list has so many models soon: a build is heard of a moment after it is committed."""
    deadline = time.monotonic() + within_s
    while len(api.get("/v1/models").json()["data"]) != model_count:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_a_value_that_the_api_does_not_know_is_its_own_defect_and_told_without_details(
    serve_api: Serve, marts_copy: str
) -> None:
    with psycopg.connect(marts_copy) as connection:
        connection.execute("UPDATE marts.fct_scores_hourly SET status = 'half-measured'")
    with serve_api(Settings(database_url=marts_copy)) as api:
        response = api.get("/v1/models/sim-atlas/history")
        assert (response.status_code, response.json()["type"]) == (500, "/problems/internal-error")
        assert response.headers["content-type"] == "application/problem+json"
        assert "half-measured" not in response.text
        assert api.get("/v1/models").status_code == 200


def test_sessions_act_as_the_role_of_the_api_read_only_in_utc(empty_url: str) -> None:
    names = ("role", "default_transaction_read_only", "statement_timeout", "timezone")
    rows = fetch(empty_url, "SELECT " + ", ".join(f"current_setting('{name}') AS {name}" for name in names))
    assert rows == [
        {"role": "aibaas_api", "default_transaction_read_only": "on", "statement_timeout": "2s", "timezone": "UTC"}
    ]


def test_options_of_the_url_are_kept_beside_ours(empty_url: str) -> None:
    url = f"{empty_url}&options=-c%20work_mem%3D5MB"
    assert fetch(url, "SELECT current_setting('work_mem') AS a, current_user::text AS b") == [
        {"a": "5MB", "b": "aibaas_api"}
    ]


def test_a_write_is_refused_by_the_session_itself(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("CREATE TABLE open_to_all (a int)")
        connection.execute("GRANT ALL ON open_to_all TO PUBLIC")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        fetch(empty_url, "INSERT INTO open_to_all VALUES (1)")


def test_a_slow_statement_is_stopped(empty_url: str) -> None:
    with pytest.raises(QueryTimeoutError):
        fetch(empty_url, "SELECT pg_sleep(5)", statement_timeout_ms=50)


def test_a_full_pool_is_said_as_unavailable(empty_url: str) -> None:
    async def ask_twice() -> list[Any]:
        settings = Settings(database_url=empty_url, pool_size=1, connect_timeout_s=0.2)
        async with Database(settings) as database:
            both = (database.fetch_all("SELECT pg_sleep(1)") for _ in range(2))
            return await asyncio.gather(*both, return_exceptions=True)

    answered, refused = asyncio.run(ask_twice())
    assert isinstance(answered, list)
    assert isinstance(refused, DatabaseUnavailableError)


@pytest.mark.parametrize("statement", ["SELECT a FROM marts.nothing", "SELECT nothing FROM pg_class"])
def test_a_mart_of_another_version_is_said_as_unavailable(empty_url: str, statement: str) -> None:
    with pytest.raises(MartsUnavailableError):
        fetch(empty_url, statement)


def close_database(url: str) -> None:
    _allow_connections(url, allowed=False)
    end_sessions(url)


def open_database(url: str) -> None:
    _allow_connections(url, allowed=True)


def end_sessions(url: str) -> None:
    with _elsewhere(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [_name(url)]
        )


def _allow_connections(url: str, *, allowed: bool) -> None:
    statement = "ALTER DATABASE {} ALLOW_CONNECTIONS {}"
    with _elsewhere(url) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(_name(url)), sql.Literal(allowed)))


def _name(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def _elsewhere(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(psycopg.conninfo.make_conninfo(url, dbname="postgres"), autocommit=True)


def seconds_until_answered(api: httpx.Client) -> float:
    started = time.monotonic()
    while api.get("/v1/models/sim-atlas").status_code != 200:
        assert time.monotonic() - started < 30
        time.sleep(0.1)
    return time.monotonic() - started
