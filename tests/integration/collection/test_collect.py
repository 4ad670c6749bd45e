from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.cli.soaking.archive_disk import ArchiveDisk
from orchestration.collection.collect import Collector, HourSummary
from orchestration.collection.plan import plan_hour
from orchestration.collection.published_prices import known_prices
from orchestration.collection.runner import RunLimits
from orchestration.pricing.price_book import PriceBook
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.settings import OperatorError
from orchestration.storage.archive import Archive
from tests.support.openai_server import ScriptedServer, Step
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall

HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
SCENARIOS = {
    f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=1, max_output_tokens=9) for n in range(6)
}
CATALOGUE: Any = SimpleNamespace(scenarios=SCENARIOS)
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=tuple(SCENARIOS), variants="public")


def variant(scenario_id: str, _version: int, _seed: int) -> Any:
    return SimpleNamespace(prompt=f"solve {scenario_id}", dialogue=None, scenario=SCENARIOS[scenario_id])


def targets_on(server: ScriptedServer) -> list[Target]:
    return [
        scripted_target(
            server.base_url, name=f"sim-{model}", model=model, is_simulated=True, price_source="published", host="sim"
        )
        for model in ("atlas", "flint")
    ]


def plan_of(targets: Sequence[Target], hour: datetime = HOUR) -> list[PlannedCall]:
    return plan_hour(hour, CATALOGUE, SUITE, targets, planned_at=HOUR)


def collector(
    root: Path,
    targets: Sequence[Target],
    book: PriceBook | None = None,
    concurrency: int = 4,
    forced_by: str | None = None,
) -> Collector:
    return Collector(
        targets=targets,
        client=LiteLLMClient(RetryPolicy(tries=1)),
        archive=Archive(root),
        price_book=book or PriceBook.from_rows([]),
        variants=variant,
        limits=RunLimits(concurrency=concurrency),
        forced_by=forced_by,
    )


def collected(
    root: Path, server_script: list[Step], hours: int = 1, forced_by: str | None = None
) -> tuple[list[HourSummary], int]:
    """The summaries and how many calls the server saw."""

    async def run() -> tuple[list[HourSummary], int]:
        async with ScriptedServer(server_script) as server:
            targets = targets_on(server)
            times = [HOUR + timedelta(hours=n) for n in range(hours)]
            plans = {hour: plan_of(targets, hour) for hour in times}
            return await collector(root, targets, forced_by=forced_by).collect_hours(plans), len(server.seen)

    return asyncio.run(run())


def test_an_hour_is_asked_archived_and_counted(tmp_path: Path) -> None:
    (summary,), asked = collected(tmp_path, [Step(text="fine")])
    assert (summary.planned_count, summary.answered_count, summary.failed_count, asked) == (12, 12, 0, 12)
    assert summary.archive_file is not None
    responses = Archive(tmp_path).read(HOUR)
    assert len({response.call_id for response in responses}) == 12
    assert {(r.answer, r.status, r.attempt, r.scheduled_for) for r in responses} == {("fine", "answered", 1, HOUR)}
    assert all(r.harness_version.startswith("aibaas/") and "litellm/" in r.harness_version for r in responses)


def test_a_rerun_asks_nothing_again(tmp_path: Path) -> None:
    collected(tmp_path, [Step(), Step(status=401), Step()])
    before = Archive(tmp_path).read(HOUR)
    (summary,), asked = collected(tmp_path, [Step()])
    assert (asked, summary.known_count, summary.answered_count, summary.archive_file) == (0, 12, 0, None)
    assert Archive(tmp_path).read(HOUR) == before


def test_a_failed_call_is_a_row_with_its_reason(tmp_path: Path) -> None:
    (summary,), _ = collected(tmp_path, [Step(status=401), Step(status=429), Step(body="<html>"), Step()])
    assert summary.errors == {"authentication": 1, "rate_limit": 1, "malformed": 1}
    assert (summary.answered_count, summary.failed_count) == (9, 3)
    failures = [r for r in Archive(tmp_path).read(HOUR) if r.status == "failed"]
    assert len(failures) == 3
    assert all(r.answer is None and r.cost_usd is None and r.error_detail and r.error_code for r in failures)


