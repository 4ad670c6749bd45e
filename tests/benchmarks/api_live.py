"""How many may listen to one process: memory of idle clients, and how soon an event reaches all of them.

    python tests/benchmarks/api_live.py [--clients 1000] [--events 10]

Starts `python -m api` over a throwaway database, connects the clients from another process, and prints for Server-Sent
Events and for WebSockets: memory of the server a client (its growth of RSS, from what it needs for one client on), and
the time from an event's commit until the last client has read it. The first client's time is the floor.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
import psycopg
from websockets.asyncio.client import connect

from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.published_events import record_published
from tests.support.published import create_published_marts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    Heard = asyncio.Queue[float]
    Listen = Callable[[str, Heard, asyncio.Event], Awaitable[None]]

WITHIN_S = 30


@contextmanager
def api_process(url: str) -> Iterator[tuple[psutil.Process, str]]:
    """`python -m api` and its address."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIBAAS_")}
    with subprocess.Popen(
        [sys.executable, "-m", "api"],
        env=inherited
        | {
            "AIBAAS_API_DATABASE_URL": url,
            "AIBAAS_API_PORT": "0",
            "AIBAAS_API_ANONYMOUS_TIER": "enterprise",
            "AIBAAS_API_CALLER_LISTENER_LIMIT": "2000",
        },
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        wait_for_events(found[0])
        try:
            yield psutil.Process(process.pid), found[0]
        finally:
            process.terminate()


def wait_for_events(address: str) -> None:
    """Until the process knows where the events stand, and all that it builds behind its start is there."""
    httpx.get(f"http://{address}/readyz", trust_env=False, timeout=WITHIN_S)
    deadline = time.monotonic() + WITHIN_S
    while True:
        with httpx.stream("GET", f"http://{address}/v1/events", trust_env=False) as answer:
            if answer.status_code == 200:
                return
        assert time.monotonic() < deadline, answer.status_code
        time.sleep(0.1)


async def listen_to_stream(address: str, heard: Heard, is_connected: asyncio.Event) -> None:
    """One client of Server-Sent Events, without more of a library than a benchmark's client may cost."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /v1/events HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"id: "):
            is_connected.set()
        if line.startswith(b"event: hours."):
            heard.put_nowait(time.perf_counter())


async def listen_to_socket(address: str, heard: Heard, is_connected: asyncio.Event) -> None:
    """One client of the WebSocket."""
    async with connect(f"ws://{address}/v1/live", proxy=None, compression=None, ping_interval=None) as websocket:
        await websocket.send('{"type": "subscribe", "topics": ["hours"]}')
        async for message in websocket:
            if json.loads(message)["type"] == "event":
                heard.put_nowait(time.perf_counter())
            is_connected.set()


@asynccontextmanager
async def listening(listen: Listen, address: str, count: int, heard: Heard) -> AsyncIterator[None]:
    """So many clients, all of whom have been told that they listen."""
    told = [asyncio.Event() for _ in range(count)]
    tasks = [asyncio.create_task(listen(address, heard, event)) for event in told]
    try:
        async with asyncio.timeout(2 * WITHIN_S):
            await asyncio.gather(*(event.wait() for event in told))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def reach(url: str, count: int, heard: Heard) -> tuple[float, float]:
    """Seconds from an event's commit until the first and the last client have it."""
    with psycopg.connect(url) as connection:
        record_published(connection, None)
        connection.commit()
        committed = time.perf_counter()
    async with asyncio.timeout(WITHIN_S):
        times = [await heard.get() for _ in range(count)]
    return min(times) - committed, max(times) - committed


async def measure(
    name: str, listen: Listen, server: psutil.Process, address: str, url: str, count: int, events: int
) -> None:
    heard: Heard = asyncio.Queue()
    async with listening(listen, address, 1, heard):
        await reach(url, 1, heard)
        before = server.memory_info().rss
    async with listening(listen, address, count, heard):
        await asyncio.sleep(2)
        idle, worked = server.memory_info().rss, sum(server.cpu_times()[:2])
        reached = [await reach(url, count, heard) for _ in range(events)]
        after, worked = server.memory_info().rss, sum(server.cpu_times()[:2]) - worked
    first, last = ([times[place] for times in reached] for place in (0, 1))
    print(
        f"{name}: {count} clients; {(idle - before) / count / 1000:.1f} kB each idle, "
        f"{(after - before) / count / 1000:.1f} kB after {events} events; to all in {max(last):.3f} s at worst, "
        f"{statistics.median(last):.3f} s in the middle (the first client: {statistics.median(first):.3f} s); "
        f"{worked / events:.3f} s of a processor for each event"
    )


LISTEN: dict[str, Listen] = {"Server-Sent Events": listen_to_stream, "WebSocket": listen_to_socket}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--events", type=int, default=10)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65_536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with tempfile.TemporaryDirectory() as home:
        postgres = EmbeddedPostgres(Path(home))
        postgres.start()
        try:
            url = postgres.url
            Database(url).ensure_ready()
            with psycopg.connect(url) as connection:
                create_published_marts(connection)
            for name, listen in LISTEN.items():  # each with a process of its own, whose memory nobody used before
                with api_process(url) as (server, address):
                    asyncio.run(measure(name, listen, server, address, url, given.clients, given.events))
        finally:
            postgres.stop()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
