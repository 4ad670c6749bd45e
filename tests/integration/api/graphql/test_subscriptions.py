"""Subscriptions over a WebSocket: what they tell, and when they end."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from api.graphql import sockets
from api.settings import Settings
from tests.integration.api.realtime.test_events import fill
from tests.support.event_stream import follow, hear, take_in_all
from tests.support.published import build, create_published_marts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx
    from websockets.sync.client import ClientConnection

    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]


@pytest.fixture
def url(empty_url: str) -> str:
    """A database whose marts tell of nothing yet."""
    with psycopg.connect(empty_url) as connection:
        create_published_marts(connection)
    return empty_url


@contextmanager
def subscribed(api: httpx.Client, document: str, **options: Any) -> Iterator[ClientConnection]:
    """A connection over which a document was sent."""
    address = str(api.base_url).replace("http", "ws", 1) + "/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"], proxy=None, **options) as websocket:  # type: ignore[list-item]
        websocket.send(json.dumps({"type": "connection_init"}))
        assert hear(websocket)["type"] == "connection_ack"
        websocket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": document}}))
        yield websocket


def test_events_are_told_behind_those_that_were_missed(serve_api: Serve, url: str) -> None:
    build(url)
    document = 'subscription { events(topics: ["hours"], last_event_id: 0) { event_number event { topic content } } }'
    with serve_api(Settings(database_url=url)) as api, subscribed(api, document) as websocket:
        missed = hear(websocket)["payload"]["data"]["events"]
        build(url)
        told = hear(websocket)["payload"]["data"]["events"]
    assert (missed["event_number"], told["event_number"]) == (1, 3)
    assert told["event"]["content"]["planned_count"] == 12


def test_a_socket_without_a_subscription_is_closed(serve_api: Serve, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "IDLE_S", 0.5)
    with (
        serve_api(Settings(database_url=url)) as api,
        subscribed(api, "{ __typename }") as websocket,
    ):
        assert [hear(websocket)["type"] for _ in range(2)] == ["next", "complete"]
        with pytest.raises(ConnectionClosed, match=r"1008.*no subscription"):
            websocket.recv(timeout=10)


def test_a_subscription_keeps_its_socket_open(serve_api: Serve, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "IDLE_S", 0.5)
    document = "subscription { events { event_number } }"
    with serve_api(Settings(database_url=url)) as api, subscribed(api, document) as websocket:
        with pytest.raises(TimeoutError):
            websocket.recv(timeout=1.5)
        build(url)
        assert hear(websocket)["type"] == "next"


def test_a_slow_consumer_is_let_go(serve_api: Serve, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SEND_PATIENCE_S", 0.5)
    monkeypatch.setattr(sockets, "FAREWELL_PATIENCE_S", 60.0)
    document = "subscription { events { event_number event { content } } }"
    with (
        serve_api(Settings(database_url=url)) as api,
        subscribed(api, document, max_queue=1) as websocket,
        follow(api) as quick,
    ):
        for _ in range(5):
            fill(url, 20, 500_000)
            assert len([quick.event() for _ in range(20)]) == 20
        time.sleep(1)
        with pytest.raises(ConnectionClosed, match=r"1008.*slow_consumer"):
            take_in_all(websocket)
