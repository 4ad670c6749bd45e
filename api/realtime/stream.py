"""Server-Sent Events: one answer that goes on until the client, a slow network or the process ends it.

Not here: what is said (feed.py).
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.responses import Response

from api.realtime.feed import End, Heartbeat, Reset
from api.realtime.hub import END_REASONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import Receive, Scope, Send

    from api.realtime.feed import Feed, Message
    from api.realtime.hub import Client, Listener

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RETRY_MS = 3000
SEND_PATIENCE_S = 10.0
"""For how long a client may take in nothing at all, behind buffers of some hundred kB."""
FAREWELL_PATIENCE_S = 1.0


class EventStream(Response):
    """An answer of events behind `last_event_id`, or from now on."""

    def __init__(self, feed: Feed, topics: Collection[str], last_event_id: int | None, listener: Listener) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["Content-Length"]
        self._feed = feed
        self._wanted = topics, last_event_id, listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        async with self._feed.client(*self._wanted) as client:
            gone = asyncio.create_task(_end_when_gone(receive, client))
            try:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                await self._say_all(client, send)
            finally:
                gone.cancel()

    async def _say_all(self, client: Client, send: Send) -> None:
        await _write(send, f"retry: {RETRY_MS}\nid: {client.position}\n\n".encode())
        try:
            async for message in self._feed.messages(client):
                async with asyncio.timeout(SEND_PATIENCE_S):
                    await _write(send, frame_of(message))
        except TimeoutError:
            client.end("slow_consumer")
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_PATIENCE_S):
                    await _write(send, frame_of(End("slow_consumer")))
            return
        await _write(send, b"", more=False)


def frame_of(message: Message) -> bytes:
    """A message as Server-Sent Event; the id is where `Last-Event-ID` goes on."""
    match message:
        case Heartbeat(position):
            return f": heartbeat\nid: {position}\n\n".encode()
        case Reset(position):
            return _named("reset", {"event_number": position}, position)
        case End(reason):
            return _named("end", {"reason": reason, "detail": END_REASONS[reason]})
        case event:
            return event.frame


def _named(name: str, data: dict[str, object], position: int | None = None) -> bytes:
    place = "" if position is None else f"id: {position}\n"
    return f"{place}event: {name}\ndata: {json.dumps(data)}\n\n".encode()


async def _write(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _end_when_gone(receive: Receive, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.end("gone")