def test_many_hours_share_a_run_and_report_progress(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    async def run() -> list[HourSummary]:
        async with ScriptedServer() as server:
            targets = targets_on(server)
            plans = {h: plan_of(targets, h) for h in (HOUR, HOUR + timedelta(hours=1), HOUR + timedelta(hours=2))}
            return await collector(tmp_path, targets).collect_hours(plans, progress=lambda *seen: told.append(seen))

    summaries = asyncio.run(run())
    assert [summary.answered_count for summary in summaries] == [12, 12, 12]
    assert told[-1] == (36, 36)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_nothing_is_asked_while_its_answers_have_no_room(tmp_path: Path) -> None:
    disk, archive = ArchiveDisk(tmp_path / "archive"), tmp_path / "archive"

    async def asked_with(*, is_full: bool) -> int:
        async with ScriptedServer([Step(text="fine")]) as server:
            targets = targets_on(server)
            if is_full:
                with pytest.raises(OperatorError, match=r"the disk is full, .* needs 1 MB: free some space"):
                    await collector(archive, targets).collect_hours({HOUR: plan_of(targets)})
            else:
                await collector(archive, targets).collect_hours({HOUR: plan_of(targets)})
            return len(server.seen)

    with disk.mounted():
        if not disk.is_own_disk:
            pytest.skip("a disk can be mounted by root alone")
        disk.fill()
        assert asyncio.run(asked_with(is_full=True)) == 0
        disk.free()
        assert asyncio.run(asked_with(is_full=False)) == 12


def test_calls_of_targets_that_are_gone_are_left_unanswered(tmp_path: Path) -> None:
    async def run() -> HourSummary:
        async with ScriptedServer() as server:
            targets = targets_on(server)
            return await collector(tmp_path, targets[:1]).collect_hour(HOUR, plan_of(targets))

    summary = asyncio.run(run())
    assert (summary.answered_count, summary.unaskable_count) == (6, 6)


def test_published_prices_give_each_call_its_cost(tmp_path: Path) -> None:
    dated = [
        {"valid_from": (HOUR - timedelta(days=9)).isoformat(), "prompt": "0.000001", "completion": "0.000002"},
        {"valid_from": (HOUR + timedelta(hours=1)).isoformat(), "prompt": "0.000002", "completion": "0.000004"},
    ]

    async def run() -> list[HourSummary]:
        async with ScriptedServer(
            [Step(headers={"x-simulated-latency-ms": "5", "x-simulated-started-at": HOUR.isoformat()})],
            listing={"data": [{"id": "atlas", "pricing": dated}]},
        ) as server:
            targets = targets_on(server)
            prices = await known_prices(targets, LiteLLMClient())
            assert prices.silent_hosts == {}
            return await collector(tmp_path, targets, prices.book).collect_hours({HOUR: plan_of(targets)})

    (summary,) = asyncio.run(run())
    assert (summary.cost_usd, summary.unpriced_count) == (6 * Decimal("0.000025"), 6)
    assert {r.price_id is None for r in Archive(tmp_path).read(HOUR) if r.target_id == "sim-flint"} == {True}


def test_a_host_that_does_not_answer_about_prices_is_named() -> None:
    silent = [scripted_target("http://127.0.0.1:9/v1", is_simulated=True, price_source="published")]
    prices = asyncio.run(known_prices(silent, LiteLLMClient()))
    assert list(prices.silent_hosts) == ["scripted"]
    assert prices.book.rows


def test_a_forced_run_that_was_cut_short_asks_only_the_rest_and_another_one_everything(tmp_path: Path) -> None:
    collected(tmp_path, [Step(text="first")])

    async def cut_short() -> int:
        async with ScriptedServer([Step(text="again"), Step(text="again"), Step(delay_s=30)]) as server:
            targets = targets_on(server)
            forced = collector(tmp_path, targets, forced_by="run-1")
            task = asyncio.create_task(forced.collect_hour(HOUR, plan_of(targets)))
            while len(Archive(tmp_path).responses(HOUR)) < 14:  # noqa: ASYNC110 - the disk is watched, no event tells
                await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return len(server.seen)

    asyncio.run(cut_short())
    (summary,), asked = collected(tmp_path, [Step(text="again")], forced_by="run-1")
    assert (summary.known_count, asked) == (2, 10)
    assert collected(tmp_path, [Step(text="again")], forced_by="run-1")[1] == 0
    assert collected(tmp_path, [Step(text="again")])[1] == 0
    assert collected(tmp_path, [Step(text="third")], forced_by="run-2")[1] == 12
    kept = Counter((row.attempt, row.forced_by, row.answer) for row in Archive(tmp_path).read(HOUR))
    assert kept == {(1, None, "first"): 12, (2, "run-1", "again"): 12, (3, "run-2", "third"): 12}


def test_cancelling_keeps_what_was_answered(tmp_path: Path) -> None:
    async def run() -> int:
        async with ScriptedServer([Step(), Step(), Step(), Step(delay_s=30)]) as server:
            targets = targets_on(server)
            task = asyncio.create_task(collector(tmp_path, targets).collect_hour(HOUR, plan_of(targets)))
            while len(Archive(tmp_path).responses(HOUR)) < 3:  # noqa: ASYNC110 - the disk is watched, no event tells
                await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return len(server.seen)

    asyncio.run(run())
    (summary,), asked = collected(tmp_path, [Step()])
    assert (summary.known_count, asked) == (3, 9)
