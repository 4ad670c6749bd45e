"""Measures the API against an empty FastAPI route and against Fastify with pg, over HTTP and in one run.

usage: python -m tests.benchmarks.api_speed --home HOME [--peer DIRECTORY] [--seconds 5] [--rounds 3] [--million]

HOME holds a database with marts, such as that of `aibaas synth --days 365`, whose server runs. DIRECTORY is one in
which `npm install fastify pg` was run. The load is made by wrk, 64 connections on one thread, each measured once a
round, so that whatever else the machine does falls on all of them; what is printed are the medians and their ratios. An
answer of a megabyte is mostly the kernel's copying, so each is also held against a route that only sends as many bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import httpx
import psutil

from api.leaderboard.queries import leaderboard_rows
from api.leaderboard.schemas import Leaderboard
from api.models.history_schemas import History
from api.models.queries import Series, history_rows
from api.tables import Table
from orchestration.settings import PROJECT_ROOT
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import BaseModel

CONNECTIONS = 64
POOL_SIZE = 8
RATE_PER_S, OPEN_LOOP_S = 200, 30
EMPTY = """
import functools
import uvicorn
from fastapi import FastAPI, Response
from api.__main__ import listen, server_configuration
app = FastAPI()
content = functools.cache(bytes)
@app.get("/empty")
async def empty() -> dict[str, str]:
    return {}
@app.get("/bytes/{count}")
async def list_bytes(count: int) -> Response:
    return Response(content(count))
with listen("127.0.0.1", 0) as listener:
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(server_configuration(app)).run(sockets=[listener])
"""


@dataclass
class Question:
    """One question: as the API is asked, and as it asks the database."""

    name: str
    path: str
    answer: type[BaseModel]
    statement: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    async def fetch_all(self, statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """In the place of a database: notes what it is asked, and has no rows."""
        self.statement, self.values = statement, parameters
        return []


def questions(target_id: str, suite: str) -> list[Question]:
    board = Question("leaderboard", f"/v1/leaderboard?suite={suite}", Leaderboard)
    asyncio.run(leaderboard_rows(cast("Any", board), window="7d", suite=suite, family="all", row_limit=51))
    history = Question("history", f"/v1/models/{target_id}/history?days=90&suite={suite}", History)
    asyncio.run(history_rows(cast("Any", history), Series("hour", target_id, suite, "all"), days=90))
    return [board, history]


def numbered(question: Question) -> tuple[str, list[Any]]:
    """The statement with numbered parameters, and their values in that order."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", question.statement)))
    text = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", question.statement)
    return text, [question.values[name] for name in names]


def serializer_schema(route: Question, answer: dict[str, Any]) -> dict[str, Any]:
    """What Fastify makes a serializer of: types that may be null, in its own fast words."""
    table = Table.of(route.answer)
    assert table is not None
    entry = {name: {"type": [kind_of(table.columns[name]), "null"]} for name in answer["data"][0]}
    return {
        "type": "object",
        "properties": {
            "meta": {"type": "object", "additionalProperties": True},
            "data": {"type": "array", "items": {"type": "object", "properties": entry}},
            "next_cursor": {"type": ["string", "null"]},
        },
    }


def kind_of(node: dict[str, Any]) -> str:
    kinds = [each.get("type") for each in node.get("anyOf", [node]) if each.get("type") != "null"]
    return kinds[0] if kinds and kinds[0] else "string"


@contextmanager
def started(command: Sequence[str], **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server that says its address in its first line, and the process."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found, "it did not start"
        yield found[0], process
    finally:
        process.terminate()
        process.wait()


def api_environment(url: str, cache_mib: int) -> dict[str, str]:
    return {
        "AIBAAS_API_DATABASE_URL": url,
        "AIBAAS_API_PORT": "0",
        "AIBAAS_API_CACHE_MIB": str(cache_mib),
        "AIBAAS_API_POOL_SIZE": str(POOL_SIZE),
        "AIBAAS_API_CONNECT_TIMEOUT_S": "30",
        "AIBAAS_API_STATEMENT_TIMEOUT_MS": "60000",
        "AIBAAS_API_ANONYMOUS_TIER": "enterprise",
    }


def requests_per_s(url: str, seconds: int, *headers: str) -> float:
    """By wrk; any answer that is neither 200 nor 304 ends the measurement."""
    asked = [part for header in headers for part in ("-H", header)]
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *asked, url], capture_output=True, text=True, check=True
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def wait_until_tagged(url: str) -> str:
    """The ETag of an uncompressed answer, as soon as the marts' version is known."""
    plain = {"Accept-Encoding": "identity"}
    while "etag" not in (answer := httpx.get(url, headers=plain, trust_env=False, timeout=30)).headers:
        time.sleep(0.05)
    etag = str(answer.headers["etag"])
    known = httpx.get(url, headers=plain | {"If-None-Match": etag}, trust_env=False, timeout=30)
    assert known.status_code == 304, known.status_code
    return etag


