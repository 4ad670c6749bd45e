from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from orchestration.collection.runner import HostQueue, RunLimits, Work, run_calls
from orchestration.providers.circuit import CircuitPolicy
from orchestration.providers.failures import ConnectionFailedError, NotFoundError, RateLimitedError
from orchestration.providers.host_gate import HostGate
from orchestration.providers.target_file import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orchestration.providers.failures import ProviderError
    from orchestration.providers.host_gate import Admission

Queue = HostQueue[str]


class Asked:
    """Answers each call `target:n` after the time that its target takes, and counts what is under way."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = seconds
        self.now = 0
        self.most = 0
        self.begun: list[str] = []
        self.kept: list[str] = []
        self.hour_left_s: list[float] = []

    async def ask(self, call: str, _admission: Admission, hour_left_s: float) -> str:
        self.begun.append(call)
        self.hour_left_s.append(hour_left_s)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.seconds.get(call.partition(":")[0], 0.002))
        finally:
            self.now -= 1
        return call

    def refuse(self, call: str, error: ProviderError) -> str:
        return f"{call} {error.code} {error.detail}"

    async def keep(self, result: str) -> None:
        self.kept.append(result)

    def work(self, tokens: Callable[[str], int] = lambda _: 0) -> Work[str, str]:
        return Work(ask=self.ask, refuse=self.refuse, keep=self.keep, tokens=tokens)


def host(calls: Iterable[str], gate: HostGate | None = None, **limits: int) -> Queue:
    queue = Queue(gate or HostGate(Limits(**limits)))
    for call in calls:
        queue.add(call.partition(":")[0], call)
    return queue


def named(target: str, count: int) -> list[str]:
    return [f"{target}:{n}" for n in range(count)]


def run(queues: list[Queue], work: Work[str, str], stopped: asyncio.Event | None = None, **limits: float) -> None:
    asyncio.run(run_calls(queues, work, RunLimits(**limits), stopped))  # type: ignore[arg-type]


def test_all_calls_are_kept_within_both_limits() -> None:
    asked = Asked()
    run([host(named("a", 40), max_concurrency=3), host(named("b", 40), max_concurrency=4)], asked.work(), concurrency=5)
    assert sorted(asked.kept) == sorted([*named("a", 40), *named("b", 40)])
    assert asked.most == 5


def test_a_slow_target_does_not_hold_up_the_others_of_its_host() -> None:
    asked = Asked(slow=0.3)
    run([host([*named("slow", 20), *named("a", 20), *named("b", 20)], max_concurrency=6)], asked.work())
    done = asked.kept.index("slow:1")
    assert {*named("a", 20), *named("b", 20)} <= set(asked.kept[:done])


def test_a_slow_host_leaves_slots_to_another() -> None:
    asked = Asked(slow=0.3)
    run(
        [host(named("slow", 8), max_concurrency=8), host(named("a", 20), max_concurrency=8)],
        asked.work(),
        concurrency=4,
    )
    assert set(named("a", 20)) <= set(asked.kept[: asked.kept.index("slow:1")])


def test_targets_of_one_slot_take_turns() -> None:
    asked = Asked()
    run([host([*named("a", 3), *named("b", 3), *named("c", 3)], max_concurrency=1)], asked.work())
    assert [call[0] for call in asked.begun] == list("abcabcabc")


def test_a_result_is_kept_before_its_slot_goes_on() -> None:
    asked, events = Asked(), list[str]()

    async def ask(call: str, _admission: Admission, _left_s: float) -> str:
        events.append(f"ask {call}")
        return call

    async def keep(result: str) -> None:
        await asyncio.sleep(0.001)
        events.append(f"kept {result}")

    work = Work(ask=ask, refuse=asked.refuse, keep=keep, tokens=lambda _: 0)
    run([host(named("a", 3), max_concurrency=1)], work)
    assert events == ["ask a:0", "kept a:0", "ask a:1", "kept a:1", "ask a:2", "kept a:2"]


def test_a_failure_to_keep_stops_everything_and_is_raised_as_it_is() -> None:
    asked = Asked()

    async def keep(result: str) -> None:
        if result == "a:5":
            raise OSError("disk full")
        await asked.keep(result)

    work = Work(ask=asked.ask, refuse=asked.refuse, keep=keep, tokens=lambda _: 0)
    with pytest.raises(OSError, match="disk full"):
        run([host(named("a", 1000), max_concurrency=2)], work)
    assert len(asked.kept) < 10


def test_requests_per_minute_spaces_the_starts() -> None:
    asked, began = Asked(), time.monotonic()
    run([host(named("a", 5), max_concurrency=5, requests_per_minute=1200)], asked.work())
    assert time.monotonic() - began >= 0.19


def test_what_has_not_begun_at_the_deadline_is_refused_and_what_has_begun_ends() -> None:
    asked = Asked(a=0.3)
    run([host(named("a", 5), max_concurrency=2)], asked.work(), deadline_s=0.1)
    assert sorted(asked.begun) == ["a:0", "a:1"]
    refusal = " timeout the hour's deadline: not begun within 0 s, not asked"
    assert sorted(asked.kept) == ["a:0", "a:1", *(f"a:{n}{refusal}" for n in (2, 3, 4))]
    assert all(0 < left_s <= 0.1 for left_s in asked.hour_left_s)


def test_calls_of_a_dead_target_are_refused_and_the_others_are_asked() -> None:
    gate, asked = HostGate(Limits(max_concurrency=1)), Asked()
    gate.failed(gate.admit("gone", 0), NotFoundError("HTTP 404: no such model"), {})
    run([host([*named("gone", 3), *named("a", 3)], gate)], asked.work())
    assert asked.begun == named("a", 3)
    assert sorted(asked.kept)[3:] == [
        f"gone:{n} not_found circuit open, not asked: HTTP 404: no such model" for n in range(3)
    ]


def test_an_open_circuit_holds_calls_until_its_probe_tells() -> None:
    gate, asked = HostGate(Limits(max_concurrency=4), CircuitPolicy(failures=1, waits_s=(0.2,))), Asked()
    gate.failed(gate.admit("a", 0), ConnectionFailedError("refused"), {})
    moments: list[float] = []

    async def ask(call: str, admission: Admission, _left_s: float) -> str:
        moments.append(time.monotonic())
        await asyncio.sleep(0.1)
        gate.heard(admission, {})
        return call

    began = time.monotonic()
    work = Work(ask=ask, refuse=asked.refuse, keep=asked.keep, tokens=lambda _: 0)
    run([host(named("a", 4), gate)], work)
    assert asked.kept[0] == "a:0"
    assert moments[0] - began >= 0.2
    assert all(moment - moments[0] >= 0.1 for moment in moments[1:])


def test_a_wait_that_lasts_past_the_deadline_is_not_waited_for() -> None:
    gate, asked, began = HostGate(Limits()), Asked(), time.monotonic()
    gate.failed(gate.admit("a", 0), RateLimitedError("HTTP 429: tomorrow", retry_after_s=86_400), {})
    run([host(named("a", 2), gate), host(named("b", 2))], asked.work(), deadline_s=3000)
    assert time.monotonic() - began < 5
    assert asked.begun == named("b", 2)
    assert [kept for kept in asked.kept if kept.startswith("a:0 rate_limit the host asks to wait 86400 s, not asked")]


def test_tokens_are_asked_for_only_where_they_count() -> None:
    asked, counted = Asked(), list[str]()

    def tokens(call: str) -> int:
        counted.append(call)
        return 10

    run([host(named("a", 2)), host(named("b", 2), tokens_per_minute=1000)], asked.work(tokens))
    assert {call[0] for call in counted} == {"b"}


def test_a_stopped_run_gives_its_calls_a_grace_and_begins_no_other() -> None:
    async def stopped_run(grace_s: float) -> Asked:
        asked, stopped = Asked(a=0.3), asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, stopped.set)
        await run_calls([host(named("a", 9), max_concurrency=2)], asked.work(), RunLimits(grace_s=grace_s), stopped)
        return asked

    patient, impatient = (asyncio.run(stopped_run(grace_s)) for grace_s in (5, 0.01))
    assert (sorted(patient.kept), sorted(patient.begun)) == (["a:0", "a:1"], ["a:0", "a:1"])
    assert (impatient.kept, impatient.now, sorted(impatient.begun)) == ([], 0, ["a:0", "a:1"])
