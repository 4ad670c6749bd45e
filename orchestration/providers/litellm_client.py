"""Asks a target over HTTP in litellm's dialects: one call, its tries, its deadline and its clock.

Not here: the protocols (dialects, protocols), the connection (transport), the meaning of failures (failures).

One answer is read in each turn of the event loop (a stream takes 0.7 ms): a hundred that end together would otherwise
delay each other's clocks by as many times that.

A call runs in real time, or in simulated time: a simulated host that is asked about an hour long past answers at
once and states how long it would have taken. Then nothing is waited for, and what it states is the measurement.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Self

from orchestration.providers.circuit import CircuitPolicy
from orchestration.providers.failures import (
    CallTimedOutError,
    MalformedAnswerError,
    ProviderError,
)
from orchestration.providers.host_gate import HostGate
from orchestration.providers.interface import CallRecord, Completion, FailedTry, ListedModel
from orchestration.providers.listings import whole_listing
from orchestration.providers.litellm_parts import litellm_parts
from orchestration.providers.protocols import dialect_of
from orchestration.providers.transport import Transport
from orchestration.providers.usage import used_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from orchestration.providers.dialects import Answer, Dialect
    from orchestration.providers.host_gate import Admission
    from orchestration.providers.interface import CompletionRequest
    from orchestration.providers.targets import Host, Target
    from orchestration.providers.wire import WireAnswer, WireRequest

SIMULATED_PAST = timedelta(hours=1)
"""How long ago an hour must lie for a simulated host to answer at once; the host decides, by its own clock."""
LISTING_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, and after which waits, a transient failure is tried again. A wait is half fixed, half random."""

    tries: int = 3
    first_wait_s: float = 0.5
    longest_wait_s: float = 20.0

    def wait_s(self, tries: int, retry_after_s: float | None, chance: random.Random) -> float:
        """Seconds to wait after the `tries`-th try; never less than the host asks for."""
        backoff = min(self.longest_wait_s, self.first_wait_s * 2.0 ** (tries - 1))
        jittered = backoff * chance.uniform(0.5, 1.0)
        return jittered if retry_after_s is None else retry_after_s + jittered / 4


@dataclass(frozen=True, slots=True)
class _Measured:
    """What one exchange took, by our clock or by the simulated one."""

    latency_ms: float
    time_to_first_token_ms: float | None
    simulated_start: datetime | None
    request_id: str | None


class _Call:
    """The clock and the history of one call. `admission` is the gate's leave for the next try."""

    def __init__(self, request: CompletionRequest, admission: Admission | None) -> None:
        self.request = request
        self.admission = admission
        self.loop_started = asyncio.get_running_loop().time()
        self.started_at = datetime.now(UTC)
        self.simulated_s: float | None = None
        self.tries = 0
        self.errors: list[FailedTry] = []
        self.headers: Mapping[str, str] = {}
        self.last: _Measured | None = None

    @property
    def elapsed_s(self) -> float:
        real = asyncio.get_running_loop().time() - self.loop_started
        return real if self.simulated_s is None else self.simulated_s

    @property
    def remaining_s(self) -> float:
        return self.request.deadline_s - self.elapsed_s

    @property
    def retries_left_s(self) -> float:
        """Within how many seconds another try has to begin."""
        return min(self.remaining_s, self.request.tries_within_s - self.elapsed_s)

    @property
    def simulated_now(self) -> datetime:
        return self.request.scheduled_for + timedelta(seconds=self.simulated_s or 0.0)

    @property
    def simulated_headers(self) -> dict[str, str]:
        """When a simulated host is asked, and which of several equal calls this is."""
        stated = {"x-simulated-time": self.simulated_now.isoformat()}
        sample = self.request.sample_index
        return stated | {"x-simulated-sample": str(sample)} if sample else stated

    def measured(self, measured: _Measured) -> None:
        """Account for an exchange. Raises CallTimedOutError where it passed the deadline in simulated time."""
        self.last = measured
        if measured.simulated_start is None:
            return
        if self.simulated_s is None:
            self.started_at, self.simulated_s = measured.simulated_start, 0.0
        left_s = self.remaining_s
        self.simulated_s += min(left_s, measured.latency_ms / 1000)
        if measured.latency_ms / 1000 > left_s:
            self.last = replace(measured, latency_ms=left_s * 1000, time_to_first_token_ms=None)
            raise CallTimedOutError(f"no whole answer within {left_s:.1f} s")

    async def wait(self, seconds: float) -> None:
        if self.simulated_s is None:
            await asyncio.sleep(seconds)
        else:
            self.simulated_s += seconds

    def record(self) -> CallRecord:
        return CallRecord(
            started_at=self.started_at,
            finished_at=self.started_at + timedelta(seconds=self.elapsed_s),
            latency_ms=self.last.latency_ms if self.last else None,
            time_to_first_token_ms=self.last.time_to_first_token_ms if self.last else None,
            try_count=self.tries,
            errors=tuple(self.errors),
            provider_request_id=self.last.request_id if self.last else None,
        )