def body_bytes(url: str) -> int:
    """Of the uncompressed answer."""
    return len(httpx.get(url, headers={"Accept-Encoding": "identity"}, trust_env=False, timeout=30).content)


def write_peer(directory: Path, url: str, answers: dict[str, Any], asked: list[Question]) -> Path:
    """What the peer is to do. What the API works out beside the columns (`extras`), it is given for every row."""
    given = []
    with Database(url).connect() as connection:
        for question in asked:
            columns = connection.execute(question.statement.encode(), question.values).description or ()
            names = {column.name for column in columns}
            answer, (text, values) = answers[question.name], numbered(question)
            told = {
                "name": question.name,
                "path": question.path.partition("?")[0],
                "text": text,
                "values": values,
                "rest": {name: value for name, value in answer.items() if name != "data"},
                "extras": [{name: row[name] for name in row if name not in names} for row in answer["data"]],
                "schema": serializer_schema(question, answer),
            }
            given.append(told)
    path = directory / "peer.json"
    path.write_text(json.dumps({"url": url, "pool_size": POOL_SIZE, "routes": given}))
    return path


def startup_s(url: str) -> float:
    """From the start of the process to its first answer."""
    begun = time.perf_counter()
    with started([sys.executable, "-m", "api"], **api_environment(url, 48)) as (address, _):
        httpx.get(f"{address}/healthz", trust_env=False)
        return time.perf_counter() - begun


def resident_mib(process: subprocess.Popen[str]) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


async def open_loop(address: str, paths: list[str]) -> list[float]:
    """Milliseconds from when each request was due, which is every 1/RATE_PER_S s whatever became of those before."""
    drawn, took_ms = random.Random(1), []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(due: float) -> None:
            async with session.get(f"{address}{drawn.choice(paths)}") as response:
                await response.read()
                assert response.status == 200, response.url
            took_ms.append((time.perf_counter() - due) * 1000)

        begun, asking = time.perf_counter(), []
        for number in range(RATE_PER_S * OPEN_LOOP_S):
            due = begun + number / RATE_PER_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            asking.append(asyncio.create_task(ask(due)))
        await asyncio.gather(*asking)
    return sorted(took_ms)


def mixed_paths(address: str, suite: str) -> list[str]:
    """Every listed route with the models that there are, in windows and forms of several kinds."""
    models = [model["target_id"] for model in httpx.get(f"{address}/v1/models", trust_env=False).json()["data"]]
    tails = ("", f"/history?suite={suite}&days=7", f"/history?suite={suite}&days=30")
    of_models = [f"/v1/models/{model}{tail}" for model in models for tail in tails]
    windows = [f"/v1/leaderboard?suite={suite}&window={window}" for window in ("24h", "7d", "30d", "90d")]
    return [*of_models, *windows, "/v1/models", "/v1/providers", "/v1/coverage", "/v1/status", "/readyz"]


def print_open_loop(label: str, address: str, suite: str) -> None:
    took = asyncio.run(open_loop(address, mixed_paths(address, suite)))
    p50, p95, p99 = (took[int(len(took) * share)] for share in (0.5, 0.95, 0.99))
    print(f"{label}: {len(took)} requests, p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f}, worst {took[-1]:.1f} ms")


@dataclass(frozen=True)
class Job:
    """What wrk asks which server."""

    server: subprocess.Popen[str]
    url: str
    headers: tuple[str, ...] = ()


@dataclass
class Found:
    """Of one job, by round: requests a second, and microseconds of a processor that the server took for each."""

    rates: list[float] = field(default_factory=list)
    processor_us: list[float] = field(default_factory=list)

    def measure(self, job: Job, seconds: int) -> None:
        before = processor_s(job.server)
        rate = requests_per_s(job.url, seconds, *job.headers)
        self.rates.append(rate)
        self.processor_us.append((processor_s(job.server) - before) / (rate * seconds) * 1e6)


def processor_s(process: subprocess.Popen[str]) -> float:
    spent = psutil.Process(process.pid).cpu_times()
    return float(spent.user + spent.system)


