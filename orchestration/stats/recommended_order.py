"""The order in which targets are recommended: the best first, and among those that can't be told from it the cheapest.

Not here: where the standings come from (storage.marts), nor what is made of the order (providers.litellm_router).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

FULL_SCORE = 10.0
TOLERATED_POINTS = 1.0
"""How much lower a mean may lie and still count as tied: wide intervals are ignorance, no likeness."""


class Standing(Protocol):
    """What is known of one target's work of one kind; None is unknown."""

    @property
    def target_id(self) -> str: ...
    @property
    def score_mean(self) -> float: ...
    @property
    def score_ci95_lower(self) -> float | None: ...
    @property
    def score_ci95_upper(self) -> float | None: ...
    @property
    def cost_per_task_usd(self) -> float | None: ...
    @property
    def latency_p50_ms(self) -> float | None: ...
    @property
    def is_preliminary(self) -> bool: ...


S = TypeVar("S", bound=Standing)


def recommended_order(standings: Iterable[S]) -> list[list[S]]:
    """Groups, best first; within a group by cost of a solved task, then by median latency, unknown ones last.

    The first group is the target of the highest mean with all that are tied with it, the next group is made of the
    rest in the same way. A preliminary standing is tied with nobody and follows all others, by its mean.
    """
    rest = sorted(standings, key=lambda one: (one.is_preliminary, -one.score_mean, one.target_id))
    groups: list[list[S]] = []
    while rest:
        best = rest[0]
        groups.append(sorted((one for one in rest if one is best or is_tied(best, one)), key=_preference))
        rest = [one for one in rest if not (one is best or is_tied(best, one))]
    return groups


def is_tied(one: Standing, other: Standing) -> bool:
    """Whether two means are close, and the 95% interval of their difference, taken as independent, holds 0.

    Targets are asked the same tasks, so that their errors are related: what is told apart here does differ, what is
    tied may differ all the same.
    """
    widths = _half_width(one), _half_width(other)
    if widths[0] is None or widths[1] is None or one.is_preliminary or other.is_preliminary:
        return False
    return abs(one.score_mean - other.score_mean) <= min(TOLERATED_POINTS, math.hypot(widths[0], widths[1]))


def cost_per_solved_task_usd(one: Standing) -> float | None:
    """What ten points cost: the cost of a task over the share of the full score. None where unknown or never scored."""
    if one.cost_per_task_usd is None or one.score_mean <= 0:
        return None
    return one.cost_per_task_usd * FULL_SCORE / one.score_mean


def _half_width(one: Standing) -> float | None:
    if one.score_ci95_lower is None or one.score_ci95_upper is None:
        return None
    return (one.score_ci95_upper - one.score_ci95_lower) / 2


def _preference(one: Standing) -> tuple[float, float, float, str]:
    cost, latency_ms = cost_per_solved_task_usd(one), one.latency_p50_ms
    return (
        math.inf if cost is None else cost,
        math.inf if latency_ms is None else latency_ms,
        -one.score_mean,
        one.target_id,
    )