class LiteLLMClient:
    """A ProviderClient for every protocol that targets name. Use: `async with LiteLLMClient() as client:`."""

    def __init__(
        self,
        retries: RetryPolicy | None = None,
        circuits: CircuitPolicy | None = None,
        askers: Mapping[str, int] | None = None,
    ) -> None:
        """`askers` says by the host's name how many processes may ask it at once; 1 where it says nothing.

        It is looked at when a host is asked for the first time.
        """
        self._askers = {} if askers is None else askers
        self._retries = retries or RetryPolicy()
        self._circuits = circuits or CircuitPolicy()
        self._transport = Transport()
        self._reading = asyncio.Lock()
        self._gates: dict[str, HostGate] = {}
        self._dialects: dict[str, tuple[Target, Dialect]] = {}

    async def __aenter__(self) -> Self:
        litellm_parts()
        self._gates.clear()
        self._reading = asyncio.Lock()
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(exc_type, exc, traceback)

    def gate(self, host: Host) -> HostGate:
        """See ProviderClient."""
        if host.name not in self._gates:
            needs_proof = host.api_key is not None and not host.is_simulated
            first_pause_s = 2 * self._retries.first_wait_s
            self._gates[host.name] = HostGate(
                host.limits,
                self._circuits,
                askers=self._askers.get(host.name, 1),
                needs_proof=needs_proof,
                first_pause_s=first_pause_s,
            )
        return self._gates[host.name]

    async def complete(self, target: Target, request: CompletionRequest) -> Completion:
        """See ProviderClient. A key that is missing fails here without a connection."""
        call = _Call(request, await self._admission(target, request))
        while True:
            call.tries += 1
            call.last, call.headers = None, {}
            try:
                return _completion(call, await self._try(target, call))
            except ProviderError as error:
                await self._wait_or_give_up(target, call, error)

    async def _admission(self, target: Target, request: CompletionRequest) -> Admission | None:
        """Leave for the first try; what is asked about a simulated past hour needs none."""
        if _is_past(target, request.scheduled_for) or request.admission is not None:
            return request.admission
        gate = self.gate(target.host)
        return await gate.turn(target.target_id, request.most_tokens, request.deadline_s)

    async def _try(self, target: Target, call: _Call) -> Answer:
        is_past = _is_past(target, call.simulated_now)
        if is_past or call.admission is None:
            return await self._ask(target, call, is_past=is_past)
        return await self._ask_at_gate(target, call, call.admission)

    async def _ask_at_gate(self, target: Target, call: _Call, admission: Admission) -> Answer:
        """Ask in real time, and tell the gate what came of it."""
        gate = self.gate(target.host)
        try:
            found = await self._ask(target, call, is_past=False)
        except ProviderError as error:
            gate.failed(admission, error, call.headers)
            raise
        except BaseException:
            gate.abandoned(admission)
            raise
        gate.heard(admission, call.headers, used_tokens(found.usage))
        return found

    async def _ask(self, target: Target, call: _Call, *, is_past: bool) -> Answer:
        dialect = self._dialect(target)
        is_streamed = target.host.is_streamed and not is_past
        wire = dialect.request(call.request, is_streamed=is_streamed)
        if target.is_simulated:
            wire = replace(wire, headers={**wire.headers, **call.simulated_headers})
        limit_s = call.request.deadline_s if is_past else call.remaining_s
        answer = await self._send(call, wire, limit_s)
        call.headers = answer.headers
        call.measured(_measured(target, answer, None))
        async with self._reading:
            await asyncio.sleep(0)
            found = dialect.read(answer, is_streamed=is_streamed)
        if found.first_token_at is not None:
            call.last = _measured(target, answer, found.first_token_at)
        return found

    async def _send(self, call: _Call, wire: WireRequest, limit_s: float) -> WireAnswer:
        """The answer; where there is none, the time until that was known is the latency of the try."""
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            return await self._transport.send(wire, timeout_s=limit_s)
        except ProviderError:
            call.last = _Measured((clock() - started) * 1000, None, None, None)
            raise

    async def _wait_or_give_up(self, target: Target, call: _Call, error: ProviderError) -> None:
        """Return when the call may be tried again; raise `error` with its record otherwise."""
        call.errors.append(FailedTry(error.code, error.detail, call.last.latency_ms if call.last else None))
        wait_s = self._retries.wait_s(call.tries, error.retry_after_s, _chance(target, call))
        if error.is_permanent or call.tries >= self._retries.tries or wait_s >= call.retries_left_s:
            error.record = call.record()
            raise error
        await call.wait(wait_s)
        if not _is_past(target, call.simulated_now):
            call.admission = await self._next_turn(target, call, error)

    async def _next_turn(self, target: Target, call: _Call, error: ProviderError) -> Admission:
        """Leave for another try. Raises `error` where the gate lets none go out in time."""
        try:
            gate = self.gate(target.host)
            return await gate.turn(target.target_id, call.request.most_tokens, call.retries_left_s)
        except ProviderError:
            error.record = call.record()
            raise error from None

    def _dialect(self, target: Target) -> Dialect:
        known = self._dialects.get(target.target_id)
        if known is None or known[0] is not target:
            known = self._dialects[target.target_id] = (target, dialect_of(target))
        return known[1]

    async def list_models(self, host: Host) -> list[ListedModel]:
        """See ProviderClient. One try: a listing is asked for again the next day."""
        return await whole_listing(host, partial(self._transport.send, timeout_s=LISTING_TIMEOUT_S))


