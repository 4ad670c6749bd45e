"""What an hour is shared out with: a Redis server, workers, and models that are counted and slow.

Not here: the installation whose hour it is (installation).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from aiohttp import web

from orchestration.settings import PROJECT_ROOT
from orchestration.simulator.server import build_app
from orchestration.simulator.simulated_models import simulated_models
from tests.support.product import RunningCommand, free_ports

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.support.installation import Installation


class CountedModels:
    """The simulated models, each answer of which takes a while, and how often each question was asked.

    Some are asked again in every execution: the simulator has its failures, which are tried again.
    """

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self.delay_s = 0.0

    def app(self) -> web.Application:
        app = build_app(simulated_models(PROJECT_ROOT / "scenarios", events_anchor=date(2026, 11, 23)))
        app.middlewares.append(self.counted)
        return app

    @web.middleware
    async def counted(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.method == "POST":
            body = json.loads(await request.text())
            prompt = next(message["content"] for message in body["messages"] if message["role"] == "user")
            self.asked[body["model"], hashlib.sha256(prompt.encode()).hexdigest()] += 1
            await asyncio.sleep(self.delay_s)
        return await handler(request)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis server on a free port; gives its address."""
    (port,) = free_ports(1)
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait(10)


@contextmanager
def working(installation: Installation, name: str) -> Iterator[RunningCommand]:
    """A worker in a process group of its own, killed at the end of the block."""
    command = [sys.executable, "-m", "orchestration.cli", "worker", "--name", name]
    worker = RunningCommand(command, installation.environment, installation.home.parent / f"{name}.log")
    try:
        worker.wait_for("takes steps from", within_s=180)
        yield worker
    finally:
        worker.kill()
        print(worker.said[-3000:])
