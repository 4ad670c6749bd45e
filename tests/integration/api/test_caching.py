"""ETags, 304, kept answers and what becomes of them when something is published or the database goes away."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from api import caching
from api.accounts.migrate import migrate
from api.settings import Settings
from tests.integration.api.conftest import wait_until_tagged
from tests.integration.api.test_database import close_database, end_sessions, open_database
from tests.integration.api.test_metrics import scraped
from tests.support.api_accounts import open_account, stranger_settings
from tests.support.marts import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]

PUBLISHED = (
    "/v1/leaderboard",
    "/v1/models",
    "/v1/models/sim-atlas",
    "/v1/models/sim-atlas/history",
    "/v1/providers",
    "/v1/coverage",
    "/v1/reports",
    "/v1/reports/2026-11-22",
)
HIT = "aibaas; hit"


@pytest.fixture
def fresh_api(serve_api: Serve, marts_url: str) -> Iterator[httpx.Client]:
    """A client of an API that has answered nothing else yet and knows the version of the marts."""
    with serve_api(Settings(database_url=marts_url)) as client:
        wait_until_tagged(client)
        yield client


@pytest.fixture
def own_api(serve_api: Serve, marts_copy: str) -> Iterator[httpx.Client]:
    """The same over marts of the test's own."""
    with serve_api(Settings(database_url=marts_copy, connect_timeout_s=0.5)) as client:
        wait_until_tagged(client)
        yield client


def outcomes(api: httpx.Client) -> dict[str, float]:
    return {
        dict(labels)["outcome"]: value
        for (name, labels), value in scraped(api).items()
        if name == "aibaas_api_published_answers_total"
    }


def etag_of(api: httpx.Client, path: str, **headers: str) -> str:
    return api.get(path, headers=headers).headers["etag"]


@pytest.mark.parametrize("path", PUBLISHED)
def test_an_answer_is_asked_for_once_and_then_told_from_memory(fresh_api: httpx.Client, path: str) -> None:
    first = fresh_api.get(path, params={"limit": "3"} if path == "/v1/models" else None)
    again = fresh_api.get(str(first.request.url))
    assert "cache-status" not in first.headers or path == "/v1/providers"
    assert again.headers["cache-status"] == HIT
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["cache-control"] == "public, max-age=30, stale-if-error=86400"
    assert again.headers["vary"] == "Accept, Accept-Encoding, Authorization, X-API-Key"


@pytest.mark.parametrize("path", PUBLISHED)
def test_what_the_caller_has_is_not_sent_again(api: httpx.Client, path: str) -> None:
    etag = etag_of(api, path)
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        response = api.get(path, headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == etag
        assert "content-type" not in response.headers
        assert {"cache-control", "vary", "x-request-id"} <= set(response.headers)
    assert api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_304_needs_no_query_even_where_nothing_is_kept(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy)) as one:
        wait_until_tagged(one)
        etag = etag_of(one, "/v1/leaderboard")
        with serve_api(Settings(database_url=marts_copy, cache_mib=0)) as other:
            wait_until_tagged(other)
            with psycopg.connect(marts_copy) as holding:
                holding.execute("LOCK TABLE marts.fct_leaderboard")
                assert other.get("/v1/leaderboard", headers={"If-None-Match": etag}).status_code == 304
                assert other.get("/v1/leaderboard").status_code == 503


def test_every_form_coding_and_query_has_an_etag_of_its_own(api: httpx.Client) -> None:
    etags = [
        etag_of(api, "/v1/leaderboard", **{"accept": accept, "accept-encoding": coding})
        for accept in ("application/json", "text/csv", "application/vnd.apache.parquet")
        for coding in ("identity", "gzip", "zstd")
    ]
    etags += [etag_of(api, f"/v1/leaderboard?{query}") for query in ("window=24h", "limit=2", "family=sql")]
    etags.append(etag_of(api, "/v1/models"))
    assert len(set(etags)) == len(etags)


def test_the_order_of_parameters_makes_no_other_answer_unless_one_stands_twice(api: httpx.Client) -> None:
    path = "/v1/leaderboard"
    assert etag_of(api, f"{path}?window=24h&family=sql") == etag_of(api, f"{path}?family=sql&window=24h")
    last_counts = [api.get(f"{path}?window={a}&window={b}") for a, b in (("24h", "7d"), ("7d", "24h"))]
    assert [answer.json()["meta"]["window_name"] for answer in last_counts] == ["7d", "24h"]
    spelt = [api.get(f"{path}?{a}&{b}") for a, b in (("window=24h", "%77indow=7d"), ("%77indow=7d", "window=24h"))]
    assert [answer.json()["meta"]["window_name"] for answer in spelt] == ["7d", "24h"]


