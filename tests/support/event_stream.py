"""A client of Server-Sent Events on a connection of its own, read in a thread, and what is heard over a WebSocket.

Not here: what is served.
"""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx
    from websockets.sync.client import ClientConnection


class Heard(NamedTuple):
    """One block of a stream: an event's name, its id and its data, or a comment."""

    name: str | None
    id: str | None
    data: Any
    comment: str | None = None


class EventStream:
    """What a stream says, block by block."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self._blocks: queue.Queue[Heard | None] = queue.Queue()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def next(self, timeout: float = 20) -> Heard:
        """The next block; fails when there is none in time, or when the stream ended."""
        block = self._blocks.get(timeout=timeout)
        assert block is not None, "the stream ended"
        return block

    def event(self, timeout: float = 20) -> Heard:
        """The next event, without comments and words about the stream itself."""
        while (block := self.next(timeout)).name is None:
            pass
        return block

    def is_silent(self, seconds: float) -> bool:
        try:
            self._blocks.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def has_ended(self, timeout: float = 20) -> bool:
        return self._blocks.get(timeout=timeout) is None

    def wait(self) -> None:
        """Until nothing is read any more."""
        self._reading.join(timeout=20)

    def _read(self) -> None:
        try:
            for block in blocks(line.decode().rstrip("\r\n") for line in self._response):
                self._blocks.put(block)
        except (OSError, ValueError, http.client.HTTPException):  # cut off in the middle of a chunk
            pass
        self._blocks.put(None)


@contextmanager
def follow(api: httpx.Client, headers: dict[str, str] | None = None, **parameters: Any) -> Iterator[EventStream]:
    """The stream of /v1/events, behind its first block."""
    address = urlsplit(str(api.base_url))
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    connection.request("GET", f"/v1/events?{urlencode(parameters, doseq=True)}", headers=headers or {})
    waiting = connection.sock
    response = connection.getresponse()
    assert response.status == 200, response.read()
    stream = EventStream(response)
    assert stream.next().name is None
    try:
        yield stream
    finally:
        with suppress(OSError):  # the other side may have closed it
            waiting.shutdown(socket.SHUT_RDWR)
        stream.wait()
        connection.close()


def blocks(lines: Iterable[str]) -> Iterator[Heard]:
    """Lines up to each empty one, read as the standard says."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name or "comment"] = value.removeprefix(" ")
        else:
            data = fields.get("data")
            yield Heard(fields.get("event"), fields.get("id"), data and json.loads(data), fields.get("comment"))
            fields = {}


def hear(websocket: ClientConnection) -> dict[str, Any]:
    """The next message."""
    heard: dict[str, Any] = json.loads(websocket.recv(timeout=10))
    return heard


def take_in_all(websocket: ClientConnection) -> None:
    """To its close, which raises ConnectionClosed."""
    while True:
        websocket.recv(timeout=10)
