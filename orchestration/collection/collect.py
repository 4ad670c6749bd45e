"""Collects an hour: asks what its plan lacks in the archive, journals every answer, seals the hour.

Not here: the plan (plan), the order and the limits of asking (runner), loading the tables of schema raw (storage).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from orchestration.collection.budget import LeftOut
from orchestration.collection.conversation import converse
from orchestration.collection.interruption import interruption
from orchestration.collection.responses import FIRST_ATTEMPT, answered_response, failed_response, left_out_response
from orchestration.collection.runner import HostQueue, RunLimits, Work, run_calls
from orchestration.providers.failures import ProviderError
from orchestration.providers.interface import estimated_tokens
from orchestration.storage.durable_files import require_room

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from uuid import UUID

    from orchestration.collection.budget import Budget
    from orchestration.pricing.price_book import PriceBook
    from orchestration.providers.host_gate import Admission
    from orchestration.providers.interface import FailedTry, ProviderClient
    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall, Response
    from orchestration.storage.archive import Archive
    from orchestration.storage.journal import Journal
    from scenarios.variants import Variant

    VariantOf = Callable[[str, int, int], Variant]
    ReportProgress = Callable[[int, int], None]
    Keep = Callable[[Response], Awaitable[None]]
    TurnFor = Callable[[Sequence[PlannedCall]], AbstractContextManager[object]]

ANSWER_BYTES = 20_000
"""Room that the journal's disk must have for each call before the first is paid: 4,096 tokens of output take less."""


@dataclass(slots=True)
class HourSummary:
    """What became of an hour's plan.

    `known_count` were in the archive already; `unaskable_count` belong to targets that can't be asked any more.
    `cost_usd` sums the answers of known cost, `unpriced_count` are the others. `budget_count` calls were left out for
    want of money, `overruns` cost more than could be foreseen. `archive_file` is None where nothing was kept.
    """

    benchmark_hour: datetime
    planned_count: int
    known_count: int
    unaskable_count: int
    answered_count: int = 0
    failed_count: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    cost_usd: Decimal = Decimal(0)
    unpriced_count: int = 0
    budget_count: int = 0
    overruns: dict[str, Decimal] = field(default_factory=dict)
    archive_file: str | None = None

    def add(self, response: Response) -> None:
        if response.status == "budget":
            self.budget_count += 1
            return
        if response.status == "failed":
            self.failed_count += 1
            self.errors[response.error_code or "unknown"] += 1
            return
        self.answered_count += 1
        self.cost_usd += response.cost_usd or 0
        self.unpriced_count += response.cost_usd is None


