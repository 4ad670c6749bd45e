"""Measures what a call costs: bare aiohttp, LiteLLMClient, the Collector with its journal, and litellm.acompletion.

usage: python tests/benchmarks/collection_transport.py [--calls 2000] [--at-once 100] [--only CLIENT] [--fast]

A loopback server in a process of its own answers after 500 ms, streamed answers begin after 50 ms (40 pieces,
4 kB in all). Printed for each client: wall time over the ideal, calls a second, CPU seconds per 1,000 calls (and
over litellm's in the same run), and for streams how far the measured times lie from the server's own clock (which
each answer carries). --fast lets the server answer at once, as it does for simulated past hours. Last come the peak
memory of the process, the time that importing the command line takes, and the load of the machine, which all of
the others depend on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiohttp

from orchestration.collection.collect import Collector
from orchestration.collection.plan import plan_hour
from orchestration.collection.runner import RunLimits
from orchestration.pricing.price_book import PriceBook
from orchestration.providers.interface import CompletionRequest
from orchestration.providers.litellm_client import LiteLLMClient
from orchestration.providers.target_file import Limits
from orchestration.providers.targets import Host, Target
from orchestration.records import benchmark_hour_of
from orchestration.settings import keep_litellm_offline
from orchestration.storage.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from multiprocessing.connection import Connection

    Batch = Callable[[int, int], "AtOnce | CollectedHour"]

CLIENTS = ("litellm.acompletion", "bare aiohttp", "LiteLLMClient", "Collector")
PIECES = 40
PIECE = "x" * 100
PROMPT = "Write a function that returns the sum of two integers. " * 20
USAGE = {"prompt_tokens": 200, "completion_tokens": 1000, "total_tokens": 1200}


@dataclass
class Timing:
    """What one client saw of one call, in ms, and what the server's clock said."""

    first_ms: float | None
    total_ms: float
    server: str | None


@dataclass
class Measurement:
    name: str
    is_streamed: bool
    wall_s: float
    cpu_s: float
    calls: int
    ideal_s: float
    timings: list[Timing] = field(default_factory=list)

    def line(self, baseline: Measurement | None) -> str:
        kind = "streamed" if self.is_streamed else "plain"
        ideal = f"{self.wall_s / self.ideal_s:5.2f} x ideal" if self.ideal_s else "             "
        text = (
            f"{kind:9}{self.name:22}{ideal}  {self.calls / self.wall_s:7.0f} calls/s"
            f"  {1000 * self.cpu_s / self.calls:6.2f} CPU s per 1,000"
        )
        over = f"  {self.cpu_s / baseline.cpu_s:5.2f} x litellm's" if baseline else ""
        return text + over + self.truth()

    def truth(self) -> str:
        pairs = [(t, *map(float, t.server.split(":"))) for t in self.timings if t.server and ":" in t.server]
        firsts = [t.first_ms - first for t, first, _ in pairs if t.first_ms is not None]
        totals = [t.total_ms - total for t, _, total in pairs]
        if not firsts:
            return ""
        return f"  off the server's clock at p95: first {p95(firsts):.1f} ms, total {p95(totals):.1f} ms"


def p95(values: list[float]) -> float:
    return statistics.quantiles([abs(value) for value in values], n=20)[-1]