def test_what_is_published_is_served_as_soon_as_it_is_committed(own_api: httpx.Client, marts_copy: str) -> None:
    etag = etag_of(own_api, "/v1/leaderboard")
    with psycopg.connect(marts_copy) as connection:
        connection.execute("UPDATE marts.fct_leaderboard SET score_mean = 1.5 WHERE target_id = 'sim-atlas'")
        publish(connection)
        assert own_api.get("/v1/leaderboard").headers["cache-status"] == HIT
    deadline = time.monotonic() + 1
    while etag_of(own_api, "/v1/leaderboard") == etag:
        assert time.monotonic() < deadline
    answer = own_api.get("/v1/leaderboard", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert min(entry["score_mean"] or 9 for entry in answer.json()["data"]) == 1.5


def test_a_report_is_served_as_soon_as_it_is_written(own_api: httpx.Client, marts_copy: str) -> None:
    path, former = "/v1/reports/2026-11-22", own_api.get("/v1/reports/2026-11-22")
    assert former.json()["data"]["is_complete"] is True
    written = "UPDATE marts.fct_reports SET computed_at = now(), body = body || %s WHERE report_id = '2026-11-22'"
    with psycopg.connect(marts_copy) as connection:
        connection.execute(written, [Jsonb({"is_complete": False})])
        connection.execute("SELECT pg_notify('aibaas_marts', '')")
    deadline = time.monotonic() + 5
    while etag_of(own_api, path) == former.headers["etag"]:
        assert time.monotonic() < deadline
    assert own_api.get(path).json()["data"]["is_complete"] is False


def test_an_answer_from_before_a_publication_is_not_kept_for_after_it(serve_api: Serve, marts_copy: str) -> None:
    history, others = "/v1/models/sim-atlas/history", "/v1/leaderboard?limit=1"
    with serve_api(Settings(database_url=marts_copy, statement_timeout_ms=20_000)) as api:
        wait_until_tagged(api)
        etag = etag_of(api, others)
        with psycopg.connect(marts_copy) as holding, psycopg.connect(marts_copy, autocommit=True) as building:
            holding.execute("LOCK TABLE marts.fct_scores_hourly")
            with asked_beside(api, history):
                wait_for_locks(building, 1)
                publish(building)
                while etag_of(api, others) == etag:
                    time.sleep(0.01)
                holding.rollback()
        assert "cache-status" not in api.get(history).headers
        assert api.get(history).headers["cache-status"] == HIT


def test_of_many_equal_questions_at_once_one_is_asked(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy, statement_timeout_ms=20_000)) as api:
        wait_until_tagged(api)
        before = outcomes(api)
        with psycopg.connect(marts_copy) as holding, psycopg.connect(marts_copy, autocommit=True) as looking:
            holding.execute("LOCK TABLE marts.fct_scores_hourly")
            with asked_beside(api, *["/v1/models/sim-atlas/history"] * 12) as answers:
                wait_for_locks(looking, 1)
                time.sleep(0.3)
                assert looking.execute(WAITING).fetchone() == (1,)
                holding.rollback()
        assert [answer.status_code for answer in answers] == [200] * 12
        assert len({answer.content for answer in answers}) == 1
        after = outcomes(api)
    assert (after["made"] - before["made"], after["hit"] - before.get("hit", 0)) == (1, 11)


def test_equal_questions_that_are_refused_are_all_refused(api: httpx.Client) -> None:
    with asked_beside(api, *["/v1/models/nobody"] * 12) as answers:
        pass
    assert [answer.status_code for answer in answers] == [404] * 12
    assert not any("etag" in answer.headers for answer in answers)


def test_without_the_database_kept_answers_are_told_with_their_age(own_api: httpx.Client, marts_copy: str) -> None:
    fresh = own_api.get("/v1/leaderboard")
    close_database(marts_copy)
    time.sleep(1.1)
    deadline = time.monotonic() + 10
    while "age" not in (old := own_api.get("/v1/leaderboard")).headers:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert (old.status_code, old.content) == (200, fresh.content)
    assert int(old.headers["age"]) >= 1
    assert old.headers["cache-status"] == f"aibaas; hit; ttl=-{old.headers['age']}; detail=database-unavailable"
    known = own_api.get("/v1/leaderboard", headers={"If-None-Match": fresh.headers["etag"]})
    assert (known.status_code, "age" in known.headers) == (304, True)
    never_asked = own_api.get("/v1/leaderboard?limit=2")
    assert (never_asked.status_code, never_asked.headers["retry-after"]) == (503, "5")
    assert outcomes(own_api)["stale"] >= 1
    open_database(marts_copy)
    deadline = time.monotonic() + 20
    while "age" in (back := own_api.get("/v1/leaderboard")).headers or "etag" not in back.headers:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert back.status_code == 200


