"""Events over HTTP: told at once, once, in order, and resumed without loss whatever went away in between."""

from __future__ import annotations

import json
import socket
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from api import announcements
from api.realtime import feed
from api.realtime import stream as streaming
from api.realtime.schemas import EVENT
from api.settings import Settings
from tests.support.event_stream import blocks, follow
from tests.support.marts import NEWEST_HOUR
from tests.support.published import build, create_published_marts

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]

MOVE = "UPDATE marts.fct_leaderboard SET score_mean = 10 - score_mean WHERE suite_version = 2"
FILLER = """
INSERT INTO raw.published_events (event_number, topic, kind, subject, content, is_simulated, recorded_at)
SELECT
    (SELECT coalesce(max(event_number), 0) FROM raw.published_events) + number, 'leaderboard', 'changed', 'canary',
    jsonb_build_object(
        'suite', 'canary', 'suite_version', 2, 'family', repeat('a', %(length)s), 'window_name', '7d',
        'window_start', now(), 'window_end', now(), 'as_of', now(), 'entries', '[]'::jsonb, 'moves', '[]'::jsonb
    ), true, now()
FROM generate_series(1, %(count)s) AS number
"""


def fill(url: str, count: int, length: int = 1) -> None:
    """Events as long as is wished, without a build."""
    with psycopg.connect(url) as connection:
        connection.execute(FILLER, {"count": count, "length": length})
        connection.execute("SELECT pg_notify('aibaas_events', '')")


def fill_and_hear(api: httpx.Client, url: str, count: int) -> None:
    """As `fill`, until the API has told them."""
    with follow(api) as stream:
        fill(url, count)
        for _ in range(count):
            stream.event()


def is_followed(api: httpx.Client) -> bool:
    with api.stream("GET", "/v1/events") as answer:
        return answer.status_code == 200


