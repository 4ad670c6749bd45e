"""The gate of a host: when it may be asked next, and how many of its calls may be under way, learned from its answers.

Not here: which call is next (collection.runner), nor what the answers' headers look like (rate_limit_headers).

==================  ===========================================================================================
calls under way     at most `max_concurrency`, and less after a 429 or an overload: halved, at most once per call
                    that began since, then one more for each window of answers: additive increase, multiplicative
                    decrease (Chiu and Jain 1989; the windows of RFC 5681, 3.1)
requests a minute   starts are spaced evenly, so that no minute holds more and none begins with a burst
tokens a minute     a sliding window over what the last 60 s took: the prompt and all of `max_output_tokens` when a
                    call begins, what was really used once the host has said so. Stricter than the token buckets
                    that hosts document, so that it keeps within every one of the same rate
Retry-After         holds all calls to the host, not only the one that met it; a 429 without it holds them 1 s, then
                    twice as long up to 30 s, and one step less after each answer
rate-limit headers  a call whose need exceeds what the host says is left waits until that has filled up. Kept for
                    each target, since hosts limit each model
dead host           a Circuit for the host: 5 failures to connect, overloads or timeouts in a row open it. A refused
                    key (401) or an empty account (402) breaks it at once: every target of the host would meet that
unproven key        the first call goes alone, for at most 10 s, so that a wrong key is refused once
dead target         a Circuit for each target: 404 and 403 break it at once, the host's other targets go on
==================  ===========================================================================================

Simulated past hours are outside real time: they neither wait here nor teach the gate.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from orchestration.providers.circuit import Circuit, CircuitPolicy
from orchestration.providers.failures import (
    AccessDeniedError,
    AuthenticationError,
    CallTimedOutError,
    ConnectionFailedError,
    NotFoundError,
    OutOfBudgetError,
    OverloadedError,
    PermanentError,
    ProviderError,
    RateLimitedError,
)
from orchestration.providers.interface import CallRecord
from orchestration.providers.rate_limit_headers import allowances

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orchestration.providers.rate_limit_headers import Allowance, Unit
    from orchestration.providers.target_file import Limits

MINUTE_S: Final = 60.0
KEY_PROOF_S: Final = 10.0
LONGEST_PAUSE_S: Final = 30.0
LONGEST_NAP_S: Final = 0.5
"""A wait ends early when an answer changes what is waited for; then the gate is looked at again."""

_OF_HOST = (AuthenticationError, OutOfBudgetError)
_OF_TARGET = (AccessDeniedError, NotFoundError)
_OUTAGES = (ConnectionFailedError, OverloadedError, CallTimedOutError)


@dataclass(slots=True, eq=False)
class Admission:
    """Leave for one request: when it was given and the tokens it is counted with."""

    target_id: str
    at: float
    tokens: float
    is_probe: bool = False


class Window:
    """How many calls may be under way. Grows by one for a window of answers, is halved when the host protests."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._size = float(most)
        self._halved_at = float("-inf")

    @property
    def size(self) -> int:
        return int(self._size)

    def grow(self) -> None:
        self._size = min(self._most, self._size + 1 / self._size)

    def halve(self, began_at: float, now: float) -> bool:
        """False where the call began before the last halving: it tells nothing of the window since."""
        if began_at < self._halved_at:
            return False
        self._size, self._halved_at = max(1.0, self._size / 2), now
        return True


class TokenWindow:
    """What the last minute took. `limit` None counts nothing."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._taken: deque[Admission] = deque()
        self._sum = 0.0

    def delay_s(self, tokens: float, now: float) -> float:
        """Until the tokens fit; more than a whole minute's fit when nothing else does."""
        if self.limit is None:
            return 0.0
        while self._taken and self._taken[0].at <= now - MINUTE_S:
            self._sum -= self._taken.popleft().tokens
        excess = self._sum + tokens - self.limit
        free_at = now
        for admission in self._taken:
            if excess <= 0:
                break
            excess -= admission.tokens
            free_at = admission.at + MINUTE_S
        return free_at - now

    def take(self, admission: Admission) -> None:
        if self.limit is not None:
            self._taken.append(admission)
            self._sum += admission.tokens

    def correct(self, admission: Admission, tokens: float) -> None:
        """Count what a call really took. One that began more than a minute ago may have left the window."""
        if admission in self._taken:
            self._sum += tokens - admission.tokens
            admission.tokens = tokens


