"""Runs many calls at once, fairly between targets and hosts, and hands every result over before its slot goes on.

Not here: what a call asks and what becomes of it (collect), nor how much a host may be asked (providers.host_gate).

The next call is of the host, and there of the target, with the fewest calls under way; among equals of the one that
has waited longest. So a slow target holds its share of the slots and never those of others (max-min fairness), and a
target whose calls have to wait does not make others wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from orchestration.providers.failures import CallTimedOutError
from orchestration.providers.host_gate import LONGEST_NAP_S, never_asked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from orchestration.providers.failures import ProviderError
    from orchestration.providers.host_gate import Admission, HostGate

Call = TypeVar("Call")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work(Generic[Call, Result]):
    """What is done with a call: asked (no try later than the given seconds), or refused with a reason; then kept.

    `tokens` is what a call may take at most; it is asked for only where it matters.
    """

    ask: Callable[[Call, Admission, float], Awaitable[Result]]
    refuse: Callable[[Call, ProviderError], Result]
    keep: Callable[[Result], Awaitable[None]]
    tokens: Callable[[Call], int]


@dataclass(slots=True)
class Lane(Generic[Call]):
    """The calls of one target that wait, and how many are under way."""

    target_id: str
    calls: deque[Call] = field(default_factory=deque)
    under_way: int = 0
    served_at: float = 0.0


@dataclass(slots=True)
class HostQueue(Generic[Call]):
    """The lanes of one host."""

    gate: HostGate
    lanes: dict[str, Lane[Call]] = field(default_factory=dict)

    def add(self, target_id: str, call: Call) -> None:
        self.lanes.setdefault(target_id, Lane(target_id)).calls.append(call)

    @property
    def has_calls(self) -> bool:
        return any(lane.calls for lane in self.lanes.values())

    @property
    def under_way(self) -> int:
        return sum(lane.under_way for lane in self.lanes.values())

    def waiting(self) -> list[Lane[Call]]:
        """The lanes that have calls, the next one first."""
        lanes = [lane for lane in self.lanes.values() if lane.calls]
        return sorted(lanes, key=lambda lane: (lane.under_way, lane.served_at))


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Over all hosts: calls under way at once, how long calls may begin, and how long a stopped run waits for them."""

    concurrency: int = 64
    deadline_s: float = 3000.0
    grace_s: float = 5.0


async def run_calls(
    queues: Iterable[HostQueue[Call]],
    work: Work[Call, Result],
    limits: RunLimits,
    stopped: asyncio.Event | None = None,
) -> None:
    """Ask every call that can be asked before the deadline, and refuse the others.

    `work.keep` has finished before the slot of its call takes the next one. When `stopped` is set no call begins, those
    under way have the grace to end and are cancelled then. An exception of `work` stops all calls and is raised; so
    does cancelling. What was kept stays kept.
    """
    run = _Run(list(queues), work, limits, stopped or asyncio.Event())
    try:
        async with asyncio.TaskGroup() as group:
            await run.dispatch(group)
            await run.end()
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


class _Run(Generic[Call, Result]):
    """One run of calls. It wakes when a slot is free, when it is stopped, and after the shortest known wait."""

    def __init__(
        self, queues: list[HostQueue[Call]], work: Work[Call, Result], limits: RunLimits, stopped: asyncio.Event
    ) -> None:
        self._queues = queues
        self._work = work
        self._limits = limits
        self._stopped = stopped
        self._ends_at = time.monotonic() + limits.deadline_s
        self._free = limits.concurrency
        self._woken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def dispatch(self, group: asyncio.TaskGroup) -> None:
        """Begin call after call until none waits or the run is stopped."""
        watch = group.create_task(self._wake_when_stopped())
        while not self._stopped.is_set() and any(queue.has_calls for queue in self._queues):
            self._woken.clear()
            self._refuse_hopeless(group)
            wait_s = self._begin_ready(group)
            if wait_s > 0:
                await _within(self._woken, min(wait_s, LONGEST_NAP_S))
        watch.cancel()

    async def end(self) -> None:
        """Wait for the calls under way; in a stopped run only for the grace, then cancel them."""
        while self._tasks and not self._stopped.is_set():
            self._woken.clear()
            await _within(self._woken, LONGEST_NAP_S)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._limits.grace_s)
        for task in self._tasks:
            task.cancel()

    async def _wake_when_stopped(self) -> None:
        await self._stopped.wait()
        self._woken.set()

    def _begin_ready(self, group: asyncio.TaskGroup) -> float:
        """Begin all calls that may begin now; return how long to wait for the next one."""
        while self._free:
            wait_s, ready = self._next()
            if ready is None:
                return wait_s
            self._begin(group, *ready)
        return LONGEST_NAP_S

    def _next(self) -> tuple[float, tuple[HostQueue[Call], Lane[Call], int] | None]:
        """The next call with its tokens, or how long none may begin."""
        shortest_s = LONGEST_NAP_S
        for queue, lane in self._candidates():
            tokens = self._tokens(queue, lane)
            delay_s = queue.gate.delay_s(lane.target_id, tokens)
            if delay_s <= 0:
                return 0.0, (queue, lane, tokens)
            shortest_s = min(shortest_s, delay_s)
        return shortest_s, None

    def _candidates(self) -> Iterator[tuple[HostQueue[Call], Lane[Call]]]:
        for queue in sorted(self._queues, key=lambda queue: queue.under_way):
            if queue.under_way < queue.gate.window:
                yield from ((queue, lane) for lane in queue.waiting())

    def _tokens(self, queue: HostQueue[Call], lane: Lane[Call]) -> int:
        return self._work.tokens(lane.calls[0]) if queue.gate.counts_tokens(lane.target_id) else 0

    def _begin(self, group: asyncio.TaskGroup, queue: HostQueue[Call], lane: Lane[Call], tokens: int) -> None:
        call = lane.calls.popleft()
        admission = queue.gate.admit(lane.target_id, tokens)
        lane.served_at = time.monotonic()
        lane.under_way += 1
        self._free -= 1
        self._add(group.create_task(self._run_one(queue.gate, lane, call, admission)))

    async def _run_one(self, gate: HostGate, lane: Lane[Call], call: Call, admission: Admission) -> None:
        try:
            result = await self._work.ask(call, admission, self._ends_at - time.monotonic())
            await self._work.keep(result)
        finally:
            gate.abandoned(admission)
            lane.under_way -= 1
            self._free += 1
            self._woken.set()

    def _refuse_hopeless(self, group: asyncio.TaskGroup) -> None:
        """Empty the lanes that can't be asked any more before the deadline."""
        left_s = self._ends_at - time.monotonic()
        for queue in self._queues:
            for lane in queue.waiting():
                error = self._late() if left_s <= 0 else self._refusal(queue, lane, left_s)
                if error is not None:
                    calls, lane.calls = lane.calls, deque()
                    self._add(group.create_task(self._refuse(calls, error)))

    def _refusal(self, queue: HostQueue[Call], lane: Lane[Call], left_s: float) -> ProviderError | None:
        return queue.gate.refusal(lane.target_id, self._tokens(queue, lane), left_s)

    def _late(self) -> ProviderError:
        detail = f"the hour's deadline: not begun within {self._limits.deadline_s:.0f} s, not asked"
        return never_asked(CallTimedOutError(detail))

    async def _refuse(self, calls: Iterable[Call], error: ProviderError) -> None:
        for call in calls:
            await self._work.keep(self._work.refuse(call, error))

    def _add(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._woken.set()


async def _within(event: asyncio.Event, seconds: float) -> None:
    """Return when `event` is set, after `seconds` at the latest."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
