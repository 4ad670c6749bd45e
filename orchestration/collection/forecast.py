"""The budget of this installation, and what an hour's plan will cost before any of it is asked.

Not here: how a call is priced (call_prices), nor how the money is kept (budget).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from orchestration.collection.budget import Budget
from orchestration.collection.call_prices import CallPricer
from orchestration.collection.installation import known_rotation, known_targets, overall_budget
from orchestration.collection.plan import askable_calls, due_suites, measured_suites, plan_hour
from orchestration.collection.published_prices import stated_prices
from orchestration.collection.selection import checked_selection, selected_calls
from orchestration.storage.archive import Archive
from orchestration.storage.discovery_rows import read_enrolments
from orchestration.storage.read_back import measured_tokens, planned_hours, read_plan, read_prices
from orchestration.storage.spending import SpendingLedger
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestration.collection.budget import LeftOut, PlanPrice
    from orchestration.collection.call_prices import VariantOf
    from orchestration.pricing.price_book import PriceBook
    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall
    from orchestration.settings import Settings
    from orchestration.storage.bulk_insert import Connection
    from scenarios.loader import Catalogue

HISTORY: Final = timedelta(days=14)
"""Whose answers say how many tokens the next one is expected to take."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an hour's missing calls will cost by target, and how many of them budgets leave out for which reason.

    `spent` tells of each budget of all targets what is spent of it, `faults` what is wrong with prices.
    """

    planned_count: int
    missing_count: int
    by_target: Mapping[str, PlanPrice]
    left_out: Mapping[tuple[str, str], int]
    spent: Mapping[str, str]
    faults: Sequence[str]


def forecast_hour(
    config: Settings,
    connection: Connection,
    hour: datetime,
    only_targets: Sequence[str] = (),
    only_scenarios: Sequence[str] = (),
    *,
    force: bool = False,
) -> Forecast:
    """Price the calls that the hour still lacks, by its plan or the one that it would get now. Asks no host.

    Names confine it to a part of the hour; with `force` what was answered is priced too. Raises OperatorError for a
    target or scenario that there is not.
    """
    targets = known_targets(config, read_enrolments(connection))
    catalogue = load_catalogue(config.scenarios_dir, packs=config.packs_dir)
    prices = stated_prices(read_prices(connection), config.price_rows_file)
    known = {target.target_id for target in targets}
    selection = checked_selection(only_targets, only_scenarios, known, catalogue.scenarios)
    calls = selected_calls(_plan(config, connection, hour, catalogue, targets), selection)
    made = set() if force else Archive(config.archive_dir).call_ids(hour)
    enabled = {target.target_id for target in targets if target.is_enabled}
    unique = {call.call_id: call for call in askable_calls(calls, catalogue)}
    missing = [call for call in unique.values() if call.call_id not in made and call.target_id in enabled]
    budget = installed_budget(config, connection, targets, prices.book, catalogue.variant)
    now = datetime.now(UTC)
    _, left = budget.affordable(missing)
    return Forecast(
        planned_count=len(unique),
        missing_count=len(missing),
        by_target=budget.priced(missing),
        left_out=Counter(map(_reason, left)),
        spent=budget.told_spending(now),
        faults=[*prices.faults, *prices.unpriced(targets, now)],
    )


def _plan(
    config: Settings, connection: Connection, hour: datetime, catalogue: Catalogue, targets: Sequence[Target]
) -> list[PlannedCall]:
    planned = read_plan(connection, [hour])
    if hour in planned_hours(connection, [hour]):
        return [call for call in planned[hour] if call.status == "planned"]
    rotation = known_rotation(config)
    suites = due_suites(hour, measured_suites(catalogue, config.suite_names))
    plans = (plan_hour(hour, catalogue, suite, targets, rotation=rotation) for suite in suites)
    return list(chain.from_iterable(plans))


def installed_budget(
    config: Settings, connection: Connection, targets: Sequence[Target], book: PriceBook, variants: VariantOf
) -> Budget:
    """The budgets of the targets file and the settings upon the accounts of the database."""
    ids = [target.target_id for target in targets if not target.is_simulated or target.budget]
    with connection.transaction():
        measured = measured_tokens(connection, ids, datetime.now(UTC) - HISTORY)
    return Budget(
        targets=targets,
        limits=overall_budget(config),
        pricer=CallPricer(book, variants, measured),
        ledger=SpendingLedger(connection),
    )


def _reason(one: LeftOut) -> tuple[str, str]:
    """The target and the budget that is reached, without the amounts of the single call."""
    return one.call.target_id, one.reason.partition(":")[0]