class Collector:
    """Asks the enabled ones of `targets` for the calls of a plan. It holds no connection between runs."""

    def __init__(
        self,
        *,
        targets: Iterable[Target],
        client: ProviderClient,
        archive: Archive,
        price_book: PriceBook,
        variants: VariantOf,
        limits: RunLimits | None = None,
        budget: Budget | None = None,
        deadline_s: float = 180.0,
        forced_by: str | None = None,
    ) -> None:
        """With `forced_by` every call is asked that no run of that name has asked yet, answered before or not."""
        self._targets: Mapping[str, Target] = {t.target_id: t for t in targets if t.is_enabled}
        self._client = client
        self._archive = archive
        self._price_book = price_book
        self._variants = variants
        self._limits = limits or RunLimits()
        self._budget = budget
        self._deadline_s = deadline_s
        self._forced_by = forced_by

    async def collect_hour(
        self, hour: datetime, plan: Sequence[PlannedCall], *, progress: ReportProgress | None = None
    ) -> HourSummary:
        """Collect one hour. See collect_hours."""
        return (await self.collect_hours({hour: plan}, progress=progress))[0]

    async def collect_hours(
        self,
        plans: Mapping[datetime, Sequence[PlannedCall]],
        *,
        progress: ReportProgress | None = None,
        turn_for: TurnFor = nullcontext,
    ) -> list[HourSummary]:
        """Collect hours one after the other over one set of connections; `progress(done, planned)` counts calls.

        Only calls that the archive lacks are asked; each hour is sealed before the next begins. Killed at any
        point, this loses at most the calls in flight: the next run asks them again and no others. Stopped by a
        signal, it gives them a grace, seals the hour with what there is, and passes the signal on. The context that
        `turn_for` gives for an hour's calls lasts as long as the hour, so that another run gets its turn between two.
        """
        counter = _Counter(progress or _say_nothing, sum(map(len, plans.values())))
        summaries: list[HourSummary] = []
        async with self._client:
            for hour, plan in plans.items():
                with turn_for(plan), interruption() as stopped:
                    summaries.append(await self._collect(hour, plan, counter, stopped))
                if stopped.is_set():
                    break
        return summaries

    async def _collect(
        self, hour: datetime, plan: Sequence[PlannedCall], counter: _Counter, stopped: asyncio.Event
    ) -> HourSummary:
        missing, summary, attempts = self._missing(hour, plan)
        counter.add(len(plan) - len(missing))
        try:
            if missing:
                await self._ask_all(missing, _Kept(summary, counter, attempts, self._forced_by), stopped)
        except asyncio.CancelledError:
            self._archive.seal(hour)
            raise
        summary.archive_file = self._archive.seal(hour)
        return summary

    def _missing(
        self, hour: datetime, plan: Sequence[PlannedCall]
    ) -> tuple[list[PlannedCall], HourSummary, dict[UUID, int]]:
        """The calls to make, a summary that knows of the others, and the attempts that each call has had.

        A call of several suites is made once.
        """
        known = self._archive.responses(hour)
        made = {response.call_id for response in known if response.status != "budget" and self._counts(response)}
        attempts: dict[UUID, int] = {}
        for response in known:
            attempts[response.call_id] = max(response.attempt, attempts.get(response.call_id, 0))
        plan = list({call.call_id: call for call in plan}.values())
        lacking = [call for call in plan if call.status == "planned" and call.call_id not in made]
        missing = [call for call in lacking if call.target_id in self._targets]
        summary = HourSummary(hour, len(plan), len(plan) - len(lacking), len(lacking) - len(missing))
        return missing, summary, attempts

    def _counts(self, response: Response) -> bool:
        return self._forced_by is None or response.forced_by == self._forced_by

    async def _ask_all(self, calls: Sequence[PlannedCall], kept: _Kept, stopped: asyncio.Event) -> None:
        """Ask in rounds: what one cost less than was to be expected may reach for calls that were left out of it."""
        ends_at = time.monotonic() + self._limits.deadline_s
        with self._archive.journal(kept.summary.benchmark_hour) as journal:
            require_room(journal.path, len(calls) * ANSWER_BYTES)
            work = Work(
                ask=partial(self._ask, kept.summary, partial(kept.keep, journal)),
                refuse=self._refused,
                keep=partial(kept.keep, journal),
                tokens=self._tokens,
            )
            taken, left = self._affordable(calls)
            while taken and not stopped.is_set():
                limits = replace(self._limits, deadline_s=ends_at - time.monotonic())
                await run_calls(self._queues(taken), work, limits, stopped)
                taken, left = self._affordable([one.call for one in left])
            if not stopped.is_set():
                await self._keep_left_out(left, work.keep)

    def _affordable(self, calls: Sequence[PlannedCall]) -> tuple[list[PlannedCall], list[LeftOut]]:
        return self._budget.affordable(calls) if self._budget else (list(calls), [])

    async def _keep_left_out(self, left: Sequence[LeftOut], keep: Keep) -> None:
        if self._budget is not None:
            await self._budget.note(left)
        for one in left:
            await keep(self._left_out(one))

    def _left_out(self, one: LeftOut) -> Response:
        target, prompt = self._targets[one.call.target_id], self._variant(one.call).prompt
        return left_out_response(one.call, target, prompt, one.reason)

    def _queues(self, calls: Iterable[PlannedCall]) -> list[HostQueue[PlannedCall]]:
        queues: dict[str, HostQueue[PlannedCall]] = {}
        for call in calls:
            host = self._targets[call.target_id].host
            queue = queues.setdefault(host.name, HostQueue(self._client.gate(host)))
            queue.add(call.target_id, call)
        return list(queues.values())

    def _variant(self, call: PlannedCall) -> Variant:
        return self._variants(call.scenario_id, call.scenario_version, call.variant_seed)

    def _tokens(self, call: PlannedCall) -> int:
        variant = self._variant(call)
        return estimated_tokens(variant.prompt) + variant.scenario.max_output_tokens

    def _refused(self, call: PlannedCall, error: ProviderError) -> Response:
        return failed_response(call, self._targets[call.target_id], self._variant(call).prompt, error)

    async def _ask(
        self, summary: HourSummary, keep: Keep, call: PlannedCall, admission: Admission, tries_within_s: float
    ) -> Response:
        if self._budget is None:
            return (await self._answer(call, admission, tries_within_s))[0]
        aside = await self._budget.set_aside(call)
        if isinstance(aside, LeftOut):
            await self._budget.note([aside])
            return self._left_out(aside)
        response, failed = await self._answer(call, admission, tries_within_s)
        try:
            exceeded = await self._budget.correct(aside, response, failed)
        except Exception:  # an account that can't be reached costs nobody the answer
            await keep(response)
            raise
        if exceeded is not None:
            summary.overruns[f"{call.target_id} {call.scenario_id}"] = exceeded
        return response

    async def _answer(
        self, call: PlannedCall, admission: Admission, tries_within_s: float
    ) -> tuple[Response, tuple[FailedTry, ...]]:
        target, variant = self._targets[call.target_id], self._variant(call)
        try:
            completion = await converse(
                self._client,
                target,
                variant,
                scheduled_for=call.benchmark_hour,
                deadline_s=self._deadline_s,
                admission=admission,
                tries_within_s=tries_within_s,
                sample_index=call.sample_index,
            )
        except ProviderError as error:
            return failed_response(call, target, variant.prompt, error), error.record.errors if error.record else ()
        price = self._price_book.price_at(target.provider, target.model, completion.started_at)
        return answered_response(call, target, variant.prompt, completion, price), completion.errors


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is done with every row: journalled under its attempt, counted.

    A call that is left out adds no row where it has one: it would stand before the answer that there is.
    """

    summary: HourSummary
    counter: _Counter
    attempts: Mapping[UUID, int]
    forced_by: str | None

    async def keep(self, journal: Journal, response: Response) -> None:
        before = self.attempts.get(response.call_id, 0)
        if response.status != "budget" or not before:
            kept = replace(response, attempt=FIRST_ATTEMPT + before, forced_by=self.forced_by)
            await journal.append_async(kept)
        self.summary.add(response)
        self.counter.add(1)


class _Counter:
    """Counts calls over all hours and reports each count."""

    def __init__(self, report: ReportProgress, total: int) -> None:
        self._report = report
        self._done = 0
        self._total = total

    def add(self, count: int) -> None:
        self._done += count
        self._report(self._done, self._total)


def _say_nothing(_done: int, _total: int) -> None:
    """Nobody asked to be told."""