def test_while_the_database_is_away_few_wait_for_it(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy, connect_timeout_s=0.5)) as api:
        wait_until_tagged(api)
        api.get("/v1/leaderboard")
        close_database(marts_copy)
        try:
            wait_until_old(api, "/v1/leaderboard")
            started = time.monotonic()
            for _ in range(50):
                assert "age" in api.get("/v1/leaderboard").headers
            assert time.monotonic() - started < 10
        finally:
            open_database(marts_copy)


def test_without_the_database_a_key_gets_what_is_kept_for_strangers(serve_api: Serve, marts_copy: str) -> None:
    migrate(marts_copy)
    pro = open_account(marts_copy, "pro").headers
    with serve_api(stranger_settings(marts_copy, connect_timeout_s=0.5)) as api:
        wait_until_tagged(api)
        fresh = api.get("/v1/leaderboard")
        assert api.get("/v1/leaderboard?window=90d", headers=pro).status_code == 200
        close_database(marts_copy)
        try:
            wait_until_old(api, "/v1/leaderboard", pro)
            old = api.get("/v1/leaderboard", headers=pro)
            assert (old.status_code, old.content) == (200, fresh.content)
            assert old.headers["ratelimit-policy"] == '"anonymous";q=100;w=3600'
            assert (api.head("/v1/leaderboard", headers=pro).status_code, api.get("/v1/leaderboard").status_code) == (
                200,
                200,
            )
            asked = [("GET", f"/v1/{path}") for path in ("leaderboard?window=90d", "leaderboard?limit=2", "account")]
            for method, path in (*asked, ("POST", "/v1/leaderboard"), ("GET", "/graphql?query={__typename}")):
                refused = api.request(method, path, headers=pro)
                told = refused.status_code, refused.json()["type"], refused.headers["retry-after"]
                assert told == (503, "/problems/database-unavailable", "5"), path
            wrong = api.get("/v1/leaderboard", headers={"X-API-Key": "aib_nothing"})
            assert wrong.status_code == 401
        finally:
            open_database(marts_copy)
        deadline = time.monotonic() + 20
        while api.get("/v1/models", headers=pro).headers.get("ratelimit-policy") != '"pro";q=10000;w=3600':
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_without_the_database_few_keys_wait_for_it_and_none_has_more_than_its_address(
    serve_api: Serve, marts_copy: str
) -> None:
    migrate(marts_copy)
    pro = open_account(marts_copy, "pro").headers
    with serve_api(stranger_settings(marts_copy, connect_timeout_s=0.5)) as api:
        wait_until_tagged(api)
        api.get("/v1/leaderboard")
        close_database(marts_copy)
        try:
            wait_until_old(api, "/v1/leaderboard", pro)
            started = time.monotonic()
            statuses = [api.get("/v1/leaderboard", headers=pro).status_code for _ in range(100)]
            assert time.monotonic() - started < 5
        finally:
            open_database(marts_copy)
    assert statuses == sorted(statuses)
    assert set(statuses) == {200, 503}


def wait_until_old(api: httpx.Client, path: str, headers: dict[str, str] | None = None) -> None:
    deadline = time.monotonic() + 10
    while "age" not in api.get(path, headers=headers).headers:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_publication_during_a_lost_connection_is_not_missed(own_api: httpx.Client, marts_copy: str) -> None:
    etag = etag_of(own_api, "/v1/providers")
    end_sessions(marts_copy)
    with psycopg.connect(marts_copy) as connection:
        publish(connection)
    deadline = time.monotonic() + 10
    while own_api.get("/v1/providers").headers.get("etag") in {etag, None}:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_marts_without_a_version_are_served_and_kept_by_nobody(serve_api: Serve, marts_copy: str) -> None:
    with psycopg.connect(marts_copy) as connection:
        connection.execute("DROP TABLE marts.fct_publications")
    with serve_api(Settings(database_url=marts_copy)) as api:
        for _ in range(3):
            answer = api.get("/v1/models")
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
            assert not {"etag", "cache-status"} & set(answer.headers)


def test_what_is_kept_for_one_tier_is_told_to_no_other(serve_api: Serve, accounts_url: str) -> None:
    far = "/v1/leaderboard?window=90d"
    one, other = open_account(accounts_url, "pro"), open_account(accounts_url, "pro")
    free = open_account(accounts_url, "free")
    with serve_api(stranger_settings(accounts_url)) as api:
        wait_until_tagged(api)
        first = api.get(far, headers=one.headers)
        assert (first.status_code, first.headers["cache-control"]) == (200, "private, max-age=30")
        assert api.get(far, headers=other.headers).headers["cache-status"] == HIT
        for headers in ({}, free.headers):
            for known in ({}, {"If-None-Match": first.headers["etag"]}):
                refused = api.get(far, headers=headers | known)
                assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-in-tier")
                assert not {"etag", "cache-status"} & set(refused.headers)
        etags = {api.get("/v1/models", headers=headers).headers["etag"] for headers in (one.headers, free.headers, {})}
    assert len(etags) == 3


