"""The simulated models of a soak: every request is counted, and chosen hours meet faults.

Not here: the models themselves (simulator), nor which hours are chosen (fault_plan).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter, defaultdict, deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web

from orchestration.records import benchmark_hour_of
from orchestration.simulator.server import build_app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from orchestration.records import Response
    from orchestration.simulator.exchange import ModelHost

OK = 200
SLOW_S = 0.5


class Asked(NamedTuple):
    """One question to a model in an hour; `turn` tells the requests of a dialogue apart, `sample` equal questions."""

    hour: datetime
    model: str
    prompt_sha256: str
    turn: int
    sample: int


def asked_of(hour: datetime, response: Response) -> Asked:
    """The question of an archived answer: of a dialogue its first."""
    return Asked(hour, response.requested_model, response.prompt_sha256, 0, response.sample_index)


class CountedModels:
    """A server's requests. `answered` counts sound answers that were sent whole, as far as the server can know."""

    def __init__(self) -> None:
        self.requests = 0
        self.answered: Counter[Asked] = Counter()
        self.met: Counter[str] = Counter()
        self._waiting: dict[datetime, deque[str]] = defaultdict(deque)
        self._slow_hours: set[datetime] = set()

    def befall(self, hour: datetime, faults: Iterable[str]) -> None:
        """The next calls of the hour meet these faults, one each."""
        self._waiting[hour].extend(faults)

    def slow_down(self, hours: Iterable[datetime]) -> None:
        """Calls of these hours are answered after SLOW_S, so that many are on their way at any time."""
        self._slow_hours.update(hours)

    def app(self, models: ModelHost) -> web.Application:
        app = build_app(models)
        app.middlewares.append(self._counted)
        return app

    @web.middleware
    async def _counted(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.method != "POST":
            return await handler(request)
        hour = _hour_of(request)
        fault = self._waiting[hour].popleft() if self._waiting[hour] else None
        if fault is not None:
            self.met[fault] += 1
            request = request.clone(headers={**request.headers, "x-simulated-fault": fault})
        sample = int(request.headers.get("x-simulated-sample", 0))
        asked = _asked(hour, json.loads(await request.text()), sample)
        self.requests += 1
        if hour in self._slow_hours:
            await asyncio.sleep(SLOW_S)
        response = await handler(request)
        if fault is None and response.status == OK:
            self.answered[asked] += 1
        return response


def _hour_of(request: web.Request) -> datetime:
    stated = request.headers.get("x-simulated-time")
    return benchmark_hour_of(datetime.fromisoformat(stated) if stated else datetime.now(UTC))


def _asked(hour: datetime, body: dict[str, Any], sample: int) -> Asked:
    prompt = next(message["content"] for message in body["messages"] if message["role"] == "user")
    turn = sum(message["role"] == "assistant" for message in body["messages"])
    return Asked(hour, body["model"], hashlib.sha256(prompt.encode()).hexdigest(), turn, sample)
