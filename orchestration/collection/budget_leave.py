"""The budget's leave to enrol a model: what a day of it costs, and what budgets leave beside the targets there are.

Not here: which rule fits a model (providers.discovery), nor what may be spent while hours are collected (budget).

A day is what the measured suites ask of one target from midnight to midnight (UTC). An answer is expected to take the
tokens that answers to its scenario took lately: the target's own, else those of the others of its kind, else all that
it may take. A month has 30 days; what is left of the current one must do for the rest of it, too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain
from statistics import fmean
from typing import TYPE_CHECKING, Final

from orchestration.collection.budget import ALL_TARGETS, periods_of
from orchestration.collection.call_prices import CallPricer
from orchestration.collection.enrolment import open_proposals
from orchestration.collection.forecast import HISTORY
from orchestration.collection.installation import (
    discovery_rules,
    known_rotation,
    known_targets,
    overall_budget,
    proposed_targets,
)
from orchestration.collection.plan import due_suites, measured_suites, plan_hour
from orchestration.collection.published_prices import stated_prices
from orchestration.pricing.published import published_price_rows
from orchestration.storage.discovery_rows import read_enrolments, read_sightings
from orchestration.storage.read_back import measured_tokens, read_prices
from orchestration.storage.spending import Account, SpendingLedger
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orchestration.pricing.price_book import PriceBook
    from orchestration.providers.discovery import Proposal
    from orchestration.providers.target_file import Budget
    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall
    from orchestration.settings import Settings
    from orchestration.storage.bulk_insert import Connection

DAYS_OF_MONTH: Final = 30
DAY: Final = timedelta(days=1)


def installed_proposals(config: Settings, connection: Connection) -> list[Proposal]:
    """The open proposals of this installation; none is enrolled at once that the budgets have no room for."""
    targets = known_targets(config, read_enrolments(connection))
    proposals = open_proposals(connection, targets, discovery_rules(config))
    wanted = [proposal for proposal in proposals if proposal.is_enrolled_at_once]
    if not wanted:
        return proposals
    now = datetime.now(UTC)
    candidates = proposed_targets(config, [proposal.entry for proposal in wanted])
    costs = _day_costs(config, connection, [*targets, *candidates.values()], now)
    room = _Room(overall_budget(config), _spent_this_month(connection, now), now)
    for target in targets:
        room.take(target, costs.get(target.target_id))
    return [room.judged(proposal, candidates.get(proposal.target_id), costs) for proposal in proposals]


@dataclass(frozen=True, slots=True)
class DayCost:
    """What a day of a target is expected to cost, and for how many calls."""

    usd: Decimal
    call_count: int


@dataclass(slots=True)
class _Room:
    """What the budgets of all real targets have room for beside the days that are taken."""

    limits: Budget
    spent_this_month: Decimal
    now: datetime
    taken_usd: Decimal = Decimal(0)

    def take(self, target: Target, cost: DayCost | None) -> None:
        """Reckon with a target that is measured; a simulated one spends no money."""
        if cost is not None and not target.is_simulated:
            self.taken_usd += cost.usd

    def judged(self, proposal: Proposal, target: Target | None, costs: Mapping[str, DayCost]) -> Proposal:
        """The proposal, and where there is no room for it one that is left to a person, with the figures."""
        cost = costs.get(proposal.target_id)
        if not proposal.is_enrolled_at_once or target is None or cost is None:
            return proposal
        if reason := next(self._refusals(target, cost), None):
            return replace(proposal, is_enrolled_at_once=False, reason=reason)
        self.take(target, cost)
        return proposal

    def _refusals(self, target: Target, cost: DayCost) -> Iterator[str]:
        about = f"about {cost.usd:.4f} USD a day for {cost.call_count} calls"
        for name, limit, taken, needed in self._periods(target, cost.usd):
            if limit is not None and taken + needed > limit:
                left = max(Decimal(0), limit - taken)
                yield f"{about}: {name} leaves {left:.4f} of {limit} USD, {needed:.4f} are needed"

    def _periods(self, target: Target, usd: Decimal) -> Iterator[tuple[str, Decimal | None, Decimal, Decimal]]:
        """Each budget's name, its limit, what the others take of it, and what this target would."""
        nothing, taken = Decimal(0), self.taken_usd
        if own := target.budget:
            yield "the target's own budget per day", own.usd_per_day, nothing, usd
            yield "the target's own budget per month", own.usd_per_month, nothing, usd * DAYS_OF_MONTH
        if target.is_simulated:
            return
        month, rest = self.limits.usd_per_month, _days_left(self.now)
        yield "the budget of all targets per day", self.limits.usd_per_day, taken, usd
        yield "the budget of all targets per month", month, taken * DAYS_OF_MONTH, usd * DAYS_OF_MONTH
        yield "what is left of this month", month, self.spent_this_month + taken * rest, usd * rest


