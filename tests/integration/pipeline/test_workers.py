"""An hour whose steps two workers share, one of which is killed: nothing is lost, doubled, or paid for twice.

Not here: runs without workers that are killed (test_reruns).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.simulator.serving import serving
from orchestration.storage.archive import Archive
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.installation import Installation, made
from tests.support.parsed_project import give_parsed_project
from tests.support.product import RunningCommand
from tests.support.shared_hour import CountedModels, redis_server, working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.records import Response

pytestmark = pytest.mark.e2e

HOUR, MOMENT = "2026-11-20T05", datetime(2026, 11, 20, 5, tzinfo=UTC)
AT_ONCE = 2
SLOW_S = 0.6


@pytest.fixture(scope="module")
def models() -> Iterator[tuple[CountedModels, int]]:
    counted = CountedModels()
    with serving(counted.app()) as address:
        yield counted, int(address.removesuffix("/v1").rpartition(":")[2])


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture(scope="module")
def reference(
    tmp_path_factory: pytest.TempPathFactory, models: tuple[CountedModels, int], parsed_home: Path
) -> Iterator[Installation]:
    """The hour, measured in one process without a disturbance."""
    installation = made(tmp_path_factory.mktemp("reference") / "home", models[1], HOUR, HOUR)
    give_parsed_project(parsed_home, installation.home)
    try:
        installation.measure()
        yield installation
    finally:
        EmbeddedPostgres(installation.home).stop()


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
    deadline = time.monotonic() + 300
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


@pytest.mark.timeout(1800)
def test_an_hour_ends_as_if_undisturbed_when_one_of_two_workers_is_killed(
    reference: Installation, models: tuple[CountedModels, int], broker: str, tmp_path: Path
) -> None:
    counted, port = models
    undisturbed = Counter(counted.asked)
    counted.asked.clear()
    counted.delay_s = SLOW_S
    more = {"AIBAAS_EXECUTOR": "celery", "AIBAAS_BROKER_URL": broker, "AIBAAS_CONCURRENCY": str(AT_ONCE)}
    shared = made(tmp_path / "home", port, HOUR, HOUR, **more)
    give_parsed_project(reference.home, shared.home)
    shared.command_line("migrate")
    try:
        with working(shared, "first") as first, working(shared, "second"):
            run = RunningCommand(shared.command, shared.environment, tmp_path / "run.log")
            try:
                share = wait_until_amid_a_share(first, run)
                first.kill()
                known = {question(response) for response in Archive(shared.home / "archive", share).responses(MOMENT)}
                counted.delay_s = 0.0
                assert run.process.wait(900) == 0, run.said
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
