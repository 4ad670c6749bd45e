"""Which calls there is money for: budgets per hour, day and month, of each target and of all real ones together.

Not here: what a call will cost (call_prices), nor where the spending is kept (storage.spending).

Before a call its upper bound is set aside in every account that it concerns, in one transaction; afterwards the amount
is corrected to what it was charged. So the sum of all calls, whichever process makes them, never exceeds a limit, as
long as no call costs more than its bound; one that does is told. A call that may have been charged without our knowing
(it was killed, timed out, or was cut) counts with its bound.

- Simulated targets cost no money: only a budget of their own limits them.
- A host of price_source `none` charges nothing per call: its targets are outside all budgets in USD.
- Any other target of unknown price is not asked where a budget concerns it, for nobody knows what is spent.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol

from orchestration.storage.spending import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from orchestration.collection.call_prices import CallPrice, CallPricer
    from orchestration.providers.interface import FailedTry
    from orchestration.providers.target_file import Budget as Limits
    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall, Response

ALL_TARGETS: Final = ""
UNCHARGED: Final = frozenset(
    {"authentication", "not_found", "rate_limit", "overloaded", "context_length", "budget", "unknown"}
)
"""Failures in which a host states that it has done nothing. Any other may have been charged."""


class Ledger(Protocol):
    """Where the spending is kept; see storage.spending."""

    def spent(self, accounts: Collection[Account]) -> Mapping[Account, Decimal]: ...

    def set_aside(
        self, amount_usd: Decimal, limits: Mapping[Account, Decimal | None]
    ) -> tuple[Account, Decimal] | None: ...

    def correct(self, difference_usd: Decimal, accounts: Collection[Account]) -> None: ...

    def note_left_out(self, accounts: Collection[Account]) -> None: ...


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A call that there is no money for, and why; without an account its price is unknown."""

    call: PlannedCall
    reason: str
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """What is set aside for a call that runs; without a price nothing is."""

    price: CallPrice | None = None
    accounts: tuple[Account, ...] = ()


@dataclass(slots=True)
class PlanPrice:
    """What the calls of one target will cost; `unpriced_count` of them at an unknown price."""

    call_count: int = 0
    expected_usd: Decimal = Decimal(0)
    bound_usd: Decimal = Decimal(0)
    unpriced_count: int = 0