def print_rates(found: dict[str, Found]) -> None:
    """Each against the empty route, by both measures: the second one does not feel what else the machine does."""
    for name, each in found.items():
        print(f"{name:<28} {median(each.rates):9.0f} requests/s {median(each.processor_us):9.0f} us")
    for route in ("leaderboard", "history"):
        for kind, bar in (("warm", 0.6), ("warm zstd", 0.6), ("304", 0.8)):
            print_ratio(found, f"{route} {kind}", "empty route", bar)
        print_ratio(found, f"{route} warm", f"{route} as large", 0.6)
        if f"{route} peer" in found:
            print_ratio(found, f"{route} cold", f"{route} peer", 1.0)


def print_ratio(found: dict[str, Found], name: str, other: str, bar: float) -> None:
    rate = median(found[name].rates) / median(found[other].rates)
    processor = median(found[other].processor_us) / median(found[name].processor_us)
    print(f"{name} / {other}: {rate:.2f}, by processor time {processor:.2f} (bar {bar})")


def measured_rates(url: str, asked: list[Question], peer: Path | None, seconds: int, rounds: int) -> None:
    with ExitStack() as servers:
        scratch = Path(servers.enter_context(tempfile.TemporaryDirectory()))
        empty, plain = servers.enter_context(started([sys.executable, "-c", EMPTY]))
        warm, keeping = servers.enter_context(started([sys.executable, "-m", "api"], **api_environment(url, 48)))
        cold, forgetting = servers.enter_context(started([sys.executable, "-m", "api"], **api_environment(url, 0)))
        answers = {route.name: httpx.get(cold + route.path, trust_env=False, timeout=30).json() for route in asked}
        jobs = {"empty route": Job(plain, f"{empty}/empty")}
        for route in asked:
            etag = wait_until_tagged(warm + route.path)
            jobs[f"{route.name} as large"] = Job(plain, f"{empty}/bytes/{body_bytes(warm + route.path)}")
            jobs[f"{route.name} warm"] = Job(keeping, warm + route.path)
            jobs[f"{route.name} warm zstd"] = Job(keeping, warm + route.path, ("Accept-Encoding: zstd",))
            jobs[f"{route.name} 304"] = Job(keeping, warm + route.path, (f"If-None-Match: {etag}",))
            jobs[f"{route.name} cold"] = Job(forgetting, cold + route.path)
        if peer is not None:
            command = [
                "node",
                str(Path(__file__).with_name("fastify_peer.cjs")),
                str(write_peer(scratch, url, answers, asked)),
            ]
            other, fastify = servers.enter_context(started(command, NODE_PATH=str(peer / "node_modules")))
            for route in asked:
                address = other + route.path.partition("?")[0]
                assert httpx.get(address, trust_env=False, timeout=30).json() == answers[route.name], route.name
                jobs[f"{route.name} peer"] = Job(fastify, address)
        found = {name: Found() for name in jobs}
        for _ in range(rounds):
            for name, job in jobs.items():
                found[name].measure(job, seconds)
                print(f"  {name}: {found[name].rates[-1]:.0f}", flush=True)
        print_rates(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", action="store_true", help="Also what a process holds after a million requests.")
    parser.add_argument("--beside", help="A command that runs while the mixed load is measured again, such as a build.")
    given = parser.parse_args()
    assert shutil.which("wrk"), "wrk is not installed"
    url = EmbeddedPostgres(given.home.resolve()).url
    newest = "SELECT suite, min(target_id) FROM marts.fct_leaderboard GROUP BY suite ORDER BY suite LIMIT 1"
    with Database(url).connect() as connection:
        ((suite, target_id),) = connection.execute(newest).fetchall()
    asked = questions(target_id, suite)
    print(f"load at the start: {os.getloadavg()[0]:.2f}")
    print(f"start: {median(startup_s(url) for _ in range(3)):.2f} s (bar 1.5)")
    measured_rates(url, asked, given.peer, given.seconds, given.rounds)
    with started([sys.executable, "-m", "api"], **api_environment(url, 48)) as (address, process):
        print_open_loop(f"{RATE_PER_S} a second, mixed (bars 25, 60, 500)", address, suite)
        if given.beside:
            with subprocess.Popen(given.beside, shell=True, stdout=subprocess.DEVNULL):
                print_open_loop("the same with the command beside it", address, suite)
        if given.million:
            wait_until_tagged(address + asked[0].path)
            count = 0.0
            while count < 1_000_000:
                for route in asked:
                    count += 20 * requests_per_s(address + route.path, 20, "Accept-Encoding: zstd")
            print(f"resident after {count:,.0f} requests: {resident_mib(process):.0f} MiB (bar 200)")
    print(f"load at the end: {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
