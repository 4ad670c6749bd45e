"""The budgets that hold now, and whether what was spent lies within them.

Not here: keeping to them while calls are made (budget).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from orchestration.collection.budget import ALL_TARGETS, periods_of
from orchestration.collection.installation import overall_budget
from orchestration.providers.target_file import Budget
from orchestration.storage.operation_rows import StatedBudget
from orchestration.storage.spending import Account, SpendingLedger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from orchestration.providers.targets import Target
    from orchestration.settings import Settings
    from orchestration.storage.bulk_insert import Connection

RECENT: Final = timedelta(hours=6)
"""How long after its end a period's spending is still looked at: for as long nobody may have looked."""


def recent_budget_limits(config: Settings, targets: Iterable[Target], moment: datetime) -> dict[Account, Decimal]:
    """The accounts of every hour, day and month that has not ended long before a moment and has a budget."""
    known = list(targets)
    found: dict[Account, Decimal] = {}
    for hours in range(RECENT // timedelta(hours=1) + 1):
        found |= budget_limits(config, known, moment - timedelta(hours=hours))
    return found


def budget_limits(config: Settings, targets: Iterable[Target], moment: datetime) -> dict[Account, Decimal]:
    """The accounts of the hour, day and month of a moment that have a budget."""
    budgets = {ALL_TARGETS: overall_budget(config)}
    budgets |= {target.target_id: target.budget for target in targets if target.budget is not None}
    return {
        Account(grain, start, target_id): limit
        for target_id, budget in budgets.items()
        for grain, start in periods_of(moment).items()
        if (limit := getattr(budget, f"usd_per_{grain}")) is not None
    }


def stated_budgets(config: Settings, targets: Iterable[Target], moment: datetime) -> list[StatedBudget]:
    """A row for each target, and for all real ones together; without a limit where there is no budget."""
    budgets = {ALL_TARGETS: overall_budget(config)} | {target.target_id: target.budget for target in targets}
    return [_stated(target_id, budget or Budget(), moment) for target_id, budget in budgets.items()]


def _stated(target_id: str, budget: Budget, moment: datetime) -> StatedBudget:
    return StatedBudget(target_id, budget.usd_per_hour, budget.usd_per_day, budget.usd_per_month, moment)


def exceeded_budgets(
    config: Settings, connection: Connection, targets: Iterable[Target], moment: datetime
) -> list[str]:
    """The accounts of the hour, day and month of a moment that hold more than their budget, in words."""
    limits = budget_limits(config, targets, moment)
    spent = SpendingLedger(connection).spent(limits.keys())
    return [
        f"{account.target_id or 'all targets'}: {spent[account]} of {limit} USD in the {account.grain} "
        f"from {account.period_start:%Y-%m-%d %H}:00 UTC"
        for account, limit in limits.items()
        if spent[account] > limit
    ]
