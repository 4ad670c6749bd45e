"""What comes over a socket and is no honest request: smuggled, split, endless, half, or many at once."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from api import bounded_http
from tests.integration.api.test_metrics import requests_of, scraped

if TYPE_CHECKING:
    import httpx

HONEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST /v1/leaderboard HTTP/1.1\r\nHost: x\r\n"
REFUSED = {
    "length and chunks": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + SMUGGLED,
    "a list of lengths": HEAD + b"Content-Length: 0, 40\r\n\r\n" + SMUGGLED,
    "a signed length": HEAD + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a length in hexadecimal": HEAD + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    "an endless length": HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n" + SMUGGLED,
    "a coding that is none": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks that are not the last coding": HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a coding with a control character": HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a space before the name": HEAD + b" Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "an endless chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + SMUGGLED,
    "a chunk size that is none": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n" + SMUGGLED,
    "a bare carriage return": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\rX-B: b\r\n\r\n" + SMUGGLED,
    "a zero in a value": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\x00b\r\n\r\n" + SMUGGLED,
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n" + SMUGGLED,
    "a name with a colon less": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n" + SMUGGLED,
    "no such version": b"GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n" + SMUGGLED,
    "a space in the path": b"GET /health z HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED,
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
}


def connected(api: httpx.Client) -> socket.socket:
    host, port = api.base_url.host, api.base_url.port
    assert port is not None
    return socket.create_connection((host, port), timeout=5)


def told(connection: socket.socket, timeout_s: float = 1.0) -> bytes:
    """All that comes until the other side closes, or is silent for so long."""
    connection.settimeout(timeout_s)
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except (TimeoutError, ConnectionResetError):
        pass
    return found


@pytest.mark.parametrize("request_bytes", REFUSED.values(), ids=REFUSED)
def test_a_request_that_two_readers_would_read_differently_is_refused_whole(
    api: httpx.Client, request_bytes: bytes
) -> None:
    with connected(api) as connection:
        connection.sendall(request_bytes)
        answer = told(connection)
    assert answer.startswith(b"HTTP/1.1 400 ") or answer == b"", answer
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert requests_of(scraped(api), "none", "404") == 0 or b"404" not in answer
    assert api.get("/healthz").status_code == 200


def test_requests_in_one_piece_are_answered_in_their_order(api: httpx.Client) -> None:
    with connected(api) as connection:
        connection.sendall(HONEST + b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = told(connection, 3.0)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"404"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models?limit=1%0d%0aX-Injected:%20yes",
        "/v1/models?limit=1&simulated=any%0d%0aX-Injected:%20yes",
        "/v1/models/%0d%0aX-Injected:%20yes",
        "/v1/leaderboard?cursor=%0d%0aX-Injected:%20yes",
    ],
)
def test_no_header_can_be_put_into_an_answer(api: httpx.Client, path: str) -> None:
    for headers in ({}, {"X-Request-Id": "a%0d%0aX-Injected: yes"}):
        response = api.get(path, headers=headers)
        assert "x-injected" not in response.headers
        assert response.status_code in {404, 422}


def test_a_head_without_an_end_is_cut_off(api: httpx.Client) -> None:
    with connected(api) as connection:
        sent = 0
        try:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Endless: ")
            while sent < 64 * bounded_http.MAX_HEAD_BYTES:
                connection.sendall(b"a" * 16_384)
                sent += 16_384
        except OSError:
            pass
        answer = told(connection)
    assert sent < 64 * bounded_http.MAX_HEAD_BYTES
    assert answer.startswith(b"HTTP/1.1 400 ") or answer == b""


@pytest.mark.parametrize("begun", [b"", b"GET /heal", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_a_head_that_does_not_come_is_not_waited_for(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(bounded_http, "MAX_HEAD_S", 0.5)
    with connected(api) as connection:
        connection.sendall(HONEST)
        assert b"200 OK" in connection.recv(65_536)
        connection.sendall(begun or b"G")
        started = time.monotonic()
        assert told(connection, 4.0) == b""
        assert time.monotonic() - started < 3


def test_many_idle_connections_leave_the_others_their_answers(api: httpx.Client) -> None:
    with ExitStack() as idle:
        for _ in range(300):
            idle.enter_context(connected(api)).sendall(b"GET /healthz HTTP/1.1\r\n")
        started = time.monotonic()
        assert api.get("/v1/leaderboard").status_code == 200
        assert time.monotonic() - started < 10


def test_a_body_that_is_announced_and_never_comes_holds_nothing_up(api: httpx.Client) -> None:
    with connected(api) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        assert told(connection).startswith(b"HTTP/1.1 200 ")
