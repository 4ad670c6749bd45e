"""The same events over a WebSocket: JSON messages, each with a `type`.

A client first says `subscribe`, with `topics` and perhaps `last_event_id`, and may say `ping` at any time. It hears
`subscribed`, `event`, `reset`, `heartbeat`, `pong`, and at last `end` with a reason, which the close repeats.

Not here: what is said of events (feed.py), nor its shapes (schemas.py).
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.realtime.access import admit
from api.realtime.feed import TROUBLE, CurrentFeed, End, Heartbeat, Reset
from api.realtime.hub import END_REASONS, TooManyClientsError
from api.realtime.schemas import SAID, Ping, Subscribe

if TYPE_CHECKING:
    from api.realtime.feed import Feed
    from api.realtime.hub import Client, EndReason, Event, Listener

SUBSCRIBE_WITHIN_S = 10.0
SEND_PATIENCE_S = 10.0
FAREWELL_PATIENCE_S = 1.0
SHORTEST_PAUSE_S, BURST_S = 0.5, 60.0
"""Between two messages of a client on the average, which it may be so far ahead of; whoever says more is refused."""
LONGEST_REASON = 120
"""Of 123 bytes that a close has for it."""
POLICY_VIOLATION, SERVICE_RESTART, TRY_AGAIN_LATER = 1008, 1012, 1013
CLOSE_CODES: dict[EndReason, int] = {
    "shutdown": SERVICE_RESTART,
    "slow_consumer": POLICY_VIOLATION,
    "unavailable": TRY_AGAIN_LATER,
    "history_replaced": TRY_AGAIN_LATER,
    "key_ended": POLICY_VIOLATION,
    "not_in_tier": POLICY_VIOLATION,
    "refused": POLICY_VIOLATION,
}

router = APIRouter()


class RefusedError(Exception):
    """What a client said is none of what it may say now."""


@router.websocket("/v1/live")
async def follow_live(websocket: WebSocket, feed: CurrentFeed) -> None:
    listener = admit(websocket, feed)
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        try:
            wanted = await _first_wish(websocket)
            await _converse(websocket, feed, wanted, listener)
        except RefusedError as refused:
            await _close(websocket, "refused", str(refused))
        except TooManyClientsError:
            await _close(websocket, "unavailable", "too many listen")
        except TROUBLE:
            await _close(websocket, "unavailable", "events can't be read")


async def _first_wish(websocket: WebSocket) -> Subscribe:
    try:
        async with asyncio.timeout(SUBSCRIBE_WITHIN_S):
            while True:
                said = await _next_said(websocket)
                if isinstance(said, Subscribe):
                    return said
                await _say(websocket, {"type": "pong"})
    except TimeoutError:
        raise RefusedError(f"no subscribe within {SUBSCRIBE_WITHIN_S:.0f} seconds") from None


async def _converse(websocket: WebSocket, feed: Feed, wanted: Subscribe, listener: Listener) -> None:
    async with feed.client(wanted.topics, wanted.last_event_id, listener) as client:
        hearing = asyncio.create_task(_hear(websocket, client))
        try:
            await _say(websocket, {"type": "subscribed", "topics": wanted.topics, "event_number": client.position})
            async for message in feed.messages(client):
                if isinstance(message, End):
                    refusal = hearing.result() if hearing.done() else None
                    await _close(websocket, message.reason, refusal or END_REASONS[message.reason])
                else:
                    await _send(websocket, text_of(message))
        except TimeoutError:
            client.end("slow_consumer")
            await _close(websocket, "slow_consumer", END_REASONS["slow_consumer"])
        finally:
            hearing.cancel()


async def _hear(websocket: WebSocket, client: Client) -> str | None:
    """Answers what a client says. Returns why it is refused; None when it went away."""
    began, count = time.monotonic(), 0
    try:
        while True:
            said = await _next_said(websocket)
            count += 1
            _refuse(said, count, time.monotonic() - began)
            await _say(websocket, {"type": "pong"})
    except RefusedError as refused:
        client.end("refused")
        return str(refused)
    except (WebSocketDisconnect, TimeoutError):
        client.end("gone")
        return None


def _refuse(said: Subscribe | Ping, count: int, seconds: float) -> None:
    if isinstance(said, Subscribe):
        raise RefusedError("subscribed already: connect again for other topics")
    if count * SHORTEST_PAUSE_S > BURST_S + seconds:
        raise RefusedError("too many messages")


async def _next_said(websocket: WebSocket) -> Subscribe | Ping:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    if (text := message.get("text")) is None:
        raise RefusedError("messages are text")
    try:
        return SAID.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise RefusedError(": ".join(filter(None, [place, first["msg"]]))) from None


def text_of(message: Event | Heartbeat | Reset) -> str:
    """A message other than the end, as JSON."""
    match message:
        case Heartbeat(position):
            return json.dumps({"type": "heartbeat", "event_number": position})
        case Reset(position):
            return json.dumps({"type": "reset", "event_number": position})
        case event:
            return event.message


async def _say(websocket: WebSocket, said: dict[str, Any]) -> None:
    await _send(websocket, json.dumps(said))


async def _send(websocket: WebSocket, text: str) -> None:
    """Raises TimeoutError when the client takes in nothing at all."""
    async with asyncio.timeout(SEND_PATIENCE_S):
        await websocket.send_text(text)


async def _close(websocket: WebSocket, reason: EndReason, detail: str) -> None:
    if reason == "gone":
        return
    with suppress(TimeoutError, WebSocketDisconnect):
        async with asyncio.timeout(FAREWELL_PATIENCE_S):
            await websocket.send_text(json.dumps({"type": "end", "reason": reason, "detail": detail}))
            await websocket.close(
                CLOSE_CODES[reason], f"{reason}: {detail}".encode()[:LONGEST_REASON].decode(errors="ignore")
            )
