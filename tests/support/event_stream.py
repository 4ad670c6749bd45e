"""A client of Server-Sent Events, in a thread of its own.

Not here: what is served.
"""

from __future__ import annotations

import json
import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Heard(NamedTuple):
    """One block of a stream: an event's name, its id and its data, or a comment."""

    name: str | None
    id: str | None
    data: Any
    comment: str | None = None


class EventStream:
    """What a stream says, block by block."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._blocks: queue.Queue[Heard | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self, timeout: float = 10) -> Heard:
        """The next block; fails when there is none in time, or when the stream ended."""
        block = self._blocks.get(timeout=timeout)
        assert block is not None, "the stream ended"
        return block

    def event(self, timeout: float = 10) -> Heard:
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

    def has_ended(self, timeout: float = 10) -> bool:
        return self._blocks.get(timeout=timeout) is None

    def _read(self) -> None:
        try:
            for block in blocks(self.response.iter_lines()):
                self._blocks.put(block)
        except httpx.HTTPError:
            pass
        self._blocks.put(None)


@contextmanager
def follow(api: httpx.Client, headers: dict[str, str] | None = None, **parameters: Any) -> Iterator[EventStream]:
    """The stream of /v1/events, behind its first block."""
    with api.stream("GET", "/v1/events", params=parameters, headers=headers, timeout=30) as response:
        assert response.status_code == 200, response.read()
        stream = EventStream(response)
        assert stream.next().name is None
        yield stream


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
