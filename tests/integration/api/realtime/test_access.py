"""Streams that are open when their key ends or their account loses real time, on each way of listening."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.accounts.migrate import migrate
from api.realtime import access
from tests.support.api_accounts import KnownAccount, add_key, execute, open_account, stranger_settings
from tests.support.event_stream import follow
from tests.support.published import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

    from api.settings import Settings

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "events.md"
SOON_S = 10
COUNTED_AFTER_S = 2.5
"""PostgreSQL counts what a session has read about a second after it did."""
REVOKE = "UPDATE account.api_keys SET revoked_at = now() WHERE account_id = %s"
EXPIRE = "UPDATE account.api_keys SET created_at = now() - interval '1 day', expires_at = now() WHERE account_id = %s"
CLOSE = "UPDATE account.accounts SET closed_at = now() WHERE account_id = %s"
DOWNGRADE = "UPDATE account.accounts SET tier = 'free' WHERE account_id = %s"
ENDS = [(REVOKE, "key_ended"), (EXPIRE, "key_ended"), (CLOSE, "key_ended"), (DOWNGRADE, "not_in_tier")]
DOCUMENT = 'subscription { events(topics: ["hours"]) { event_number } }'


@pytest.fixture
def keyed(
    url: str, serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[httpx.Client]:
    """An API for strangers without real time; keys of those who listen are looked up several times a second."""
    monkeypatch.setattr(access, "LOOK_EVERY_S", 0.2)
    migrate(url)
    with serve_api(stranger_settings(url)) as client:
        yield client


@contextmanager
def connected(api: httpx.Client, path: str, account: KnownAccount, **options: Any) -> Iterator[ClientConnection]:
    address = str(api.base_url).replace("http", "ws", 1) + path
    with connect(address, additional_headers=account.headers, proxy=None, **options) as websocket:
        yield websocket


@contextmanager
def graphql(api: httpx.Client, account: KnownAccount) -> Iterator[ClientConnection]:
    with connected(api, "/graphql", account, subprotocols=["graphql-transport-ws"]) as websocket:
        websocket.send(json.dumps({"type": "connection_init"}))
        assert hear(websocket)["type"] == "connection_ack"
        yield websocket


def hear(websocket: ClientConnection) -> dict[str, Any]:
    heard: dict[str, Any] = json.loads(websocket.recv(timeout=SOON_S))
    return heard


def ask(websocket: ClientConnection, number: str, document: str) -> None:
    websocket.send(json.dumps({"type": "subscribe", "id": number, "payload": {"query": document}}))


def answer(websocket: ClientConnection, number: str) -> dict[str, Any]:
    """The first message about one operation."""
    while (heard := hear(websocket)).get("id") != number:
        pass
    return heard


@pytest.mark.parametrize(("statement", "reason"), ENDS)
def test_a_stream_ends_soon_with_the_reason_and_does_not_begin_again(
    keyed: httpx.Client, url: str, statement: str, reason: str
) -> None:
    account, other = open_account(url), open_account(url)
    with follow(keyed, account.headers) as stream, follow(keyed, other.headers) as untouched:
        execute(url, statement, account.account_id)
        end = stream.event(timeout=SOON_S)
        assert (end.name, end.data["reason"]) == ("end", reason)
        assert stream.has_ended()
        refused = keyed.get("/v1/events", headers=account.headers)
        assert refused.status_code == (403 if reason == "not_in_tier" else 401)
        build(url)
        assert untouched.event().name == "hours.published"


@pytest.mark.parametrize(("statement", "reason"), ENDS)
def test_a_websocket_closes_soon_with_the_reason(keyed: httpx.Client, url: str, statement: str, reason: str) -> None:
    account = open_account(url)
    with connected(keyed, "/v1/live", account) as websocket:
        websocket.send(json.dumps({"type": "subscribe"}))
        assert hear(websocket)["type"] == "subscribed"
        execute(url, statement, account.account_id)
        assert hear(websocket)["reason"] == reason
        with pytest.raises(ConnectionClosed) as caught:
            websocket.recv(timeout=SOON_S)
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason.partition(":")[0]) == (1008, reason)


@pytest.mark.parametrize(("statement", "reason"), ENDS)
def test_a_subscription_ends_soon_and_its_connection_answers_no_more(
    keyed: httpx.Client, url: str, statement: str, reason: str
) -> None:
    account = open_account(url)
    with graphql(keyed, account) as websocket:
        ask(websocket, "events", DOCUMENT)
        ask(websocket, "before", '{ leaderboard(window: "30d") { data { target_id } } }')
        assert "errors" not in answer(websocket, "before")["payload"]
        execute(url, statement, account.account_id)
        ended = answer(websocket, "events")
        assert f"{reason}: " in json.dumps(ended)
        assert "stream-ended" in json.dumps(ended)
        ask(websocket, "after", '{ leaderboard(window: "30d") { data { target_id } } }')
        refused = json.dumps(answer(websocket, "after"))
        assert ("not-in-tier" if reason == "not_in_tier" else "unauthenticated") in refused
        assert "sim-atlas" not in refused


def test_an_account_may_listen_on_so_many_streams_and_leaves_room_for_others(
    url: str, serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]]
) -> None:
    migrate(url)
    account, other = open_account(url), open_account(url)
    second_key = {"X-API-Key": add_key(url, account.account_id).text}
    with serve_api(stranger_settings(url, caller_listener_limit=2)) as api:
        with follow(api, account.headers), graphql(api, account) as websocket, follow(api, other.headers):
            ask(websocket, "second", DOCUMENT)
            wait_for_listeners(api, 3)
            ask(websocket, "third", DOCUMENT)
            assert "too-many-streams" in json.dumps(answer(websocket, "third"))
            for headers in (account.headers, second_key):
                refused = api.get("/v1/events", headers=headers)
                assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-streams")
                assert refused.headers["retry-after"] == "30"
            with pytest.raises(InvalidStatus) as caught, connected(api, "/v1/live", account):
                pass
            assert caught.value.response.status_code == 429
            with follow(api, other.headers):
                pass
        wait_for_listeners(api, 0)
        with follow(api, account.headers):
            pass


def wait_for_listeners(api: httpx.Client, count: int) -> None:
    deadline = time.monotonic() + SOON_S
    while f"aibaas_api_listeners {count}.0" not in api.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_documented_program_hears_events_with_a_key_and_goes_on(
    keyed: httpx.Client, url: str, tmp_path: Path
) -> None:
    account = open_account(url)
    (program,) = re.findall(r"^```javascript\n(.*?)^```", GUIDE.read_text(), flags=re.MULTILINE | re.DOTALL)
    address = str(keyed.base_url).rstrip("/")
    file = tmp_path / "program.mjs"
    file.write_text(program.replace("http://127.0.0.1:8401", address).replace("aib_…", account.key.text))
    with subprocess.Popen(["node", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        assert node.stderr is not None
        wait_for_listeners(keyed, 1)
        build(url)
        assert node.stdout.readline().startswith("hours.published {")
        execute(url, REVOKE, account.account_id)
        rest = node.stdout.read()
        assert "end { reason: 'key_ended'" in rest.replace("\n ", "")
        assert "The key was revoked." in node.stderr.read()


def test_documents_over_a_websocket_use_up_the_hour(keyed: httpx.Client, url: str) -> None:
    account = open_account(url, "free")
    with graphql(keyed, account) as websocket:
        for number in range(99):
            ask(websocket, str(number), "{ providers { next_cursor } }")
            assert "errors" not in answer(websocket, str(number))["payload"]
        ask(websocket, "over", "{ providers { next_cursor } }")
        assert "too-many-requests" in json.dumps(answer(websocket, "over"))
    assert keyed.get("/v1/providers", headers=account.headers).status_code == 429


def test_a_key_that_expires_by_itself_ends_its_stream_and_the_accounts_other_key_goes_on(
    keyed: httpx.Client, url: str
) -> None:
    account = open_account(url)
    short = add_key(url, account.account_id, expires_at=datetime.now(UTC) + timedelta(seconds=3))
    with follow(keyed, {"X-API-Key": short.text}) as stream, follow(keyed, account.headers) as other:
        assert stream.event(timeout=SOON_S).data["reason"] == "key_ended"
        build(url)
        assert other.event().name == "hours.published"


def test_an_outage_of_accounts_ends_no_stream(keyed: httpx.Client, url: str) -> None:
    account = open_account(url)
    with follow(keyed, account.headers) as stream:
        execute(url, "ALTER TABLE account.api_keys RENAME TO api_keys_away")
        assert stream.is_silent(1)
        execute(url, "ALTER TABLE account.api_keys_away RENAME TO api_keys")
        execute(url, REVOKE, account.account_id)
        assert stream.event(timeout=SOON_S).data["reason"] == "key_ended"


def test_no_event_has_a_key_looked_up(keyed: httpx.Client, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = open_account(url)
    with psycopg.connect(url, autocommit=True) as watching, follow(keyed, account.headers) as stream:
        monkeypatch.setattr(access, "LOOK_EVERY_S", 600)
        time.sleep(COUNTED_AFTER_S)
        before = lookups(watching)
        for _ in range(20):
            build(url)
        for _ in range(20):
            stream.event()
        time.sleep(COUNTED_AFTER_S)
        assert lookups(watching) == before > 0


def lookups(connection: psycopg.Connection[Any]) -> int:
    """How often the table of keys was read, as PostgreSQL counts it."""
    row = connection.execute(
        "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'api_keys'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_the_look_is_often_enough() -> None:
    assert access.LOOK_EVERY_S <= SOON_S / 2
