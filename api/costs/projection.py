"""What a mix of tasks comes to, from what a task of each kind costs.

Not here: what a task costs and how sure that is; the warehouse has computed it.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

from api.costs.schemas import FamilyCost, ModelCost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.database import Row

PER_MTOK = 1_000_000
MEASURED = (
    "input_tokens_per_task",
    "output_tokens_per_task",
    "suite_versions",
    "day_count",
    "answered_count",
    "first_date",
    "last_date",
)
TokensPerTask = tuple[int, int]
"""Tokens sent and received."""


def costs_of(
    rows: Iterable[Row], tasks: Mapping[str, float], *, days: int, tokens: TokensPerTask | None
) -> list[ModelCost]:
    """One entry per target, the cheapest first. `rows` has one per target and family, by target; `tasks` is a day's."""
    models = [
        _model_cost([_family_cost(row, tasks[row["family"]], days, tokens) for row in families], families[0])
        for families in (list(part) for _, part in groupby(rows, key=lambda row: row["target_id"]))
    ]
    return sorted(models, key=lambda one: (math.inf if one.cost_usd is None else one.cost_usd, one.target_id))


def _model_cost(families: list[FamilyCost], row: Row) -> ModelCost:
    costs = [family.cost_usd for family in families]
    reasons = [family.reason for family in families if family.cost_usd is None]
    return ModelCost(
        target_id=row["target_id"],
        label=row["label"],
        provider=row["provider"],
        is_simulated=row["is_simulated"],
        cost_usd=_sum(costs),
        cost_ci95_lower=_sum([family.cost_ci95_lower for family in families]),
        cost_ci95_upper=_sum([family.cost_ci95_upper for family in families]),
        reason=reasons[0] if reasons else None,
        families=families,
    )


def _sum(values: list[float | None]) -> float | None:
    """A partial sum is no sum."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _family_cost(row: Row, tasks_per_day: float, days: int, tokens: TokensPerTask | None) -> FamilyCost:
    task = _task_by_tokens(row, tokens) if tokens else _task_as_measured(row)
    count = tasks_per_day * days
    total = {
        f"cost_{end}": None if task[f"cost_per_task_{end}"] is None else count * task[f"cost_per_task_{end}"]
        for end in ("usd", "ci95_lower", "ci95_upper")
    }
    return FamilyCost.model_validate({"family": row["family"], "tasks_per_day": tasks_per_day, **task, **total})


def _task_as_measured(row: Row) -> dict[str, Any]:
    known = {name: row[name] for name in MEASURED}
    cost, lower, upper = (
        None if row[f"cost_per_task_{end}"] is None else float(row[f"cost_per_task_{end}"])
        for end in ("usd", "ci95_lower", "ci95_upper")
    )
    if cost is None:
        return _unknown("unknown_price" if row["input_usd_per_mtok"] is None else "not_measured") | known
    reason = "few_days" if lower is None else None
    return _task("measured", reason, cost, lower, upper) | known


def _task_by_tokens(row: Row, tokens: TokensPerTask) -> dict[str, Any]:
    named = dict.fromkeys(MEASURED) | dict(zip(MEASURED[:2], tokens, strict=True))
    prices = row["input_usd_per_mtok"], row["output_usd_per_mtok"]
    if any(count and price is None for count, price in zip(tokens, prices, strict=True)):
        return _unknown("unknown_price") | named
    cost = sum(count * float(price or 0) for count, price in zip(tokens, prices, strict=True)) / PER_MTOK
    return _task("tokens", "exact", cost, None, None) | named


def _unknown(reason: str) -> dict[str, Any]:
    return _task("unknown", reason, None, None, None)


def _task(
    basis: str, reason: str | None, cost: float | None, lower: float | None, upper: float | None
) -> dict[str, Any]:
    return {
        "basis": basis,
        "reason": reason,
        "cost_per_task_usd": cost,
        "cost_per_task_ci95_lower": lower,
        "cost_per_task_ci95_upper": upper,
    }
