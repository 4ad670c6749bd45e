"""Sends an answer over HTTP: whole or streamed, at once or at the model's pace, sound or broken as asked.

Not here: what the answer says.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from orchestration.simulator import wire
from orchestration.simulator.tokens import chunks, parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.simulator.exchange import Answer, Call
    from orchestration.simulator.faults import Fault

UNPACED_PARTS = 4
"""Of a text that is streamed without waiting: enough to be a stream, few enough to be fast."""

SHORTEST_WAIT_S = 0.02
"""Between two writes of a stream; shorter waits are not kept well by an event loop."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer on its way. `headers` go out with it; `is_paced` means that the model's times are waited for."""

    answer: Answer
    call: Call
    created: int
    headers: Mapping[str, str]
    is_paced: bool
    fault: Fault | None = None

    async def send(self, request: web.Request) -> web.StreamResponse:
        if self.call.is_streamed:
            return await self._send_stream(request)
        if self.is_paced:
            await asyncio.sleep(self.answer.latency_ms / 1000)
        body = wire.completion_body(self.answer, self.created, self._usage())
        if self.fault == "cut-stream":
            return await self._send_part(request, body)
        whole = body[: len(body) * 2 // 3] if self.fault == "malformed-json" else body
        return web.Response(body=whole, content_type="application/json", headers=self.headers)

    def _usage(self) -> wire.Json:
        return wire.wrong_usage_json(self.answer) if self.fault == "wrong-usage" else wire.usage_json(self.answer)

    async def _send_part(self, request: web.Request, body: bytes) -> web.StreamResponse:
        """Promises a whole body and hangs up half way."""
        response = web.StreamResponse(headers={**self.headers, "Content-Length": str(len(body))})
        response.content_type = "application/json"
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        return _hang_up(request, response)

    def _events(self) -> list[bytes]:
        usage = self._usage() if self.call.includes_usage else None
        pieces = chunks(self.answer.text) if self.is_paced else parts(self.answer.text, UNPACED_PARTS)
        events = wire.events(self.answer, pieces, self.created, usage)
        if self.fault == "malformed-json":
            return [*events[: len(events) // 2], b'data: {"id": "chatcmpl-\n\n', wire.DONE]
        return events[: len(events) // 2] if self.fault == "cut-stream" else [*events, wire.DONE]

    async def _send_stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**self.headers, "Cache-Control": "no-cache"})
        response.content_type = "text/event-stream"
        response.charset = "utf-8"
        if self.is_paced:
            await self._write_at_pace(request, response)
        else:
            await response.prepare(request)
            await response.write(b"".join(self._events()))
        if self.fault == "cut-stream":
            return _hang_up(request, response)
        await response.write_eof()
        return response

    async def _write_at_pace(self, request: web.Request, response: web.StreamResponse) -> None:
        """Headers go out with the first token; the other events follow evenly until the latency is used up."""
        events = self._events()
        await asyncio.sleep(self.answer.first_token_ms / 1000)
        await response.prepare(request)
        clock = asyncio.get_running_loop().time
        started = clock()
        span_s = (self.answer.latency_ms - self.answer.first_token_ms) / 1000
        for index, event in enumerate(events):
            ahead_s = started + span_s * index / len(events) - clock()
            if ahead_s > SHORTEST_WAIT_S:
                await asyncio.sleep(ahead_s)
            await response.write(event)


def _hang_up(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return response
