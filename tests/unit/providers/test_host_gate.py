from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from orchestration.providers import failures
from orchestration.providers.circuit import CircuitPolicy
from orchestration.providers.failures import (
    AccessDeniedError,
    AuthenticationError,
    ConnectionFailedError,
    NotFoundError,
    OutOfBudgetError,
    OverloadedError,
    ProviderError,
    ProviderFaultError,
    RateLimitedError,
)
from orchestration.providers.host_gate import HostGate
from orchestration.providers.target_file import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREVER = float("inf")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Gate:
    """A gate with a clock that a test turns."""

    def __init__(self, *, needs_proof: bool = False, **limits: int) -> None:
        self.clock = Clock()
        policy = CircuitPolicy(failures=3, waits_s=(5.0, 10.0), given_up_s=100.0)
        self.gate = HostGate(Limits(**limits), policy, needs_proof=needs_proof, clock=self.clock)

    def fail(self, error: ProviderError, target: str = "a", headers: Mapping[str, str] | None = None) -> None:
        self.gate.failed(self.gate.admit(target, 0), error, headers or {})

    def succeed(self, target: str = "a", headers: Mapping[str, str] | None = None) -> None:
        self.gate.heard(self.gate.admit(target, 0), headers or {})

    def delay(self, target: str = "a", tokens: int = 0) -> float:
        return round(self.gate.delay_s(target, tokens), 3)

    def refusal(self, target: str = "a", within_s: float = FOREVER) -> str | None:
        error = self.gate.refusal(target, 0, within_s)
        assert error is None or (error.record is not None and error.record.try_count == 0)
        return error and f"{error.code}: {error.detail}"


def test_the_window_is_halved_once_per_protest_and_grows_back_by_one_per_window() -> None:
    host = Gate(max_concurrency=16)
    under_way = [host.gate.admit("a", 0) for _ in range(16)]
    host.clock.now += 1
    for admission in under_way:
        host.gate.failed(admission, RateLimitedError("429"), {})
    assert host.gate.window == 8
    host.clock.now += 60
    host.fail(OverloadedError("529"))
    assert host.gate.window == 4
    sizes = []
    for _ in range(100):
        host.succeed()
        sizes.append(host.gate.window)
    assert (sizes[3], sizes[4], sizes[9]) == (4, 5, 6)
    assert sizes[-1] == 14
    for _ in range(100):
        host.succeed()
    assert host.gate.window == 16


def test_the_window_never_closes() -> None:
    host = Gate(max_concurrency=2)
    for _ in range(9):
        host.clock.now += 100
        host.fail(RateLimitedError("429"))
    assert host.gate.window == 1


def test_retry_after_holds_every_target_of_the_host() -> None:
    host = Gate()
    host.fail(RateLimitedError("429", retry_after_s=7))
    host.fail(RateLimitedError("429", retry_after_s=2))
    assert (host.delay("a"), host.delay("b")) == (7, 7)
    host.clock.now += 7
    assert host.delay("b") == 0


def test_a_429_without_retry_after_holds_longer_each_time_and_answers_take_that_back() -> None:
    host = Gate()
    holds = []
    for _ in range(7):
        host.fail(RateLimitedError("429"))
        holds.append(host.delay())
        host.clock.now += 100
    assert holds == [1, 2, 4, 8, 16, 30, 30]
    for _ in range(5):
        host.succeed()
    host.fail(RateLimitedError("429"))
    assert host.delay() == 4


def test_requests_are_spaced_evenly() -> None:
    host = Gate(requests_per_minute=30)
    host.succeed()
    assert host.delay("b") == 2
    host.clock.now += 2
    assert host.delay("b") == 0