class Server(asyncio.Protocol):
    """One connection of a server in the OpenAI protocol; its clock begins when the last byte of a request arrives.

    It is bare asyncio, since it shares the processors with what is measured.
    """

    def __init__(self, first_s: float, total_s: float) -> None:
        self.loop = asyncio.get_running_loop()
        self.dues = [first_s + (total_s - first_s) * index / (PIECES - 1) for index in range(PIECES)]
        self.received = b""
        self.arrived = self.first = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if found and length and len(body) >= int(length[1]):
            self.received = b""
            self.arrived = self.loop.time()
            is_streamed = json.loads(body).get("stream")
            self.loop.call_at(
                self.arrived + self.dues[0 if is_streamed else -1], self.piece if is_streamed else self.whole, 0
            )

    def whole(self, _: int) -> None:
        self.transport.write(WHOLE)

    def piece(self, index: int) -> None:
        if index == PIECES:
            return self.end()
        self.transport.write(HEAD + PIECE_EVENT if index == 0 else PIECE_EVENT)
        if index == 0:
            self.first = self.loop.time() - self.arrived
        due = self.arrived + self.dues[min(index + 1, PIECES - 1)]
        self.loop.call_at(due, self.piece, index + 1)
        return None

    def end(self) -> None:
        total = self.loop.time() - self.arrived
        frame = {**CHUNK, "system_fingerprint": f"{self.first * 1000:.2f}:{total * 1000:.2f}"}
        stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        self.transport.write(
            chunked(event(frame | stop) + event(frame | {"choices": [], "usage": USAGE}) + b"data: [DONE]\n\n")
            + chunked(b"")
        )


def event(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


FRAME = {"id": "c-1", "created": 1_700_000_000, "model": "m", "system_fingerprint": "fp"}
CHUNK = FRAME | {"object": "chat.completion.chunk"}
ANSWER = {"role": "assistant", "content": PIECE * PIECES}
BODY = json.dumps(
    FRAME
    | {"object": "chat.completion", "usage": USAGE}
    | {"choices": [{"index": 0, "message": ANSWER, "finish_reason": "stop"}]}
).encode()
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE_EVENT = chunked(event(CHUNK | {"choices": [{"index": 0, "delta": {"content": PIECE}, "finish_reason": None}]}))


def serve(pipe: Connection, first_s: float, total_s: float) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Server(first_s, total_s), "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def target(base_url: str, *, is_streamed: bool) -> Target:
    limits = Limits(max_concurrency=1000)
    host = Host("h", "openai", "h", "openai", base_url, "key", False, is_streamed, "none", limits)
    return Target("m", "m", "openai", "m", host, None, None, None, {}, "active", None, None, False, None)


async def bare(base_url: str, session: aiohttp.ClientSession, *, is_streamed: bool) -> Timing:
    started = time.perf_counter()
    first = server = None
    body = {"model": "m", "messages": [{"role": "user", "content": PROMPT}], "stream": is_streamed}
    async with session.post(f"{base_url}/chat/completions", json=body) as response:
        if not is_streamed:
            await response.json()
        else:
            async for line in response.content:
                if line.startswith(b"data: {"):
                    server = json.loads(line[6:])["system_fingerprint"]
                    first = first or (time.perf_counter() - started) * 1000
    return Timing(first, (time.perf_counter() - started) * 1000, server)


async def plain_litellm(base_url: str, *, is_streamed: bool) -> Timing:
    import litellm  # noqa: PLC0415 - seconds, and only this client needs it

    started = time.perf_counter()
    extra = {"stream_options": {"include_usage": True}} if is_streamed else {}
    answer = await litellm.acompletion(
        model="openai/m",
        api_base=base_url,
        api_key="key",
        num_retries=0,
        stream=is_streamed,
        max_tokens=800,
        messages=[{"role": "user", "content": PROMPT}],
        **extra,
    )
    first = None
    if is_streamed:
        chunks = []
        async for chunk in answer:
            first = first or (time.perf_counter() - started) * 1000
            chunks.append(chunk)
        answer = litellm.stream_chunk_builder(chunks)
    assert answer.usage.completion_tokens == 1000
    return Timing(first, (time.perf_counter() - started) * 1000, getattr(answer, "system_fingerprint", None))


async def ours(client: LiteLLMClient, asked: Target) -> Timing:
    done = await client.complete(asked, CompletionRequest(PROMPT, 800, datetime.now(UTC)))
    assert done.usage.output_tokens == 1000
    assert len(done.text) == PIECES * len(PIECE)
    return Timing(done.time_to_first_token_ms, done.latency_ms, done.system_fingerprint)


class AtOnce:
    """Calls of one client, `most` of them at once."""

    def __init__(self, call: Callable[[], Awaitable[Timing]], count: int, most: int) -> None:
        self.call = call
        self.count = count
        self.gate = asyncio.Semaphore(most)
        self.timings: list[Timing] = []

    async def ask(self) -> None:
        self.timings = await asyncio.gather(*(self.one() for _ in range(self.count)))

    async def one(self) -> Timing:
        async with self.gate:
            return await self.call()

    def seen(self) -> list[Timing]:
        return self.timings


class CollectedHour:
    """The calls as an hour of one target: asked, journalled and sealed."""

    def __init__(self, asked: Target, count: int, most: int) -> None:
        scenarios = {
            f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=1, max_output_tokens=800)
            for n in range(count)
        }
        suite: Any = SimpleNamespace(name="all", version=1, scenario_ids=tuple(scenarios), variants="public")
        self.hour = benchmark_hour_of(datetime.now(UTC))
        self.plan = plan_hour(self.hour, SimpleNamespace(scenarios=scenarios), suite, [asked])  # type: ignore[arg-type]
        self.folder = TemporaryDirectory()
        self.archive = Archive(Path(self.folder.name))

        def variant(scenario_id: str, _version: int, _seed: int) -> Any:
            return SimpleNamespace(prompt=PROMPT, dialogue=None, scenario=scenarios[scenario_id])

        self.collector = Collector(
            targets=[asked],
            client=LiteLLMClient(),
            archive=self.archive,
            price_book=PriceBook.from_rows([]),
            variants=variant,
            limits=RunLimits(concurrency=most),
        )

    async def ask(self) -> None:
        await self.collector.collect_hour(self.hour, self.plan)

    def seen(self) -> list[Timing]:
        rows = self.archive.read(self.hour)
        assert [row.status for row in rows] == ["answered"] * len(self.plan)
        return [Timing(row.time_to_first_token_ms, row.latency_ms or 0.0, row.system_fingerprint) for row in rows]