def _days_left(now: datetime) -> Decimal:
    month = periods_of(now)["month"]
    following = periods_of(month + 31 * DAY)["month"]
    return min(Decimal(DAYS_OF_MONTH), Decimal((following - now) / DAY))


def _spent_this_month(connection: Connection, now: datetime) -> Decimal:
    account = Account("month", periods_of(now)["month"], ALL_TARGETS)
    return SpendingLedger(connection).spent([account])[account]


def _day_costs(
    config: Settings, connection: Connection, targets: Sequence[Target], now: datetime
) -> dict[str, DayCost]:
    """Of each enabled target that is charged per call, where the prices of all its calls are known."""
    charged = [target for target in targets if target.is_enabled and target.host.price_source != "none"]
    catalogue = load_catalogue(config.scenarios_dir, packs=config.packs_dir)
    suites, rotation = measured_suites(catalogue, config.suite_names), known_rotation(config)
    book = _prices(config, connection, now)
    found: dict[str, DayCost] = {}
    for kind in (True, False):
        alike = [target for target in charged if target.is_simulated is kind]
        asked = _calls_of_a_day(
            call
            for hour in _hours_after(now)
            for suite in due_suites(hour, suites)
            for call in plan_hour(hour, catalogue, suite, alike[:1], planned_at=hour, rotation=rotation)
        )
        pricer = CallPricer(book, catalogue.variant, _expected_tokens(connection, alike, asked, now))
        found |= {target.target_id: cost for target in alike if (cost := _cost(pricer, target, asked, now))}
    return found


def _hours_after(now: datetime) -> list[datetime]:
    midnight = periods_of(now + DAY)["day"]
    return [midnight + timedelta(hours=number) for number in range(24)]


def _calls_of_a_day(calls: Iterable[PlannedCall]) -> list[tuple[PlannedCall, int]]:
    """One call of each variant, and how often a day asks it. A call of several suites is made once."""
    unique = {call.call_id: call for call in calls}.values()
    counts = Counter((call.scenario_id, call.scenario_version, call.variant_seed) for call in unique)
    by_variant = {(call.scenario_id, call.scenario_version, call.variant_seed): call for call in unique}
    return [(by_variant[variant], count) for variant, count in counts.items()]


def _cost(
    pricer: CallPricer, target: Target, asked: Sequence[tuple[PlannedCall, int]], now: datetime
) -> DayCost | None:
    usd = Decimal(0)
    for call, count in asked:
        price = pricer.price(replace(call, target_id=target.target_id), target, now)
        if price is None:
            return None
        usd += count * price.expected_usd
    return DayCost(usd, sum(count for _, count in asked))


def _expected_tokens(
    connection: Connection, targets: Sequence[Target], asked: Sequence[tuple[PlannedCall, int]], now: datetime
) -> dict[tuple[str, str], tuple[float, float]]:
    """Mean input and output tokens of a target's answers to a scenario, or of all answers of targets of its kind."""
    measured = measured_tokens(connection, [target.target_id for target in targets], now - HISTORY)
    by_scenario: dict[str, list[tuple[float, float]]] = {}
    for (_, scenario_id), tokens in measured.items():
        by_scenario.setdefault(scenario_id, []).append(tokens)
    known = {call.scenario_id for call, _ in asked} & by_scenario.keys()
    means = {name: _mean(by_scenario[name]) for name in known}
    return {(target.target_id, name): mean for target in targets for name, mean in means.items()} | measured


def _mean(tokens: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return fmean(given for given, _ in tokens), fmean(made for _, made in tokens)


def _prices(config: Settings, connection: Connection, now: datetime) -> PriceBook:
    """The known prices, and what listings say of models that no price is known of."""
    book = stated_prices(read_prices(connection), config.price_rows_file).book
    listed = chain.from_iterable(models.values() for models in read_sightings(connection).values())
    published = [
        row
        for seen in listed
        if book.price_at(seen.provider, seen.model, now) is None
        for row in published_price_rows(
            seen.provider, seen.model, seen.pricing, source=seen.host, seen_at=seen.last_seen_at
        )
    ]
    return book.with_rows(published)
