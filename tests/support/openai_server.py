"""A scripted OpenAI-compatible server on loopback: each request is answered by the next step of its script.

Not here: the project's own simulator, which has skill, drift and a clock.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass(frozen=True)
class Step:
    """One answer. `delay_s` is waited first; `body` overrides the completion; `cut_after` ends a stream early."""

    status: int = 200
    text: str = "hello from the server"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    content_type: str = "application/json"
    delay_s: float = 0.0
    gap_s: float = 0.0
    cut_after: int | None = None
    is_aborted: bool = False
    model: str | None = None
    usage: Mapping[str, Any] | None = field(default_factory=lambda: dict(USAGE))
    finish_reason: str = "stop"


class ScriptedServer:
    """Use: `async with ScriptedServer([Step(...), ...]) as server:`. The last step repeats; `seen` keeps requests.

    `by_model` has scripts for single models; `script` is for the others.
    """

    def __init__(
        self,
        script: list[Step] | None = None,
        listing: object | None = None,
        by_model: Mapping[str, list[Step]] | None = None,
    ) -> None:
        self.script = script or [Step()]
        self.by_model = by_model or {}
        self.listing = listing if listing is not None else {"object": "list", "data": [{"id": "atlas"}]}
        self.seen: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.seen_at: list[float] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.base_url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response(self.listing)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        step = self._next_step(asked["model"])
        self.seen_at.append(time.monotonic())
        self.seen.append(({name.lower(): value for name, value in request.headers.items()}, asked))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(step.delay_s)
            return await self._answer(step, asked, request)
        finally:
            self.in_flight -= 1

    def _next_step(self, model: str) -> Step:
        script = self.by_model.get(model, self.script)
        served = sum(self.by_model.get(body["model"], self.script) is script for _, body in self.seen)
        return script[min(served, len(script) - 1)]

    def asked_of(self, model: str) -> list[dict[str, Any]]:
        """The bodies of the requests for a model."""
        return [body for _, body in self.seen if body["model"] == model]

    async def _answer(self, step: Step, asked: dict[str, Any], request: web.Request) -> web.StreamResponse:
        if step.is_aborted and request.transport:
            request.transport.abort()
            return web.Response()
        if step.status != 200 or step.body is not None:
            body = step.body if step.body is not None else json.dumps({"error": {"message": f"scripted {step.status}"}})
            return web.Response(status=step.status, text=body, headers=step.headers, content_type=step.content_type)
        if asked.get("stream"):
            return await self._stream(step, asked, request)
        return web.json_response(completion(step, asked), headers=step.headers)

    async def _stream(self, step: Step, asked: dict[str, Any], request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **step.headers})
        await response.prepare(request)
        for index, event in enumerate(stream_events(step, asked)):
            if index == step.cut_after:
                if request.transport:
                    request.transport.abort()
                return response
            await response.write(f"data: {event}\n\n".encode())
            await asyncio.sleep(step.gap_s)
        await response.write_eof()
        return response


def completion(step: Step, asked: Mapping[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": step.text}
    found: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": step.model or asked["model"],
        "system_fingerprint": "fp_1",
        "choices": [{"index": 0, "message": message, "finish_reason": step.finish_reason}],
    }
    return found | ({"usage": step.usage} if step.usage is not None else {})


def stream_events(step: Step, asked: Mapping[str, Any]) -> list[str]:
    """A role, one event a word, the finish reason, usage where it is known, and the end mark."""
    frame = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": step.model or asked["model"],
        "system_fingerprint": "fp_1",
    }
    words = [word if i == 0 else f" {word}" for i, word in enumerate(step.text.split(" "))]
    deltas: list[tuple[dict[str, str], str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": word}, None) for word in words]
    deltas += [({}, step.finish_reason)]
    events = [json.dumps(frame | {"choices": [{"index": 0, "delta": d, "finish_reason": f}]}) for d, f in deltas]
    if step.usage is not None:
        events.append(json.dumps(frame | {"choices": [], "usage": step.usage}))
    return [*events, "[DONE]"]