def _is_past(target: Target, moment: datetime) -> bool:
    """Whether a call about `moment` is answered in simulated time."""
    return target.is_simulated and datetime.now(UTC) - moment > SIMULATED_PAST


def _completion(call: _Call, answer: Answer) -> Completion:
    record = call.record()
    return Completion(
        text=answer.text,
        finish_reason=answer.finish_reason,
        served_model=answer.served_model,
        system_fingerprint=answer.system_fingerprint,
        provider_request_id=record.provider_request_id or answer.body_id,
        usage=answer.usage,
        time_to_first_token_ms=record.time_to_first_token_ms,
        latency_ms=record.latency_ms or 0.0,
        started_at=record.started_at,
        finished_at=record.finished_at,
        try_count=record.try_count,
        errors=record.errors,
        calls=answer.calls,
        reported_cost_usd=answer.reported_cost_usd,
    )


def _measured(target: Target, answer: WireAnswer, first_token_at: float | None) -> _Measured:
    request_id = answer.headers.get("x-request-id") or answer.headers.get("request-id")
    stated = _number(answer.headers.get("x-simulated-latency-ms")) if target.is_simulated else None
    if stated is None:
        first_ms = None if first_token_at is None else (first_token_at - answer.started) * 1000
        return _Measured(answer.latency_ms, first_ms, None, request_id)
    return _Measured(
        stated,
        _number(answer.headers.get("x-simulated-ttft-ms")),
        _moment(answer.headers.get("x-simulated-started-at")),
        request_id,
    )


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        raise MalformedAnswerError(f"a simulated host stated {text!r} milliseconds") from None


def _moment(text: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text or "").astimezone(UTC)
    except ValueError:
        raise MalformedAnswerError(f"a simulated host stated {text!r} as its start") from None


def _chance(target: Target, call: _Call) -> random.Random:
    """Jitter that differs from call to call, yet not when the same past hour is simulated again."""
    key = f"{target.target_id} {call.request.scheduled_for.isoformat()} {call.tries} {call.request.prompt}"
    return random.Random(hashlib.sha256(key.encode()).digest())  # noqa: S311 - jitter is no secret