async def measured(
    name: str, batch: Batch, options: argparse.Namespace, *, is_streamed: bool, total_s: float
) -> Measurement:
    await batch(1, 1).ask()
    calls = batch(options.calls, options.at_once)
    wall, cpu = time.perf_counter(), time.process_time()
    await calls.ask()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    ideal = total_s * options.calls / options.at_once
    return Measurement(name, is_streamed, wall, cpu, options.calls, ideal, calls.seen())


async def compare(base_url: str, options: argparse.Namespace, total_s: float) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, LiteLLMClient() as client:
        for is_streamed in (False, True):
            batches = batches_of(base_url, session, client, is_streamed=is_streamed)
            baseline = None
            for name in [options.only] if options.only else CLIENTS:
                found = await measured(name, batches[name], options, is_streamed=is_streamed, total_s=total_s)
                baseline = baseline or (found if name == "litellm.acompletion" else None)
                print(found.line(baseline), flush=True)


def batches_of(
    base_url: str, session: aiohttp.ClientSession, client: LiteLLMClient, *, is_streamed: bool
) -> dict[str, Batch]:
    asked = target(base_url, is_streamed=is_streamed)
    return {
        "litellm.acompletion": partial(AtOnce, lambda: plain_litellm(base_url, is_streamed=is_streamed)),
        "bare aiohttp": partial(AtOnce, lambda: bare(base_url, session, is_streamed=is_streamed)),
        "LiteLLMClient": partial(AtOnce, lambda: ours(client, asked)),
        "Collector": partial(CollectedHour, asked),
    }


def import_s() -> float:
    """How long a new process takes to import the command line, less what Python itself takes; the best of three."""

    def took(code: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - started

    return min(took("import orchestration.cli") - took("pass") for _ in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(description="See the module's docstring.")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--only", choices=CLIENTS, help="this client alone, which shows the memory that it takes")
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    keep_litellm_offline()
    first_s, total_s = (0.0, 0.0) if options.fast else (0.05, 0.5)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there, first_s, total_s), daemon=True)
    server.start()
    try:
        asyncio.run(compare(f"http://127.0.0.1:{here.recv()}/v1", options, total_s))
    finally:
        server.terminate()
        server.join()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(f"importing the command line {import_s():.2f} s")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