class Budget:
    """The limits of an installation upon what is spent from a ledger. One event loop uses it at a time."""

    def __init__(
        self,
        *,
        targets: Iterable[Target],
        limits: Limits | None,
        pricer: CallPricer,
        ledger: Ledger,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._targets = {target.target_id: target for target in targets}
        self._limits = limits
        self._pricer = pricer
        self._ledger = ledger
        self._clock = clock
        self._under_way: defaultdict[Account, Decimal] = defaultdict(Decimal)
        self._line = asyncio.Lock()
        self._at_ledger = asyncio.Lock()
        self._corrected = asyncio.Event()

    def affordable(self, calls: Sequence[PlannedCall]) -> tuple[list[PlannedCall], list[LeftOut]]:
        """The calls that the budgets are expected to reach for, in their order, and the others with the reason.

        Once a budget of all targets is reached no later call is taken: all targets are asked the same scenarios.
        """
        now = self._clock()
        limits = [self._limits_of(call, now) for call in calls]
        spent = dict(self._ledger.spent({account for known in limits for account in known}))
        forecast = _Forecast(spent)
        taken: list[PlannedCall] = []
        left: list[LeftOut] = []
        for call, known in zip(calls, limits, strict=True):
            refused = self._refusal(call, known, now, forecast)
            if refused is None:
                taken.append(call)
            else:
                left.append(refused)
        return taken, left

    def priced(self, calls: Iterable[PlannedCall]) -> dict[str, PlanPrice]:
        """What calls will cost, by target."""
        now, found = self._clock(), dict[str, PlanPrice]()
        for call in calls:
            plan, price = found.setdefault(call.target_id, PlanPrice()), self._price(call, now)
            plan.call_count += 1
            plan.expected_usd += price.expected_usd if price else 0
            plan.bound_usd += price.bound_usd if price else 0
            plan.unpriced_count += price is None
        return found

    def told_spending(self, now: datetime) -> dict[str, str]:
        """Of each budget of all targets, what is spent of it."""
        limits = _limits(self._limits, ALL_TARGETS, now)
        spent = self._ledger.spent(limits)
        return {
            f"budget of all targets per {account.grain}": f"{spent[account]:.6f} of {limit} USD spent"
            for account, limit in limits.items()
            if limit is not None
        }

    async def set_aside(self, call: PlannedCall) -> SetAside | LeftOut:
        """Set the call's bound aside; wait while calls under way may turn out cheaper than was set aside for them."""
        async with self._line:
            while True:
                now = self._clock()
                limits = self._limits_of(call, now)
                price = self._price(call, now) if limits else None
                if price is None:
                    reason = self._unpriced(call, limits)
                    return LeftOut(call, reason) if reason else SetAside()
                self._corrected.clear()
                exceeded = await self._charge(price, limits)
                if exceeded is None:
                    return SetAside(price, tuple(limits))
                account, spent = exceeded
                if spent - self._under_way[account] + price.bound_usd > (limits[account] or 0):
                    return LeftOut(call, _told(account, spent, limits[account], price), account)
                await self._corrected.wait()

    async def correct(self, aside: SetAside, response: Response, failed: Sequence[FailedTry]) -> Decimal | None:
        """Charge what the call cost in place of what was set aside. Returns by how much it exceeded that, if it did."""
        if aside.price is None:
            return None
        difference = charged_usd(aside.price, response, failed) - aside.price.bound_usd
        async with self._at_ledger:
            await asyncio.to_thread(self._ledger.correct, difference, aside.accounts)
        for account in aside.accounts:
            self._under_way[account] -= aside.price.bound_usd
        self._corrected.set()
        return difference if difference > 0 else None

    async def note(self, left: Iterable[LeftOut]) -> None:
        """Keep with their accounts that calls were left out for good."""
        if accounts := {one.account for one in left if one.account is not None}:
            async with self._at_ledger:
                await asyncio.to_thread(self._ledger.note_left_out, accounts)

    async def _charge(
        self, price: CallPrice, limits: Mapping[Account, Decimal | None]
    ) -> tuple[Account, Decimal] | None:
        async with self._at_ledger:
            exceeded = await asyncio.to_thread(self._ledger.set_aside, price.bound_usd, limits)
        if exceeded is None:
            for account in limits:
                self._under_way[account] += price.bound_usd
        return exceeded

    def _refusal(
        self, call: PlannedCall, limits: Mapping[Account, Decimal | None], now: datetime, forecast: _Forecast
    ) -> LeftOut | None:
        price = self._price(call, now) if limits else None
        if price is None:
            reason = self._unpriced(call, limits)
            return LeftOut(call, reason) if reason else None
        refusal = forecast.refusal(price, limits)
        return LeftOut(call, *refusal) if refusal else None

    def _unpriced(self, call: PlannedCall, limits: Mapping[Account, Decimal | None]) -> str | None:
        target = self._targets[call.target_id]
        if all(limit is None for limit in limits.values()):
            return None
        return (
            f"no price of {target.provider}/{target.model} is known, so no budget can hold: add it to price_rows.yaml, "
            "or state price_source: none where a call costs nothing"
        )

    def _price(self, call: PlannedCall, now: datetime) -> CallPrice | None:
        target = self._targets[call.target_id]
        return self._pricer.price(call, target, _moment(call, target, now))

    def _limits_of(self, call: PlannedCall, now: datetime) -> dict[Account, Decimal | None]:
        """The accounts that a call is charged to, each with its limit; none for what costs no money."""
        target = self._targets[call.target_id]
        if target.host.price_source == "none" or (target.is_simulated and target.budget is None):
            return {}
        moment = _moment(call, target, now)
        limits = _limits(target.budget, target.target_id, moment)
        return limits if target.is_simulated else limits | _limits(self._limits, ALL_TARGETS, moment)


@dataclass(slots=True)
class _Forecast:
    """What will have been spent by the calls taken so far, and the accounts of all targets that are used up."""

    spent: dict[Account, Decimal]
    closed: dict[Account, str] = field(default_factory=dict)

    def refusal(self, price: CallPrice, limits: Mapping[Account, Decimal | None]) -> tuple[str, Account] | None:
        """Why and by which account a call is not taken; None where it is, and is reckoned with."""
        for account, limit in limits.items():
            if account in self.closed:
                return self.closed[account], account
            spent = self.spent.get(account, Decimal(0))
            if limit is not None and spent + price.bound_usd > limit:
                reason = _told(account, spent, limit, price)
                if account.target_id == ALL_TARGETS:
                    self.closed[account] = reason
                return reason, account
        for account in limits:
            self.spent[account] = self.spent.get(account, Decimal(0)) + price.expected_usd
        return None


def charged_usd(price: CallPrice, response: Response, failed: Sequence[FailedTry]) -> Decimal:
    """What a call counts with: the higher of our cost and the host's own, and the bound of each try not accounted for.

    Of a dialogue that failed the turns before are lost: it counts with its whole bound.
    """
    doubtful = sum(one.code not in UNCHARGED for one in failed) * price.try_usd
    if response.status != "answered":
        return price.bound_usd if price.turn_count > 1 else min(price.bound_usd, doubtful)
    known = [cost for cost in (response.cost_usd, response.reported_cost_usd) if cost is not None]
    if not known:
        return price.bound_usd
    return max(*known, min(price.bound_usd, max(known) + doubtful))


def periods_of(moment: datetime) -> dict[str, datetime]:
    """The starts (UTC) of the hour, day and month of a moment."""
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return {"hour": hour, "day": hour.replace(hour=0), "month": hour.replace(hour=0, day=1)}


def _limits(limits: Limits | None, target_id: str, moment: datetime) -> dict[Account, Decimal | None]:
    return {
        Account(grain, start, target_id): getattr(limits, f"usd_per_{grain}", None)
        for grain, start in periods_of(moment).items()
    }


def _moment(call: PlannedCall, target: Target, now: datetime) -> datetime:
    """When a call is charged: a simulated one in the hour that it is about, a real one now."""
    return call.benchmark_hour if target.is_simulated else now


def _told(account: Account, spent: Decimal, limit: Decimal | None, price: CallPrice) -> str:
    whose = f"target {account.target_id}" if account.target_id else "all targets"
    when = account.period_start.strftime({"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m"}[account.grain])
    return (
        f"budget of {whose} per {account.grain}: of {limit} USD {spent:.6f} are spent or set aside in {when}, "
        f"this call may cost up to {price.bound_usd:.6f}"
    )