def test_no_minute_holds_more_tokens_than_the_limit_and_estimates_are_corrected() -> None:
    host = Gate(tokens_per_minute=1000)
    first = host.gate.admit("a", 600)
    host.clock.now += 10
    assert (host.delay(tokens=400), host.delay(tokens=401)) == (0, 50)
    host.gate.heard(first, {}, 100)
    assert host.delay(tokens=900) == 0
    host.gate.admit("b", 900)
    assert (host.delay(tokens=100), host.delay(tokens=101)) == (50, 60)
    host.clock.now += 50
    assert host.delay(tokens=100) == 0
    host.clock.now += 10
    assert host.delay(tokens=1000) == 0


def test_a_refused_request_took_no_tokens_and_one_of_unknown_use_keeps_its_estimate() -> None:
    host = Gate(tokens_per_minute=1000)
    host.gate.failed(host.gate.admit("a", 600), RateLimitedError("429", retry_after_s=0), {})
    assert host.delay(tokens=1000) == 0
    host.gate.heard(host.gate.admit("a", 600), {}, None)
    assert host.delay(tokens=401) == 60


def test_a_call_of_more_tokens_than_a_minute_has_goes_alone() -> None:
    host = Gate(tokens_per_minute=1000)
    assert host.delay(tokens=5000) == 0
    host.gate.admit("a", 5000)
    assert host.delay(tokens=1) == 60


def test_a_bucket_that_is_empty_is_waited_for_as_fast_as_it_fills() -> None:
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "1",
        "x-ratelimit-reset-requests": "59s",
        "x-ratelimit-limit-tokens": "1000",
        "x-ratelimit-remaining-tokens": "100",
        "x-ratelimit-reset-tokens": "9s",
    }
    host = Gate()
    host.succeed(headers=headers)
    assert host.gate.counts_tokens("a")
    assert (host.delay(tokens=100), host.delay(tokens=200), host.delay("b", 200)) == (0, 1, 0)
    host.gate.admit("a", 100)
    assert host.delay() == 1
    host.clock.now += 60
    assert host.delay(tokens=5000) == 0


def test_a_window_that_is_used_up_is_waited_for_to_its_end() -> None:
    host = Gate()
    host.fail(ProviderFaultError("500"), headers={"ratelimit": '"x";r=0;t=30'})
    assert (host.delay(), host.delay("b")) == (30, 0)


@pytest.mark.parametrize("kind", [ConnectionFailedError, OverloadedError, failures.CallTimedOutError])
def test_failures_in_a_row_open_the_circuit_and_a_probe_closes_it(kind: type[ProviderError]) -> None:
    host = Gate()
    for _ in range(2):
        host.fail(kind("away"))
    host.succeed("b")
    for _ in range(2):
        host.fail(kind("away"))
    assert host.delay("b") == 0
    host.fail(kind("away"), "c")
    assert (host.delay("b"), host.refusal("b")) == (5, None)
    host.clock.now += 5
    probe = host.gate.admit("b", 0)
    assert host.delay() == FOREVER
    host.gate.heard(probe, {})
    assert (host.delay(), host.refusal()) == (0, None)


def test_a_host_that_stays_away_is_given_up_for_a_while() -> None:
    host = Gate()
    for _ in range(3):
        host.fail(ConnectionFailedError("refused"))
    for wait_s in (5, 10):
        assert (host.delay(), host.refusal()) == (wait_s, None)
        host.clock.now += wait_s
        host.fail(ConnectionFailedError("refused"))
    assert host.refusal("b") == "connection: circuit open, not asked: refused"
    host.clock.now += 100
    assert (host.refusal(), host.delay()) == (None, 0)
    host.fail(ConnectionFailedError("still refused"))
    assert host.refusal() == "connection: circuit open, not asked: still refused"


def test_what_was_under_way_when_the_circuit_opened_is_no_probe() -> None:
    host = Gate()
    late = [host.gate.admit("a", 0) for _ in range(6)]
    for admission in late:
        host.gate.failed(admission, ConnectionFailedError("refused"), {})
    assert host.delay() == 5


