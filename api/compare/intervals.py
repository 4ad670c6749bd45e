"""The 95% interval of a scenario's mean, from how far its days lie apart. Pure.

Not here: the days (queries.py), nor intervals over many scenarios, which the marts have.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_DAYS = 4
"""With three degrees of freedom on, the quantile here is within 0.2% of the exact one."""
HIGHEST = 10.0
Z = NormalDist().inv_cdf(0.975)


def interval_of(means: Sequence[float], counts: Sequence[int]) -> tuple[float, float] | None:
    """Of the days' mean weighted by their counts, within 0 to 10.

    Answers of one day are no independent draws, so a day is one draw: the error is that of a ratio estimate (Cochran,
    Sampling Techniques, chapter 6). None of fewer than four days, and where all are equal, which says nothing
    of their spread.
    """
    days, total = len(means), sum(counts)
    if days < FEWEST_DAYS or max(means) == min(means):
        return None
    centre = sum(mean * count for mean, count in zip(means, counts, strict=True)) / total
    squares = sum((count * (mean - centre)) ** 2 for mean, count in zip(means, counts, strict=True))
    reach = t_quantile(days - 1) * math.sqrt(squares * days / (days - 1)) / total
    return max(0.0, centre - reach), min(HIGHEST, centre + reach)


def t_quantile(degrees: int) -> float:
    """The 97.5% quantile of Student's t (Abramowitz and Stegun, 26.7.5)."""
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    fourth = (79 * Z**9 + 776 * Z**7 + 1482 * Z**5 - 1920 * Z**3 - 945 * Z) / 92160
    return Z + first / degrees + second / degrees**2 + third / degrees**3 + fourth / degrees**4
