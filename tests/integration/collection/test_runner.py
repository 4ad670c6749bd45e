"""An hour of real calls over hosts that fail, to the rows that result."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import time
from datetime import UTC, datetime
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.collection.collect import Collector
from orchestration.collection.plan import plan_hour
from orchestration.collection.runner import RunLimits
from orchestration.pricing.price_book import PriceBook
from orchestration.providers.circuit import CircuitPolicy
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.providers.target_file import Limits
from orchestration.settings import keep_litellm_offline
from orchestration.storage.archive import Archive
from tests.support.openai_server import ScriptedServer, Step
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall, Response

HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
SCENARIOS = {
    f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=1, max_output_tokens=9) for n in range(6)
}
CATALOGUE: Any = SimpleNamespace(scenarios=SCENARIOS)
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=tuple(SCENARIOS), variants="public")
QUICK = RetryPolicy(first_wait_s=0.02)
IMPATIENT = CircuitPolicy(failures=4, waits_s=(0.2, 0.2))


def variant(scenario_id: str, _version: int, _seed: int) -> Any:
    return SimpleNamespace(prompt=f"solve {scenario_id}", dialogue=None, scenario=SCENARIOS[scenario_id])


def target(url: str, model: str, host: str = "host", **limits: int) -> Target:
    return scripted_target(url, name=f"{host}-{model}", model=model, host=host, limits=Limits(**limits))


def plan_of(targets: Sequence[Target], hour: datetime = HOUR) -> list[PlannedCall]:
    return plan_hour(hour, CATALOGUE, SUITE, targets, planned_at=hour)


def collector(root: Path, targets: Sequence[Target], retries: RetryPolicy = QUICK, **limits: float) -> Collector:
    return Collector(
        targets=targets,
        client=LiteLLMClient(retries, IMPATIENT),
        archive=Archive(root),
        price_book=PriceBook.from_rows([]),
        variants=variant,
        limits=RunLimits(**limits),  # type: ignore[arg-type]
        deadline_s=20,
    )


async def rows_of(root: Path, targets: Sequence[Target], **how: Any) -> dict[str, list[Response]]:
    """The rows of each target's hour."""
    await collector(root, targets, **how).collect_hour(HOUR, plan_of(targets))
    rows = Archive(root).read(HOUR)
    assert len({row.call_id for row in rows}) == len(rows) == 6 * len(targets)
    return {one.target_id: [row for row in rows if row.target_id == one.target_id] for one in targets}


def codes(rows: Sequence[Response]) -> set[str | None]:
    return {row.error_code for row in rows}


def refused(rows: Sequence[Response]) -> list[Response]:
    """The rows of calls that no request was made for."""
    found = [row for row in rows if row.try_count == 0]
    assert all(row.latency_ms is None and row.answer is None and row.error_detail for row in found)
    return found


def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def test_a_wrong_key_is_sent_once_an_hour(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], int]:
        async with ScriptedServer([Step(status=401)]) as server:
            targets = [target(server.base_url, model) for model in ("atlas", "flint")]
            return await rows_of(tmp_path, targets), len(server.seen)

    rows, asked = asyncio.run(run())
    everything = list(chain.from_iterable(rows.values()))
    assert (asked, codes(everything), len(refused(everything))) == (1, {"authentication"}, 11)
    told = {row.error_detail for row in refused(everything)}
    assert told == {'circuit open, not asked: HTTP 401: {"error": {"message": "scripted 401"}}'}


def test_a_model_that_is_gone_ends_alone(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], int]:
        async with ScriptedServer(by_model={"gone": [Step(status=404)]}) as server:
            targets = [target(server.base_url, model, max_concurrency=2) for model in ("atlas", "gone", "flint")]
            return await rows_of(tmp_path, targets), len(server.asked_of("gone"))

    rows, asked = asyncio.run(run())
    assert codes(rows["host-atlas"]) == codes(rows["host-flint"]) == {None}
    assert codes(rows["host-gone"]) == {"not_found"}
    assert (asked <= 2, len(refused(rows["host-gone"]))) == (True, 6 - asked)


def test_a_host_that_is_not_there_is_given_up_and_another_goes_on(tmp_path: Path) -> None:
    async def run() -> dict[str, list[Response]]:
        async with ScriptedServer() as server:
            return await rows_of(tmp_path, [target(nowhere(), "lost", "dead"), target(server.base_url, "atlas")])

    began = time.monotonic()
    rows = asyncio.run(run())
    assert time.monotonic() - began < 20
    assert codes(rows["host-atlas"]) == {None}
    assert codes(rows["dead-lost"]) == {"connection"}
    assert all("circuit open, not asked" in (row.error_detail or "") for row in refused(rows["dead-lost"]))
    assert sum(row.try_count for row in rows["dead-lost"]) < 6 * QUICK.tries


def test_a_host_that_comes_back_is_asked_for_the_rest(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], list[float]]:
        async with ScriptedServer([Step(is_aborted=True)] * 4 + [Step()]) as server:
            targets = [target(server.base_url, "atlas", max_concurrency=1)]
            return await rows_of(tmp_path, targets), server.seen_at

    rows, seen_at = asyncio.run(run())
    failed = [row for row in rows["host-atlas"] if row.status == "failed"]
    assert [(row.error_code, row.try_count) for row in failed] == [("connection", 3)]
    assert sum(row.status == "answered" for row in rows["host-atlas"]) == 5
    assert seen_at[4] - seen_at[3] >= 0.2


def test_an_overloaded_host_is_left_alone_too(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], int]:
        async with ScriptedServer([Step(status=529)]) as server:
            return await rows_of(tmp_path, [target(server.base_url, "atlas")]), len(server.seen)

    rows, asked = asyncio.run(run())
    assert codes(rows["host-atlas"]) == {"overloaded"}
    assert asked < 6 * QUICK.tries
    assert asked == sum(row.try_count for row in rows["host-atlas"])


