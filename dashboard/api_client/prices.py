"""Results about money: what tokens cost over time, and what a load of tasks would cost.

Not here: what a measured task cost (standings).
"""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - pydantic reads them at run time
from typing import Literal

from dashboard.api_client.result import Meta, Result


class PastPrice(Result):
    """What a model's tokens cost from one moment to another; ratios are to the price before, None for the first."""

    price_id: str
    provider: str
    model: str
    valid_from: datetime
    valid_to: datetime | None
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    cached_input_usd_per_mtok: float | None
    source: str
    checked_on: date
    target_ids: tuple[str, ...]
    is_simulated: bool
    input_price_ratio: float | None
    output_price_ratio: float | None


class PriceHistory(Result):
    data: tuple[PastPrice, ...]
    next_cursor: str | None


class FamilyTasks(Result):
    family: str
    tasks_per_day: float


class FamilyCost(Result):
    """What the tasks of one family would cost with one target, and what that is known from."""

    family: str
    tasks_per_day: float
    basis: Literal["measured", "tokens", "unknown"]
    reason: Literal["not_measured", "unknown_price", "few_days", "exact"] | None
    cost_usd: float | None
    cost_ci95_lower: float | None
    cost_ci95_upper: float | None
    cost_per_task_usd: float | None
    input_tokens_per_task: float | None
    output_tokens_per_task: float | None
    day_count: int | None
    answered_count: int | None


class ModelCost(Result):
    """What the whole load would cost with one target."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    cost_usd: float | None
    cost_ci95_lower: float | None
    cost_ci95_upper: float | None
    reason: str | None
    families: tuple[FamilyCost, ...]


class ProjectionMeta(Meta):
    """The load that was asked about."""

    days: int
    tasks_per_day: float
    tasks: tuple[FamilyTasks, ...]


class Projection(Result):
    """Targets with the cost of the load, cheapest first."""

    meta: ProjectionMeta
    data: tuple[ModelCost, ...]
