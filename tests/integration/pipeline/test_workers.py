"""An hour whose steps two workers share, one of which is killed: nothing is lost, doubled, or paid for twice.

Not here: runs without workers that are killed (test_reruns).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from orchestration.settings import PROJECT_ROOT
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import simulated_models
from orchestration.storage.archive import Archive
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.installation import Installation, made
from tests.support.product import RunningCommand, free_ports

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from orchestration.records import Response

pytestmark = pytest.mark.e2e

HOUR, MOMENT = "2026-11-20T05", datetime(2026, 11, 20, 5, tzinfo=UTC)
AT_ONCE = 2
SLOW_S = 0.6


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


@pytest.fixture(scope="module")
def models() -> Iterator[tuple[CountedModels, int]]:
    counted = CountedModels()
    with serving(counted.app()) as address:
        yield counted, int(address.removesuffix("/v1").rpartition(":")[2])


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A Redis server of its own."""
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


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, models: tuple[CountedModels, int]) -> Iterator[Installation]:
    """The hour, measured in one process without a disturbance."""
    installation = made(tmp_path_factory.mktemp("reference") / "home", models[1], HOUR, HOUR)
    try:
        installation.measure()
        yield installation
    finally:
        EmbeddedPostgres(installation.home).stop()


@contextmanager
def working(installation: Installation, name: str) -> Iterator[RunningCommand]:
    """A worker in a process group of its own, killed at the end of the block."""
    command = [sys.executable, "-m", "orchestration.cli", "worker", "--name", name]
    worker = RunningCommand(command, installation.environment, installation.home.parent / f"{name}.log")
    try:
        worker.wait_for("takes steps from", within_s=60)
        yield worker
    finally:
        worker.kill()
        print(worker.said[-3000:])


def open_journals(group: int) -> list[Path]:
    """The journals that a process of the group has open now."""
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = descriptor.readlink()
            if target.suffix == ".jsonl" and os.getpgid(int(descriptor.parts[2])) == group:
                found.add(target)
        except OSError:
            continue
    return sorted(found)


def wait_until_amid_a_share(worker: RunningCommand, run: RunningCommand) -> str:
    """Wait until the worker has journalled some answers of a share but not all; returns the share's name."""
    deadline = time.monotonic() + 120
    while True:
        assert time.monotonic() < deadline, run.said
        assert run.process.poll() is None, run.said
        for journal in open_journals(worker.process.pid):
            if 3 <= journal.read_bytes().count(b"\n") <= 9:
                return journal.name.partition(".share=")[2].removesuffix(".jsonl")
        time.sleep(0.02)


def starts_of(share: str) -> str:
    return f"""
        SELECT count(*) FROM event_logs
        WHERE dagster_event_type = 'STEP_START' AND step_key = 'raw__responses.collect_share[{share}]'
    """


def question(response: Response) -> tuple[str, str]:
    return response.requested_model, response.prompt_sha256


def archived(installation: Installation) -> list[Response]:
    archive = Archive(installation.home / "archive")
    assert archive.unsealed_hours() == []
    return sorted(archive.read(MOMENT), key=lambda response: response.call_id)


def without_files(tables: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Rows without the name of their archive file, in which shares differ from the whole."""
    return {
        name: sorted((tuple(v for v in row if not str(v).startswith("responses/date=")) for row in rows), key=repr)
        for name, rows in tables.items()
    }


@pytest.mark.timeout(900)
def test_an_hour_ends_as_if_undisturbed_when_one_of_two_workers_is_killed(
    reference: Installation, models: tuple[CountedModels, int], broker: str, tmp_path: Path
) -> None:
    counted, port = models
    undisturbed = Counter(counted.asked)
    counted.asked.clear()
    counted.delay_s = SLOW_S
    more = {"AIBAAS_EXECUTOR": "celery", "AIBAAS_BROKER_URL": broker, "AIBAAS_CONCURRENCY": str(AT_ONCE)}
    shared = made(tmp_path / "home", port, HOUR, HOUR, **more)
    shutil.copytree(reference.home / "dbt", shared.home / "dbt")
    subprocess.run([*shared.command[:3], "migrate"], env=shared.environment, cwd=PROJECT_ROOT, check=True, timeout=120)
    try:
        with working(shared, "first") as first, working(shared, "second"):
            run = RunningCommand(shared.command, shared.environment, tmp_path / "run.log")
            try:
                share = wait_until_amid_a_share(first, run)
                first.kill()
                known = {question(response) for response in Archive(shared.home / "archive", share).responses(MOMENT)}
                counted.delay_s = 0.0
                assert run.process.wait(300) == 0, run.said
            finally:
                run.kill()
        again = counted.asked - undisturbed
        assert known
        assert not known & set(again), "what had been answered was asked again"
        assert again.total() <= AT_ONCE, "more was asked again than was under way"
        assert undisturbed - counted.asked == Counter()
        assert shared.read(starts_of(share), "dagster") == [(2,)]
        assert archived(shared) == archived(reference)
        assert without_files(shared.raw(is_same_execution=False)) == without_files(
            reference.raw(is_same_execution=False)
        )
        assert shared.marts() == reference.marts()
    finally:
        EmbeddedPostgres(shared.home).stop()
