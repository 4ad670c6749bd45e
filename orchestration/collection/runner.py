"""Runs many calls at once, within the limits of each host, and hands every result over before its slot goes on.

Not here: what a call asks and what becomes of it (collect).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Awaitable, Callable, Iterable

    from orchestration.providers.target_file import Limits

Call = TypeVar("Call")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class HostQueue(Generic[Call]):
    """The calls that go to one host, in their order, and what that host may be asked at once and per minute."""

    calls: deque[Call]
    limits: Limits


class Pace:
    """Spaces the starts of calls evenly, so that a minute never holds more than the limit and never a burst of it."""

    def __init__(self, requests_per_minute: int | None) -> None:
        self._gap_s = 60.0 / requests_per_minute if requests_per_minute else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Return when the next call may start."""
        if not self._gap_s:
            return
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        self._next = mine + self._gap_s
        await asyncio.sleep(mine - now)


async def run_calls(
    queues: Iterable[HostQueue[Call]],
    *,
    ask: Callable[[Call], Awaitable[Result]],
    keep: Callable[[Result], Awaitable[None]],
    concurrency: int,
) -> None:
    """Ask every call; at most `concurrency` at once over all hosts.

    `keep` has finished before the slot of its call takes the next one. An exception of `ask` or `keep` stops all
    calls and is raised; so does cancelling. What was kept stays kept.
    """
    slots = asyncio.Semaphore(concurrency)
    try:
        async with asyncio.TaskGroup() as group:
            for queue in queues:
                pace = Pace(queue.limits.requests_per_minute)
                for _ in range(min(queue.limits.max_concurrency, concurrency, len(queue.calls))):
                    group.create_task(_drain(queue.calls, pace, slots, ask, keep))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def _drain(
    calls: deque[Call],
    pace: Pace,
    slots: asyncio.Semaphore,
    ask: Callable[[Call], Awaitable[Result]],
    keep: Callable[[Result], Awaitable[None]],
) -> None:
    while calls:
        call = calls.popleft()
        await pace.turn()
        async with slots:
            await keep(await ask(call))
