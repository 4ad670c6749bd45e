"""What a target will cost over the days to come, at today's prices and volume.

Not here: what it did cost (the marts).
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

DAYS_PER_WEEK = 7
LARGEST_PHI = 0.9
MIN_DAYS = 14
MIN_DEGREES_OF_FREEDOM = 4.0


@dataclass(frozen=True, slots=True)
class Projection:
    """A sum over `days` in the unit of the days' values, with the interval that the sum will lie in at 95%."""

    days: int
    total: float
    lower: float
    upper: float


def project(
    daily: Sequence[float], days: int, *, period: int = DAYS_PER_WEEK, phi: float | None = None
) -> Projection | None:
    """The sum of the next `days` days from whole days without a gap, oldest first; None with fewer than 14 days.

    The sum of the means of the days of a week (`period` days; 1 knows no weekdays) +- t_df s_r H sqrt(g_phi(H) +
    g_phi(n)), with s_r the standard deviation of the residuals about those means on n - period degrees of freedom, and
    df = max(4, n (1 - phi) / (1 + phi) - 1). `phi`, the autocorrelation of a residual with the next, is estimated when
    it is None. Raises ValueError for a value that is not finite.
    """
    values = np.asarray(daily, dtype=np.float64)
    count = len(values)
    if not np.isfinite(values).all():
        raise ValueError("a day's value is not a finite number")
    if count < MIN_DAYS:
        return None
    day = np.arange(count) % period
    means = np.bincount(day, weights=values) / np.bincount(day)
    residuals = values - means[day]
    spread = np.sqrt((residuals**2).sum() / (count - period))
    phi = _autocorrelation(residuals, count - period) if phi is None else phi
    total = float(means[(count + np.arange(days)) % period].sum())
    df = max(MIN_DEGREES_OF_FREEDOM, count * (1 - phi) / (1 + phi) - 1)
    error = spread * days * np.sqrt(variance_of_mean(phi, days) + variance_of_mean(phi, count))
    half_width = float(student_t.ppf((1 + CONFIDENCE) / 2, df) * error)
    return Projection(days, total, total - half_width, total + half_width)


def _autocorrelation(residuals: NDArray[np.float64], degrees_of_freedom: int) -> float:
    """Of lag 1, with Marriott and Pope's (1954) correction of its bias in short series, within [0, 0.9]."""
    squares = float((residuals**2).sum())
    if squares == 0:
        return 0.0
    estimate = float((residuals[1:] * residuals[:-1]).sum()) / squares
    corrected = estimate + (1 + 4 * estimate) / degrees_of_freedom
    return min(max(corrected, 0.0), LARGEST_PHI)


def variance_of_mean(phi: float, count: int) -> float:
    """The variance of the mean of `count` values of an AR(1) process of variance 1 (g_phi)."""
    lags = np.arange(1, count)
    return float((1 + 2 * ((1 - lags / count) * phi**lags).sum()) / count)