def test_a_probe_that_is_cancelled_leaves_the_next_one_to_go() -> None:
    host = Gate()
    for _ in range(3):
        host.fail(ConnectionFailedError("refused"))
    host.clock.now += 5
    host.gate.abandoned(host.gate.admit("a", 0))
    assert host.delay() == 0


@pytest.mark.parametrize("error", [RateLimitedError("429", retry_after_s=0), failures.ContextTooLongError("413")])
def test_a_host_that_says_no_is_not_away(error: ProviderError) -> None:
    host = Gate()
    for _ in range(9):
        host.fail(ConnectionFailedError("refused"))
        host.fail(error)
    assert (host.delay(), host.refusal()) == (0, None)


@pytest.mark.parametrize("error", [AuthenticationError("HTTP 401: no"), OutOfBudgetError("HTTP 402: no")])
def test_a_refused_key_or_account_ends_the_host_at_once(error: ProviderError) -> None:
    host = Gate()
    host.fail(error)
    host.clock.now += 10_000
    assert host.refusal("b") == f"{error.code}: circuit open, not asked: {error.detail}"
    host.succeed("b")
    assert host.refusal("b")


@pytest.mark.parametrize("error", [NotFoundError("HTTP 404: no"), AccessDeniedError("HTTP 403: no")])
def test_an_unknown_or_forbidden_model_ends_its_target_alone(error: ProviderError) -> None:
    host = Gate()
    host.fail(error)
    assert host.refusal("a") == f"{error.code}: circuit open, not asked: {error.detail}"
    assert host.refusal("b") is None


def test_an_unproven_key_is_tried_by_one_call() -> None:
    host = Gate(needs_proof=True)
    first = host.gate.admit("a", 0)
    assert host.delay("b") == 10
    host.gate.heard(first, {})
    assert host.delay("b") == 0


def test_a_wait_that_lasts_too_long_is_refused_and_a_short_one_is_not() -> None:
    host = Gate()
    host.fail(RateLimitedError("HTTP 429: later", retry_after_s=600))
    assert host.refusal(within_s=601) is None
    assert host.refusal(within_s=599) == "rate_limit: the host asks to wait 600 s, not asked: HTTP 429: later"
    host.clock.now += 545
    assert host.refusal(within_s=1) is None


def test_a_turn_waits_for_its_time_and_gives_up_when_that_is_too_late() -> None:
    async def turns() -> tuple[float, ProviderError]:
        gate = HostGate(Limits(requests_per_minute=300))
        gate.admit("a", 0)
        began = asyncio.get_running_loop().time()
        await gate.turn("a", 0, 5)
        waited = asyncio.get_running_loop().time() - began
        with pytest.raises(failures.CallTimedOutError) as raised:
            await gate.turn("a", 0, 0.1)
        return waited, raised.value

    waited, error = asyncio.run(turns())
    assert 0.19 <= waited < 2
    assert error.detail == "the host's limits left no turn within 0.1 s"


def test_gates_of_several_processes_share_the_limits_of_a_host() -> None:
    limits, clock = Limits(max_concurrency=8, requests_per_minute=60, tokens_per_minute=4_000), Clock()
    gates = [HostGate(limits, askers=4, clock=clock) for _ in range(4)]
    assert sum(gate.window for gate in gates) == 8
    admitted = {gate: [gate.admit("a", 900)] for gate in gates}
    assert {round(gate.delay_s("a", 0), 3) for gate in gates} == {4.0}
    clock.now += 4
    assert {gate.delay_s("a", 100) for gate in gates} == {0.0}
    assert {gate.delay_s("a", 101) for gate in gates} == {56.0}, "with what they let out, all tokens of the minute"
    assert all(admitted.values())


def test_a_part_of_a_small_limit_is_never_nothing() -> None:
    gate = HostGate(Limits(max_concurrency=1, requests_per_minute=1), askers=4)
    assert gate.window == 1
    gate.admit("a", 0)
    assert gate.delay_s("a", 0) == pytest.approx(240, abs=1)
