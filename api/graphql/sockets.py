"""A WebSocket of subscriptions that ends when nobody needs it: its client takes in nothing, or follows nothing.

Not here: what is said over it (strawberry), nor who may listen (api.realtime.access).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected

from api.realtime.live import FAREWELL_PATIENCE_S, POLICY_VIOLATION, SEND_PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

IDLE_S = 30.0
ENDS = frozenset({"complete", "error"})


class Socket(ASGIWebSocketAdapter):
    """Closed with a reason when it was open for IDLE_S without a subscription, or a message was not taken in."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._followed: set[str] = set()
        self._idle: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        self._watch()
        try:
            async for said in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
                if isinstance(said, dict) and said.get("type") == "subscribe":
                    self._followed.add(str(said.get("id")))
                    self._watch()
                elif isinstance(said, dict):
                    self._note_end(said)
                yield said
        finally:
            if self._idle is not None:
                self._idle.cancel()

    async def send_json(self, message: Mapping[str, object]) -> None:
        self._note_end(message)
        try:
            async with asyncio.timeout(SEND_PATIENCE_S):
                await super().send_json(message)
        except TimeoutError:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_PATIENCE_S):
                    await self.close(POLICY_VIOLATION, "slow_consumer: messages were not taken in")
            raise WebSocketDisconnected from None

    def _note_end(self, message: Mapping[str, object]) -> None:
        if message.get("type") in ENDS:
            self._followed.discard(str(message.get("id")))
            self._watch()

    def _watch(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = None if self._followed else asyncio.get_running_loop().call_later(IDLE_S, self._end_idle)

    def _end_idle(self) -> None:
        self._closing = asyncio.create_task(self.close(POLICY_VIOLATION, f"no subscription for {IDLE_S:.0f} seconds"))
