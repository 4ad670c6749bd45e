"""The interval of a mean on exactly these tasks: how much it would move were the same suite asked on other days.

Not here: the reading that generalises to tasks like these, which is shown first (intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student_t

from orchestration.stats.intervals import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MIN_DAYS = 2
_ROUNDING = 1e-9
"""A day's effect below it, in points, is what is left of equal means."""


@dataclass(frozen=True, slots=True)
class FixedSuiteInterval:
    """A mean in score points; error and bounds are None together where fewer than two days were measured, or nothing
    varies at all.
    """

    mean: float
    day_count: int
    standard_error: float | None
    lower: float | None
    upper: float | None


def fixed_suite_interval(day_means: NDArray[np.float64]) -> FixedSuiteInterval:
    """From the scenarios' means by day, shape (days, scenarios), NaN where a scenario was not measured on a day.

    Mean = sum_s m_s / S. A day's effect e_d is the mean of its scenarios' distances from their own means m_s; with D
    days SE^2 = sum e_d^2 / ((D - 1) D), and t(D - 1): days are the clusters, as a good or a bad day moves all scenarios
    together. `independent_error` takes them as independent and is too small then. Raises ValueError for a scenario or a
    day without a value.
    """
    known = np.isfinite(day_means)
    if day_means.size == 0 or not known.any(axis=0).all() or not known.any(axis=1).all():
        raise ValueError("every scenario and every day needs a mean")
    scenario_means = np.nanmean(day_means, axis=0)
    mean, days = float(scenario_means.mean()), len(day_means)
    effects = np.nanmean(day_means - scenario_means, axis=1)
    if days < MIN_DAYS or not (np.abs(effects) > _ROUNDING).any():
        return FixedSuiteInterval(mean, days, None, None, None)
    error = float(np.sqrt((effects**2).sum() / ((days - 1) * days)))
    half_width = float(student_t.ppf((1 + CONFIDENCE) / 2, days - 1)) * error
    return FixedSuiteInterval(mean, days, error, mean - half_width, mean + half_width)


def independent_error(scenario_blocks: Sequence[Sequence[float]]) -> float:
    """SE = sqrt(sum_s w_s^2 v_s / n_s), w_s = 1/S, from two or more block means of each scenario, taken as independent.

    Source: Miller 2024, arXiv 2411.00640, section 2 (conditional variance).
    """
    parts = [float(np.var(blocks, ddof=1)) / len(blocks) for blocks in scenario_blocks]
    return float(np.sqrt(sum(parts))) / len(parts)
