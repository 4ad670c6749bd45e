"""Percentiles of measured times with intervals that assume no distribution.

Not here: percentiles that need no interval; the warehouse computes those by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

from orchestration.stats.intervals import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Percentile:
    """An observed value and the observed values that bound it at 95%; a bound is None where n is too small for it."""

    value: float
    lower: float | None
    upper: float | None
    count: int


def percentile(values: Sequence[float], share: float) -> Percentile | None:
    """The smallest value that at least `share` of the values do not exceed, with its interval; None without values.

    Of the order statistics x_(1) <= ... <= x_(n) it is x_(ceil(n q)). With B ~ Binomial(n, q) the interval goes from
    x_(l), the largest l with P(B < l) <= 2.5%, to x_(u), the smallest u with P(B >= u) <= 2.5%. It covers at least 95%
    whatever the distribution. Source: David and Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a percentile lies between 0 and 1, not at {share}")
    ordered, count = np.sort(np.asarray(values, dtype=np.float64)), len(values)
    if count == 0:
        return None
    tail = (1 - CONFIDENCE) / 2
    ranks = np.arange(1, count + 1)
    below = ranks[binom.cdf(ranks - 1, count, share) <= tail]
    above = ranks[binom.sf(ranks - 1, count, share) <= tail]
    return Percentile(
        value=float(ordered[max(ceil(round(count * share, 9)), 1) - 1]),
        lower=float(ordered[below[-1] - 1]) if len(below) else None,
        upper=float(ordered[above[0] - 1]) if len(above) else None,
        count=count,
    )