def test_a_kept_answer_counts_against_the_limit_as_any(serve_api: Serve, accounts_url: str) -> None:
    account = open_account(accounts_url, "free")
    with serve_api(stranger_settings(accounts_url)) as api:
        wait_until_tagged(api)
        left = [api.get("/v1/models", headers=account.headers).headers["ratelimit"] for _ in range(4)]
    assert len(set(left)) == 4


def test_a_wrong_key_gets_nothing_that_is_kept(serve_api: Serve, accounts_url: str) -> None:
    with serve_api(stranger_settings(accounts_url)) as api:
        wait_until_tagged(api)
        etag = etag_of(api, "/v1/models")
        refused = api.get("/v1/models", headers={"X-API-Key": "aib_nothing", "If-None-Match": etag})
    assert (refused.status_code, refused.headers["cache-control"]) == (401, "no-store")


@pytest.mark.parametrize("path", ["/v1/models/nobody", "/v1/leaderboard?window=8d", "/v1/leaderboard?cursor=AAAA"])
def test_a_refusal_has_no_etag_and_is_not_kept(api: httpx.Client, path: str) -> None:
    for _ in range(2):
        refused = api.get(path)
        assert refused.status_code in {404, 422}
        assert refused.headers["cache-control"] == "no-store"
        assert not {"etag", "cache-status"} & set(refused.headers)


def test_live_state_is_never_kept(api: httpx.Client) -> None:
    for path in ("/v1/status", "/healthz", "/readyz"):
        for _ in range(2):
            answer = api.get(path, headers={"If-None-Match": "*"})
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
            assert "etag" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_supervisor_may_ask_by_head_and_with_any_parameter(api: httpx.Client, path: str) -> None:
    head = api.head(path)
    assert (head.status_code, head.content, head.headers["cache-control"]) == (200, b"", "no-store")
    assert api.get(f"{path}?at=1").status_code == 200


@pytest.mark.parametrize("path", PUBLISHED)
def test_head_is_get_without_the_body(api: httpx.Client, path: str) -> None:
    for _ in range(2):
        head = api.head(path)
        whole = api.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == whole.headers["etag"]
        assert int(head.headers["content-length"]) > 0
    assert api.head(path, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert api.head("/v1/models/nobody").status_code == 404


@pytest.mark.parametrize(
    "forged", ["*", "W/", '""', '"0"', "x" * 4000, ",".join(f'"{n}"' for n in range(900)), '"\xe9"', "'; DROP TABLE x"]
)
def test_a_forged_etag_gets_the_whole_answer(api: httpx.Client, forged: str) -> None:
    answer = api.get("/v1/models", headers={b"If-None-Match": forged.encode("latin-1")})
    assert answer.status_code == 200
    assert len(answer.json()["data"]) == 6


def test_another_release_has_other_etags(
    serve_api: Serve, marts_copy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def etag() -> str:
        with serve_api(Settings(database_url=marts_copy)) as api:
            wait_until_tagged(api)
            return api.get("/v1/models").headers["etag"]

    first = etag()
    assert etag() == first
    (tmp_path / "api.py").write_text("pass")
    monkeypatch.setattr(caching, "PROGRAM", tmp_path)
    assert etag() != first


def test_kept_answers_stay_within_their_bytes(serve_api: Serve, marts_copy: str) -> None:
    with serve_api(Settings(database_url=marts_copy, cache_mib=1)) as api:
        wait_until_tagged(api)
        for days in range(1, 91):
            path = f"/v1/models/sim-atlas/history?granularity=day&days={days}"
            assert api.get(path, headers={"Accept-Encoding": "identity"}).status_code == 200
        found = {name: value for (name, _), value in scraped(api).items()}
    assert 0 < found["aibaas_api_kept_answer_bytes"] <= 1024**2
    assert 0 < found["aibaas_api_kept_answers"] < 91


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def wait_for_locks(connection: psycopg.Connection[Any], count: int) -> None:
    deadline = time.monotonic() + 20
    while connection.execute(WAITING).fetchone() != (count,):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def asked_beside(api: httpx.Client, *paths: str) -> Iterator[list[httpx.Response]]:
    """Asks each path in a thread of its own; at the end of the block all have their answers."""
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda path=path: answers.append(httpx.get(path, timeout=30, trust_env=False)))
        for path in (str(api.base_url.join(path)) for path in paths)
    ]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        for thread in threads:
            thread.join()