def test_retry_after_holds_all_targets_of_the_host_and_no_other(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], list[float], list[float]]:
        busy = Step(status=429, headers={"Retry-After": "1"})
        async with ScriptedServer([busy, Step()]) as server, ScriptedServer() as other:
            targets = [target(server.base_url, model) for model in ("atlas", "flint")]
            rows = await rows_of(tmp_path, [*targets, target(other.base_url, "ember", "other")])
            return rows, server.seen_at, other.seen_at

    rows, busy_at, other_at = asyncio.run(run())
    everything = list(chain.from_iterable(rows.values()))
    assert codes(everything) == {None}
    assert [row.error_detail for row in everything if row.try_count == 2] == [
        'try 1: rate_limit: HTTP 429: {"error": {"message": "scripted 429"}}'
    ]
    assert busy_at[1] - busy_at[0] >= 1.0
    assert other_at[-1] < busy_at[1]


def test_what_a_host_leaves_is_not_exceeded(tmp_path: Path) -> None:
    empty = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "700ms"}

    async def run() -> tuple[dict[str, list[Response]], list[float]]:
        async with ScriptedServer([Step(headers=empty), Step()]) as server:
            return await rows_of(tmp_path, [target(server.base_url, "atlas")]), server.seen_at

    rows, seen_at = asyncio.run(run())
    assert codes(rows["host-atlas"]) == {None}
    assert seen_at[1] - seen_at[0] >= 0.7


def test_nothing_begins_after_the_hour_s_deadline(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], int]:
        async with ScriptedServer([Step(delay_s=0.4)]) as server:
            targets = [target(server.base_url, "atlas", max_concurrency=1)]
            return await rows_of(tmp_path, targets, deadline_s=1.0), len(server.seen)

    rows, asked = asyncio.run(run())
    late = refused(rows["host-atlas"])
    assert 1 <= asked == 6 - len(late) < 6
    assert {(row.error_code, row.error_detail) for row in late} == {
        ("timeout", "the hour's deadline: not begun within 1 s, not asked")
    }
    assert sum(row.status == "answered" for row in rows["host-atlas"]) == asked


def test_no_call_is_tried_again_after_the_hour_s_deadline(tmp_path: Path) -> None:
    async def run() -> tuple[dict[str, list[Response]], int]:
        async with ScriptedServer([Step(status=500, delay_s=0.5)]) as server:
            targets = [target(server.base_url, "atlas", max_concurrency=6)]
            return await rows_of(tmp_path, targets, deadline_s=0.8, retries=RetryPolicy(first_wait_s=1)), len(
                server.seen
            )

    rows, asked = asyncio.run(run())
    assert {row.try_count for row in rows["host-atlas"]} <= {0, 1}
    assert asked == sum(row.try_count for row in rows["host-atlas"])


@pytest.fixture(scope="module")
def forks() -> Any:
    """Starts processes that have imported litellm already, which takes seconds."""
    keep_litellm_offline()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["litellm", __name__])
    return context


def collect_in_a_process(root: Path, url: str, hour: datetime, grace_s: float) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have them ignored
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    targets = [target(url, model, max_concurrency=2) for model in ("atlas", "flint")]
    asyncio.run(collector(root, targets, grace_s=grace_s).collect_hour(hour, plan_of(targets, hour)))


def started(forks: Any, root: Path, server: ScriptedServer, grace_s: float = 5.0) -> Any:
    process = forks.Process(target=collect_in_a_process, args=(root, server.base_url, HOUR, grace_s))
    process.start()
    return process


async def until_asked(server: ScriptedServer, count: int, process: Any) -> None:
    while len(server.seen) < count and process.is_alive():  # noqa: ASYNC110 - another process is watched
        await asyncio.sleep(0.002)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("grace_s", "kept"), [(30.0, 5), (0.05, 3)], ids=["graceful", "hasty"])
def test_a_signal_seals_the_hour_with_what_there_is(
    forks: Any, tmp_path: Path, number: signal.Signals, grace_s: float, kept: int
) -> None:
    """Three answers are there and two calls are under way when the signal comes."""

    async def run() -> tuple[int, int]:
        async with ScriptedServer([Step(), Step(), Step(), Step(delay_s=1.0)]) as server:
            process = started(forks, tmp_path, server, grace_s)
            await until_asked(server, 5, process)
            os.kill(process.pid, number)
            await asyncio.to_thread(process.join, 60)
            return process.exitcode, len(server.seen)

    code, asked = asyncio.run(run())
    assert code == -signal.SIGTERM if number == signal.SIGTERM else code != 0
    assert asked == 5
    archive = Archive(tmp_path)
    assert (len(archive.read(HOUR)), archive.unsealed_hours()) == (kept, [])
    assert not list(tmp_path.rglob("*.unfinished"))


def test_kills_at_any_point_lose_no_more_than_the_calls_in_flight_each(forks: Any, tmp_path: Path) -> None:
    async def run() -> int:
        kills = 0
        async with ScriptedServer([Step(delay_s=0.01)]) as server:
            while True:
                process, seen = started(forks, tmp_path, server), len(server.seen)
                await until_asked(server, seen + 2 + kills % 3, process)
                await asyncio.sleep(0.003 * kills)
                process.kill()
                await asyncio.to_thread(process.join, 60)
                assert len(server.seen) - len(Archive(tmp_path).responses(HOUR)) <= 2 * (kills + 1)
                if process.exitcode == 0:
                    return kills
                kills += 1

    assert asyncio.run(run()) >= 2
    rows = Archive(tmp_path).responses(HOUR)
    assert len({row.call_id for row in rows}) == len(rows) == 12
