from __future__ import annotations

import asyncio
from collections import deque

import pytest

from orchestration.collection.runner import HostQueue, run_calls
from orchestration.providers.target_file import Limits


class Asked:
    """Counts what is in flight."""

    def __init__(self) -> None:
        self.now = 0
        self.most = 0
        self.kept: list[int] = []

    async def ask(self, call: int) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.002)
        self.now -= 1
        return call

    async def keep(self, result: int) -> None:
        self.kept.append(result)


def queue(calls: range, **limits: int) -> HostQueue[int]:
    return HostQueue(deque(calls), Limits(**limits))


def test_all_calls_are_kept_within_both_limits() -> None:
    asked = Asked()
    queues = [queue(range(40), max_concurrency=3), queue(range(40, 80), max_concurrency=4)]
    asyncio.run(run_calls(queues, ask=asked.ask, keep=asked.keep, concurrency=5))
    assert sorted(asked.kept) == list(range(80))
    assert asked.most == 5


def test_a_slow_host_does_not_hold_up_another() -> None:
    order: list[int] = []

    async def ask(call: int) -> int:
        await asyncio.sleep(0.2 if call == 0 else 0.001)
        return call

    async def keep(result: int) -> None:
        order.append(result)

    queues = [queue(range(1), max_concurrency=1), queue(range(1, 20), max_concurrency=1)]
    asyncio.run(run_calls(queues, ask=ask, keep=keep, concurrency=2))
    assert order[-1] == 0


def test_a_result_is_kept_before_its_slot_goes_on() -> None:
    events: list[str] = []

    async def ask(call: int) -> int:
        events.append(f"ask {call}")
        return call

    async def keep(result: int) -> None:
        await asyncio.sleep(0.001)
        events.append(f"kept {result}")

    asyncio.run(run_calls([queue(range(3), max_concurrency=1)], ask=ask, keep=keep, concurrency=9))
    assert events == ["ask 0", "kept 0", "ask 1", "kept 1", "ask 2", "kept 2"]


def test_a_failure_to_keep_stops_everything_and_is_raised_as_it_is() -> None:
    asked = Asked()

    async def keep(result: int) -> None:
        if result == 5:
            raise OSError("disk full")
        await asked.keep(result)

    with pytest.raises(OSError, match="disk full"):
        asyncio.run(run_calls([queue(range(1000), max_concurrency=2)], ask=asked.ask, keep=keep, concurrency=2))
    assert len(asked.kept) < 10


def test_requests_per_minute_spaces_the_starts() -> None:
    starts: list[float] = []

    async def ask(call: int) -> int:
        starts.append(asyncio.get_running_loop().time())
        return call

    asked = Asked()
    one_host = queue(range(5), max_concurrency=5, requests_per_minute=1200)
    asyncio.run(run_calls([one_host], ask=ask, keep=asked.keep, concurrency=5))
    assert starts[-1] - starts[0] >= 0.19