class _Left:
    """What a host has said to be left of one unit, less what went out since."""

    def __init__(self, said: Allowance, now: float) -> None:
        self._said = said
        self._at = now
        self._left = said.remaining

    def take(self, need: float) -> None:
        self._left -= need

    def delay_s(self, need: float, now: float) -> float:
        whole_in_s = self._at + self._said.reset_s - now
        filled = self._left + (now - self._at) * (self._said.fill_per_s or 0.0)
        if filled >= need or whole_in_s <= 0:
            return 0.0
        return min(whole_in_s, (need - filled) / self._said.fill_per_s) if self._said.fill_per_s else whole_in_s


class HostGate:
    """What is known of one host in one event loop. Times are of `clock`, in seconds."""

    def __init__(
        self,
        limits: Limits,
        policy: CircuitPolicy | None = None,
        *,
        askers: int = 1,
        needs_proof: bool = False,
        first_pause_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`needs_proof` says that a key is sent of which nothing is known yet.

        Up to `askers` gates, in as many processes, stand before the host: each lets out its part of the limits, so
        that all together keep within them. There must not be more of them than calls that may be under way.
        """
        self._policy = policy or CircuitPolicy()
        self._clock = clock
        self._window = Window(max(1, limits.max_concurrency // askers))
        self._gap_s = askers * MINUTE_S / limits.requests_per_minute if limits.requests_per_minute else 0.0
        self._next_at = 0.0
        self._needs_proof = needs_proof
        self._proof_until = 0.0
        self._tokens = TokenWindow(limits.tokens_per_minute and limits.tokens_per_minute // askers)
        self._held_until = 0.0
        self._held_by: ProviderError | None = None
        self._first_pause_s = first_pause_s
        self._pauses = 0
        self._circuit = Circuit(self._policy)
        self._targets: dict[str, Circuit] = {}
        self._left: dict[tuple[str, Unit], _Left] = {}

    @property
    def window(self) -> int:
        """How many calls may be under way at once."""
        return self._window.size

    def counts_tokens(self, target_id: str) -> bool:
        """Whether the tokens of a call to a target matter; counting them takes the prompt."""
        return self._tokens.limit is not None or (target_id, "tokens") in self._left

    def refusal(self, target_id: str, tokens: int, within_s: float) -> ProviderError | None:
        """Why a call need not be tried, as an error of the cause's kind with an empty record; None where it may be.

        That is a circuit that is given up or broken, or a wait of minutes that would last longer than `within_s`.
        """
        now = self._clock()
        for circuit in (self._circuit, self._of_target(target_id)):
            cause = circuit.refusal(now)
            if cause is not None:
                return never_asked(type(cause)(f"circuit open, not asked: {cause.detail}"))
        delay_s = self.delay_s(target_id, tokens)
        if max(MINUTE_S, within_s) < delay_s < float("inf"):
            said = self._held_by.detail if self._held_by and self._held_until > now else "its rate-limit headers"
            return never_asked(RateLimitedError(f"the host asks to wait {delay_s:.0f} s, not asked: {said}"))
        return None

    def delay_s(self, target_id: str, tokens: int) -> float:
        """How long a call to a target has to wait at least; 0 when it may go out now, infinity until a probe tells."""
        now = self._clock()
        return max(
            self._held_until - now,
            self._next_at - now,
            self._proof_until - now,
            self._circuit.delay_s(now),
            self._tokens.delay_s(tokens, now),
            *(left.delay_s(need, now) for left, need in self._of(target_id, tokens)),
            0.0,
        )

    def admit(self, target_id: str, tokens: int) -> Admission:
        """Let a call out now."""
        now = self._clock()
        self._next_at = max(now, self._next_at) + self._gap_s
        self._proof_until = now + KEY_PROOF_S if self._needs_proof else 0.0
        self._needs_proof = False
        admission = Admission(target_id, now, tokens, self._circuit.admitted())
        self._tokens.take(admission)
        for left, need in self._of(target_id, tokens):
            left.take(need)
        return admission

    async def turn(self, target_id: str, tokens: int, within_s: float) -> Admission:
        """Wait until a call may go out. Raises the refusal, or CallTimedOutError when `within_s` would not do."""
        until = self._clock() + within_s
        while True:
            left_s = until - self._clock()
            refusal = self.refusal(target_id, tokens, left_s)
            if refusal is not None:
                raise refusal
            delay_s = self.delay_s(target_id, tokens)
            if delay_s <= 0:
                return self.admit(target_id, tokens)
            if left_s <= 0 or left_s < delay_s < float("inf"):
                raise never_asked(CallTimedOutError(f"the host's limits left no turn within {within_s:.1f} s"))
            await asyncio.sleep(min(delay_s, LONGEST_NAP_S))

    def heard(self, admission: Admission, headers: Mapping[str, str], used_tokens: int | None = None) -> None:
        """The host answered as asked; `used_tokens` None is unknown, then the estimate stays counted."""
        admission.is_probe = False
        self._proof_until = 0.0
        self._circuit.succeeded()
        self._window.grow()
        self._pauses = max(0, self._pauses - 1)
        if used_tokens is not None:
            self._tokens.correct(admission, used_tokens)
        self._learn(admission.target_id, headers)

    def failed(self, admission: Admission, error: ProviderError, headers: Mapping[str, str]) -> None:
        """The request brought no answer."""
        self._proof_until = 0.0
        self._learn(admission.target_id, headers)
        if isinstance(error, RateLimitedError | OverloadedError):
            self._slow_down(admission, error)
        if isinstance(error, _OF_TARGET):
            self._of_target(admission.target_id).broke(error)
        elif isinstance(error, _OF_HOST):
            self._circuit.broke(error)
        if isinstance(error, _OUTAGES):
            self._circuit.failed(error, self._clock(), is_probe=admission.is_probe)
        elif isinstance(error, PermanentError | RateLimitedError) or admission.is_probe:
            self._circuit.succeeded()
        admission.is_probe = False

    def abandoned(self, admission: Admission) -> None:
        """The request told nothing: it was cancelled, or never made. Nothing happens where it was heard of already."""
        self._proof_until = 0.0
        if admission.is_probe:
            admission.is_probe = False
            self._circuit.abandoned()

    def _slow_down(self, admission: Admission, error: ProviderError) -> None:
        now = self._clock()
        is_news = self._window.halve(admission.at, now)
        if isinstance(error, RateLimitedError):
            self._tokens.correct(admission, 0)
        pause_s = error.retry_after_s
        if pause_s is None and isinstance(error, RateLimitedError) and is_news:
            pause_s = min(LONGEST_PAUSE_S, self._first_pause_s * 2.0**self._pauses)
            self._pauses += 1
        if pause_s is not None and now + pause_s > self._held_until:
            self._held_until, self._held_by = now + pause_s, error

    def _learn(self, target_id: str, headers: Mapping[str, str]) -> None:
        now = self._clock()
        for said in allowances(headers):
            self._left[target_id, said.unit] = _Left(said, now)

    def _of(self, target_id: str, tokens: int) -> list[tuple[_Left, float]]:
        """What the host has said to be left for a target, with what a call needs of it."""
        needs: tuple[tuple[Unit, float], ...] = (("requests", 1), ("tokens", tokens))
        return [(self._left[target_id, unit], need) for unit, need in needs if (target_id, unit) in self._left]

    def _of_target(self, target_id: str) -> Circuit:
        if target_id not in self._targets:
            self._targets[target_id] = Circuit(self._policy)
        return self._targets[target_id]


def never_asked(error: ProviderError) -> ProviderError:
    """`error` with the record of a call that no request was made for."""
    now = datetime.now(UTC)
    error.record = CallRecord(now, now, None, None, 0, (), None)
    return error
