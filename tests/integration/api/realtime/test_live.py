"""Events over a WebSocket: the same as over HTTP, with messages of both sides and closes that say why."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.realtime import feed, live
from api.realtime.schemas import EVENT
from api.settings import Settings
from tests.integration.api.realtime.test_events import fill
from tests.support.event_stream import follow, hear, take_in_all
from tests.support.published import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]

SUBSCRIBE = {"type": "subscribe"}


@contextmanager
def connected(api: httpx.Client, **options: Any) -> Iterator[ClientConnection]:
    address = str(api.base_url).replace("http", "ws", 1)
    with connect(f"{address}/v1/live", proxy=None, **options) as websocket:
        yield websocket


def say(websocket: ClientConnection, message: Any) -> None:
    websocket.send(json.dumps(message))


def closed(websocket: ClientConnection) -> tuple[int, str]:
    """Code and reason of the close, behind the `end` that says the same."""
    end = hear(websocket)
    with pytest.raises(ConnectionClosed) as caught:
        websocket.recv(timeout=10)
    received = caught.value.rcvd
    assert received is not None
    assert end["type"] == "end"
    assert received.reason == f"{end['reason']}: {end['detail']}"[:120]
    return received.code, received.reason


def test_before_marts_are_built_the_close_says_when_to_come_back(serve_api: Serve, empty_url: str) -> None:
    with serve_api(Settings(database_url=empty_url)) as api, connected(api) as websocket:
        say(websocket, SUBSCRIBE)
        assert closed(websocket) == (1013, "unavailable: events can't be read")


def test_who_subscribes_hears_events_and_pongs(live_api: httpx.Client, url: str) -> None:
    with connected(live_api) as websocket:
        say(websocket, {"type": "ping"})
        assert hear(websocket) == {"type": "pong"}
        say(websocket, SUBSCRIBE | {"topics": ["hours"]})
        assert hear(websocket) == {"type": "subscribed", "topics": ["hours"], "event_number": 0}
        build(url)
        message = hear(websocket)
        assert message["type"] == "event"
        assert EVENT.validate_python(message["event"]).event_number == 1
        say(websocket, {"type": "ping"})
        assert hear(websocket) == {"type": "pong"}


def test_a_subscription_goes_on_behind_an_event(live_api: httpx.Client, url: str) -> None:
    build(url)
    build(url)
    with connected(live_api) as websocket:
        say(websocket, SUBSCRIBE | {"last_event_id": 1})
        assert hear(websocket)["event_number"] == 1
        assert [hear(websocket)["event"]["event_number"] for _ in range(2)] == [2, 3]
    with connected(live_api) as websocket:
        say(websocket, SUBSCRIBE | {"last_event_id": 9})
        assert [hear(websocket)["type"], hear(websocket)] == ["subscribed", {"type": "reset", "event_number": 3}]


def test_heartbeats_show_that_it_lives(live_api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.1)
    with connected(live_api) as websocket:
        say(websocket, SUBSCRIBE)
        assert [hear(websocket)["type"] for _ in range(3)] == ["subscribed", "heartbeat", "heartbeat"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("{", "Invalid JSON"),
        ("[]", "Input should be"),
        ('{"type": "publish"}', "tag 'publish'"),
        ('{"type": "subscribe", "topics": ["weather"]}', "topics.0"),
        ('{"type": "subscribe", "topics": []}', "topics"),
        ('{"type": "subscribe", "last_event_id": -1}', "last_event_id"),
        ('{"type": "subscribe", "since": 1}', "since"),
    ],
)
def test_what_can_not_be_understood_is_refused_with_the_reason(live_api: httpx.Client, said: str, why: str) -> None:
    with connected(live_api) as websocket:
        websocket.send(said)
        code, reason = closed(websocket)
    assert code == 1008
    assert why in reason


def test_a_second_subscription_and_a_flood_are_refused(live_api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BURST_S", 1.0)
    with connected(live_api) as websocket:
        say(websocket, SUBSCRIBE)
        say(websocket, SUBSCRIBE)
        assert hear(websocket)["type"] == "subscribed"
        assert closed(websocket) == (1008, "refused: subscribed already: connect again for other topics")
    with connected(live_api) as websocket:
        say(websocket, SUBSCRIBE)
        assert hear(websocket)["type"] == "subscribed"
        for _ in range(3):
            say(websocket, {"type": "ping"})
        assert [hear(websocket)["type"] for _ in range(2)] == ["pong", "pong"]
        assert closed(websocket) == (1008, "refused: too many messages")


def test_bytes_and_long_messages_end_the_connection(live_api: httpx.Client) -> None:
    with connected(live_api) as websocket:
        websocket.send(b"\x00\x01")
        assert closed(websocket) == (1008, "refused: messages are text")
    with connected(live_api) as websocket:
        websocket.send("x" * 100_000)
        with pytest.raises(ConnectionClosed) as caught:
            hear(websocket)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1009
    assert live_api.get("/healthz").status_code == 200


def test_who_never_subscribes_is_let_go(live_api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SUBSCRIBE_WITHIN_S", 0.2)
    with connected(live_api) as websocket:
        assert closed(websocket) == (1008, "refused: no subscribe within 0 seconds")


def test_the_end_of_the_process_is_told(serve_api: Serve, url: str) -> None:
    with serve_api(Settings(database_url=url)) as api:
        connection = connected(api)
        websocket = connection.__enter__()
        say(websocket, SUBSCRIBE)
        assert hear(websocket)["type"] == "subscribed"
    code, reason = closed(websocket)
    assert code == 1012
    assert reason.startswith("shutdown: ")


def test_a_full_process_answers_the_handshake_with_a_problem(serve_api: Serve, url: str) -> None:
    with serve_api(Settings(database_url=url, listener_limit=1)) as api, connected(api) as websocket:
        say(websocket, SUBSCRIBE)
        assert hear(websocket)["type"] == "subscribed"
        with pytest.raises(InvalidStatus) as caught, connected(api):
            pass
    answer = caught.value.response
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert json.loads(answer.body)["type"] == "/problems/too-many-listeners"


def test_a_lost_connection_to_the_database_loses_no_event(live_api: httpx.Client, url: str) -> None:
    with connected(live_api) as websocket:
        say(websocket, SUBSCRIBE)
        assert hear(websocket)["type"] == "subscribed"
        with psycopg.connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        build(url)
        assert [hear(websocket)["event"]["event_number"] for _ in range(2)] == [1, 2]


def test_a_slow_consumer_is_told_so_and_let_go(serve_api: Serve, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SEND_PATIENCE_S", 0.5)
    monkeypatch.setattr(live, "FAREWELL_PATIENCE_S", 60.0)
    with serve_api(Settings(database_url=url)) as api, connected(api, max_queue=1) as slow, follow(api) as quick:
        say(slow, SUBSCRIBE)
        assert hear(slow)["type"] == "subscribed"
        for _ in range(5):
            fill(url, 20, 500_000)
            assert len([quick.event() for _ in range(20)]) == 20
        time.sleep(1)
        with pytest.raises(ConnectionClosed) as caught:
            take_in_all(slow)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1008
    assert caught.value.rcvd.reason.startswith("slow_consumer")