def end_listening(url: str) -> int:
    """Ends the sessions that wait for notifications. Returns how many there were."""
    query = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%%'
    """
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else 0


def test_an_event_is_heard_with_its_number_name_and_content(live_api: httpx.Client, url: str) -> None:
    with follow(live_api) as stream:
        build(url, touched=(NEWEST_HOUR, NEWEST_HOUR + timedelta(hours=1)))
        hours, leaderboard = stream.event(), stream.event()
    assert (hours.name, hours.id) == ("hours.published", "1")
    assert (leaderboard.name, leaderboard.id) == ("leaderboard.changed", "2")
    assert hours.data["content"]["planned_count"] == 12
    assert hours.data["simulated"] is True
    assert leaderboard.data["simulated"] == "mixed"
    for heard in (hours, leaderboard):
        assert json.loads(EVENT.dump_json(EVENT.validate_python(heard.data))) == heard.data
        assert heard.id == str(heard.data["event_number"])


def test_only_the_wished_topics_are_told(live_api: httpx.Client, url: str) -> None:
    with follow(live_api, topics="leaderboard") as stream:
        build(url)
        build(url, MOVE)
        assert [stream.event().id for _ in range(2)] == ["2", "4"]
        assert stream.is_silent(0.3)


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_last_event_id_goes_on_behind_an_event(serve_api: Serve, url: str, *, is_in_memory: bool) -> None:
    if not is_in_memory:
        fill(url, 250)
    with serve_api(Settings(database_url=url)) as api:
        if is_in_memory:
            fill_and_hear(api, url, 250)
        with follow(api, {"Last-Event-ID": "7"}) as stream:
            assert [int(stream.event().id or 0) for _ in range(243)] == list(range(8, 251))
            build(url)
            assert [stream.event().id for _ in range(2)] == ["251", "252"]


def test_more_than_memory_holds_is_told_whole_from_memory_and_table(live_api: httpx.Client, url: str) -> None:
    fill_and_hear(live_api, url, 200)
    fill_and_hear(live_api, url, 200)
    with follow(live_api, last_event_id=0) as stream:
        assert [int(stream.event().id or 0) for _ in range(400)] == list(range(1, 401))


def test_the_parameter_resumes_too_and_the_header_wins(live_api: httpx.Client, url: str) -> None:
    fill(url, 5)
    with follow(live_api, last_event_id=3) as stream:
        assert [stream.event().id for _ in range(2)] == ["4", "5"]
    with follow(live_api, {"Last-Event-ID": "4"}, last_event_id=1) as stream:
        assert stream.event().id == "5"


def test_who_was_away_while_events_of_other_topics_came_misses_none(live_api: httpx.Client, url: str) -> None:
    build(url)
    fill(url, 120)
    build(url, MOVE)
    with follow(live_api, {"Last-Event-ID": "0"}, topics="hours") as stream:
        assert [stream.event().id for _ in range(2)] == ["1", "123"]


@pytest.mark.parametrize("number", [5, 2**63 - 1])
def test_a_number_that_was_never_told_is_a_reset(live_api: httpx.Client, url: str, number: int) -> None:
    fill(url, 3)
    with follow(live_api, {"Last-Event-ID": str(number)}) as stream:
        reset = stream.event()
        assert (reset.name, reset.id, reset.data) == ("reset", "3", {"event_number": 3})
        fill(url, 1)
        assert stream.event().id == "4"


def test_what_another_process_told_first_is_not_told_again(live_api: httpx.Client, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(FILLER, {"count": 3, "length": 1})
    with follow(live_api, last_event_id=2) as stream:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT pg_notify('aibaas_events', '')")
        assert stream.event().id == "3"
        assert stream.is_silent(0.3)


def test_too_far_back_is_a_reset(live_api: httpx.Client, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "FARTHEST", 10)
    fill_and_hear(live_api, url, 12)
    with follow(live_api, last_event_id=1) as stream:
        assert stream.event().name == "reset"
    with follow(live_api, last_event_id=2) as stream:
        assert stream.event().id == "3"


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_what_is_older_than_the_history_of_a_tier_is_a_reset(serve_api: Serve, url: str, *, is_in_memory: bool) -> None:
    old = FILLER.replace("now()\nFROM", "now() - interval '100 days'\nFROM")
    with serve_api(Settings(database_url=url, anonymous_tier="pro")) as other:
        with psycopg.connect(url) as connection:
            connection.execute(old, {"count": 1, "length": 1})
        fill_and_hear(other, url, 2)
        with serve_api(Settings(database_url=url, anonymous_tier="pro")) as fresh:
            api = other if is_in_memory else fresh
            with follow(api, last_event_id=0) as stream:
                reset = stream.event()
                assert (reset.name, reset.data) == ("reset", {"event_number": 3})
            with follow(api, last_event_id=1) as stream:
                assert [stream.event().id for _ in range(2)] == ["2", "3"]


@pytest.mark.parametrize(
    ("parameters", "headers", "named"),
    [
        ({"topics": "weather"}, {}, "topics.0"),
        ({"topics": ["hours"] * 4}, {}, "topics"),
        ({"last_event_id": "-1"}, {}, "last_event_id"),
        ({"last_event_id": "1e3"}, {}, "last_event_id"),
        ({"last_event_id": str(2**63)}, {}, "last_event_id"),
        ({"since": "1"}, {}, "since"),
        ({}, {"Last-Event-ID": "1; DROP TABLE"}, "Last-Event-ID"),
    ],
)
def test_a_wrong_parameter_is_named(
    live_api: httpx.Client, parameters: dict[str, Any], headers: dict[str, str], named: str
) -> None:
    answer = live_api.get("/v1/events", params=parameters, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-parameter")
    assert answer.json()["errors"][0]["parameter"].lower() == named.lower()


def test_a_heartbeat_says_how_far_was_told(live_api: httpx.Client, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.2)
    with follow(live_api, topics="anomalies") as stream:
        assert (stream.next().comment, stream.next().id) == ("heartbeat", "0")
        build(url)
        assert stream.next().id in {"0", "2"}
        assert stream.next().id == "2"


def test_events_are_not_for_every_tier(serve_api: Serve, url: str) -> None:
    with serve_api(Settings(database_url=url, anonymous_tier="free")) as api:
        refused = api.get("/v1/events")
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-in-tier")
        assert "tier pro has" in refused.json()["detail"]
        with pytest.raises(InvalidStatus) as caught:
            connect(str(api.base_url).replace("http", "ws", 1) + "/v1/live", proxy=None)
        assert caught.value.response.status_code == 403


def test_no_stream_is_compressed(live_api: httpx.Client) -> None:
    with live_api.stream("GET", "/v1/events", headers={"accept-encoding": "zstd, br, gzip"}) as answer:
        assert "content-encoding" not in answer.headers
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["cache-control"] == "no-store"


def test_no_more_may_listen_than_the_settings_say(serve_api: Serve, url: str) -> None:
    with serve_api(Settings(database_url=url, listener_limit=2)) as api:
        with follow(api), follow(api):
            refused = api.get("/v1/events")
            assert (refused.status_code, refused.json()["type"]) == (503, "/problems/too-many-listeners")
            assert refused.headers["retry-after"] == "30"
        deadline = time.monotonic() + 10
        while api.get("/metrics").text.find("aibaas_api_listeners 0.0") < 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with follow(api):
            pass


def test_before_marts_are_built_the_stream_says_so_and_begins_with_them(
    serve_api: Serve, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "LONGEST_PAUSE_S", 0.2)
    with serve_api(Settings(database_url=empty_url)) as api:
        answer = api.get("/v1/events")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/marts-unavailable")
        with psycopg.connect(empty_url) as connection:
            create_published_marts(connection)
        deadline = time.monotonic() + 10
        while not is_followed(api):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with follow(api) as stream:
            build(empty_url)
            assert stream.event().id == "1"


def test_a_lost_connection_loses_no_event(live_api: httpx.Client, url: str) -> None:
    with follow(live_api) as stream:
        fill(url, 1)
        assert stream.event().id == "1"
        assert end_listening(url) == 1, "a process listens over one connection, whatever it hears"
        fill(url, 3)
        assert [stream.event().id for _ in range(3)] == ["2", "3", "4"]
        fill(url, 1)
        started = time.monotonic()
        assert stream.event().id == "5"
        assert time.monotonic() - started < announcements.PATIENCE_S / 2


def test_words_that_never_come_are_made_up_for_by_looking(
    serve_api: Serve, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "PATIENCE_S", 0.3)
    monkeypatch.setattr(announcements, "EVENTS", "nobody_speaks_here")
    with serve_api(Settings(database_url=url)) as api, follow(api) as stream:
        fill(url, 2)
        assert [stream.event().id for _ in range(2)] == ["1", "2"]


def test_a_table_that_was_put_back_ends_streams_with_the_reason(live_api: httpx.Client, url: str) -> None:
    fill_and_hear(live_api, url, 3)
    with follow(live_api) as stream:
        with psycopg.connect(url) as connection:
            connection.execute("DELETE FROM raw.published_events WHERE event_number > 1")
            connection.execute("SELECT pg_notify('aibaas_events', '')")
        assert stream.event().data["reason"] == "history_replaced"
        assert stream.has_ended()
    with follow(live_api, last_event_id=3) as stream:
        assert stream.event().name == "reset"


def test_the_end_of_the_process_is_told_and_does_not_wait(serve_api: Serve, url: str) -> None:
    with serve_api(Settings(database_url=url)) as api:
        connection = follow(api)
        stream = connection.__enter__()
        started = time.monotonic()
    assert time.monotonic() - started < 4
    end = stream.event()
    assert (end.name, end.data["reason"]) == ("end", "shutdown")
    assert stream.has_ended()


def test_a_slow_consumer_is_told_so_and_let_go_and_others_hear_all(
    live_api: httpx.Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SEND_PATIENCE_S", 0.5)
    monkeypatch.setattr(streaming, "FAREWELL_PATIENCE_S", 60.0)
    address = urlsplit(str(live_api.base_url))
    with socket.create_connection((address.hostname or "", address.port or 0)) as slow, follow(live_api) as quick:
        slow.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for first in range(1, 101, 20):
            fill(url, 20, 500_000)
            assert [quick.event().id for _ in range(20)] == [str(number) for number in range(first, first + 20)]
        time.sleep(1)
        slow.settimeout(20)
        said = b""
        while received := slow.recv(1 << 20):
            said += received
    heard = [block for block in blocks(said.decode(errors="replace").replace("\r", "").split("\n")) if block.name]
    assert len(heard) < 100
    assert heard[-1].data["reason"] == "slow_consumer"


def test_who_is_farther_behind_than_memory_reaches_is_let_go(
    live_api: httpx.Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SEND_PATIENCE_S", 60.0)
    address = urlsplit(str(live_api.base_url))
    with socket.create_connection((address.hostname or "", address.port or 0)) as slow, follow(live_api) as quick:
        slow.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        fill(url, 20, 500_000)
        assert [quick.event().id for _ in range(20)][-1] == "20"
        fill(url, 300)
        assert [quick.event().id for _ in range(300)][-1] == "320"
        slow.settimeout(20)
        said = b""
        while received := slow.recv(1 << 20):
            said += received
    assert b'"reason": "slow_consumer"' in said
