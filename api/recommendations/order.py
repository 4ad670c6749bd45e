"""The order of the models that fit: the best first, and among those that can't be told from it the cheapest.

Not here: which models fit (limits.py), nor the differences between them; the warehouse has computed those.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from api.recommendations.schemas import Recommended

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.database import Row

TOLERATED_POINTS = 1.0
"""How much lower a mean may lie and still count as tied: wide intervals are ignorance, no likeness."""
Interval = tuple[float, float | None, float | None]


class Differences:
    """The paired difference of any two models, either way round."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._found: dict[tuple[str, str], Interval] = {}
        for row in rows:
            mean, lower, upper = (row[f"score_difference{end}"] for end in ("", "_ci95_lower", "_ci95_upper"))
            self._found[row["target_id"], row["other_target_id"]] = mean, lower, upper
            turned = None if upper is None else -upper, None if lower is None else -lower
            self._found[row["other_target_id"], row["target_id"]] = -mean, *turned

    def between(self, one: Row, other: Row) -> Interval | None:
        """Mean of the one minus that of the other with its 95% interval; None where they were not compared."""
        return self._found.get((one["target_id"], other["target_id"]))

    def is_tied(self, best: Row, other: Row) -> bool:
        """Whether the other is close, and the interval of their difference holds 0. A thin standing has no ties."""
        found = self.between(best, other)
        if found is None or best["is_preliminary"] or other["is_preliminary"]:
            return False
        mean, lower, upper = found
        return lower is not None and upper is not None and lower <= 0 <= upper and abs(mean) <= TOLERATED_POINTS


def ordered(rows: Sequence[Row], differences: Differences) -> list[list[Row]]:
    """Groups, best first; within one by cost of a solved task, then by median latency, unknown ones last.

    The first group is the model of the highest mean with all that are tied with it, the next is made of the rest in the
    same way. A preliminary standing follows all others, by its mean.
    """
    rest = sorted(rows, key=lambda row: (row["is_preliminary"], -row["score_mean"], row["target_id"]))
    groups: list[list[Row]] = []
    while rest:
        best, others = rest[0], rest[1:]
        tied = [row for row in others if differences.is_tied(best, row)]
        groups.append(sorted([best, *tied], key=_preference))
        rest = [row for row in others if row not in tied]
    return groups


def _preference(row: Row) -> tuple[float, float, float, str]:
    cost, latency_ms = row["cost_per_solved_task_usd"], row["latency_p50_ms"]
    return (
        math.inf if cost is None else float(cost),
        math.inf if latency_ms is None else latency_ms,
        -row["score_mean"],
        row["target_id"],
    )


def recommended(groups: Sequence[Sequence[Row]], differences: Differences, *, limit: int) -> list[Recommended]:
    """The choice and its fallbacks, each with the reasons for its place."""
    placed = [(number, group, row) for number, group in enumerate(groups, start=1) for row in group]
    if not placed:
        return []
    best = max(groups[0], key=lambda row: row["score_mean"])
    choice = placed[0][2]
    return [
        Recommended.model_validate(
            {
                **row,
                **_difference_to_best(row, best, differences),
                "place": place,
                "role": "choice" if place == 1 else "fallback",
                "group": number,
                "is_other_provider": row["provider"] != choice["provider"],
                "reasons": _reasons(row, group, best, choice),
            }
        )
        for place, (number, group, row) in enumerate(placed[:limit], start=1)
    ]


def _difference_to_best(row: Row, best: Row, differences: Differences) -> dict[str, Any]:
    mean, lower, upper = differences.between(row, best) or (None, None, None)
    return {
        "score_difference_to_best": mean,
        "score_difference_to_best_ci95_lower": lower,
        "score_difference_to_best_ci95_upper": upper,
    }


def _reasons(row: Row, group: Sequence[Row], best: Row, choice: Row) -> list[str]:
    reasons = []
    if row is best:
        reasons.append("the highest mean of those that fit")
    elif best in group:
        reasons.append(f"can't be told from {best['label']}, which has the highest mean")
    elif row["is_preliminary"]:
        reasons.append("little of it is measured yet")
    else:
        reasons.append(f"scores below {best['label']}")
    if len(group) > 1 and row is group[0] and row["cost_per_solved_task_usd"] is not None:
        reasons.append("the cheapest of its group")
    if row["provider"] != choice["provider"]:
        reasons.append(f"another provider than {choice['label']}")
    return reasons


def verdict_of(places: Sequence[Recommended], *, fitting_count: int) -> str:
    """What to take, in one sentence."""
    if not places:
        return "No measured model fits these limits."
    choice = places[0]
    if fitting_count == 1:
        return f"Take {choice.label}: it is the only model that fits."
    if choice.is_preliminary:
        return f"Take {choice.label} for now: of the {fitting_count} models that fit little is measured yet."
    if choice.score_difference_to_best is None:
        return f"Take {choice.label}: it has the highest mean of the {fitting_count} models that fit."
    return (
        f"Take {choice.label}: none of the {fitting_count} models that fit scores demonstrably higher, and it comes "
        "first by cost of those that can't be told from the best."
    )
