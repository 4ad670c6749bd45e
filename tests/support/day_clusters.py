"""The intervals whose clusters are days, straight from their formulas in docs/methodology.md.

Not here: how the warehouse computes them, which tests compare with these.
"""

from __future__ import annotations

from math import ceil, exp, floor, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student_t

if TYPE_CHECKING:
    from collections.abc import Sequence

Bounds = tuple[float | None, float | None]
NONE: Bounds = (None, None)


def ratio_error(parts: Sequence[float], wholes: Sequence[float]) -> float:
    """The standard error of sum(parts) / sum(wholes), over two or more days."""
    part, whole = np.asarray(parts, dtype=float), np.asarray(wholes, dtype=float)
    distances = part - part.sum() / whole.sum() * whole
    return sqrt(len(part) / (len(part) - 1) * float((distances**2).sum())) / float(whole.sum())


def wilson(share: float, count: float, days: int) -> tuple[float, float]:
    t = float(student_t.ppf(0.975, days - 1))
    centre, half = share + t**2 / (2 * count), t * sqrt(share * (1 - share) / count + t**2 / (4 * count**2))
    return (centre - half) / (1 + t**2 / count), (centre + half) / (1 + t**2 / count)


def share_bounds(counted: Sequence[int], counts: Sequence[int]) -> Bounds:
    """Of a share of calls, such as those that failed, by day."""
    if len(counts) < 2:
        return NONE
    share, count, error = sum(counted) / sum(counts), sum(counts), ratio_error(counted, counts)
    effective = min(count, share * (1 - share) / error**2) if error else count
    lower, upper = wilson(share, effective, len(counts))
    return max(lower, 0.0), min(upper, 1.0)


def ratio_bounds(parts: Sequence[float], wholes: Sequence[float]) -> Bounds:
    """Of a mean that is a ratio of two sums, such as cost per task, by day."""
    if len(wholes) < 2:
        return NONE
    ratio, error = sum(parts) / sum(wholes), ratio_error(parts, wholes)
    if error == 0.0:
        return NONE
    width = exp(float(student_t.ppf(0.975, len(wholes) - 1)) * error / ratio)
    return ratio / width, ratio * width


def percentile_bounds(days: Sequence[Sequence[float]], share: float, *, is_median: bool = False) -> Bounds:
    """Of the value that a share of the values of all days does not exceed."""
    ordered = np.sort(np.concatenate([np.asarray(day, dtype=float) for day in days]))
    ranks = [(len(day) + 1) // 2 if is_median else ceil(round(share * len(day), 9)) for day in days]
    nearby = float(np.mean([np.sort(day)[rank - 1] for day, rank in zip(days, ranks, strict=True)]))
    below, counts = [int((np.asarray(day) <= nearby).sum()) for day in days], [len(day) for day in days]
    error = ratio_error(below, counts) if len(days) > 1 else 0.0
    if error == 0.0:
        return NONE
    measured, count = sum(below) / sum(counts), sum(counts)
    effective = measured * (1 - measured) / error**2
    lower, upper = wilson(share, effective, len(days))
    certain = min(effective, count)
    return (
        float(ordered[floor(count * lower) - 1]) if (1 - share) ** certain <= 0.025 and count * lower >= 1 else None,
        float(ordered[ceil(count * upper) - 1]) if share**certain <= 0.025 else None,
    )
