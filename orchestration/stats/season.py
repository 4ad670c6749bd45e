"""The daily and weekly rhythm of an hour's value, which is no change.

Not here: the days of a projection (projections).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOURS, DAYS, SATURDAY = 24, 7, 5
RIDGE = 5.0
CLIP_SD = 3.0
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Season:
    """What to take from the value of each hour of a week, hour 0 being the first of its first day."""

    week: NDArray[np.float64]

    def at(self, hours: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.take(self.week, hours % len(self.week))


def is_weekend(hours: NDArray[np.intp]) -> NDArray[np.bool_]:
    return (hours // HOURS) % DAYS >= SATURDAY


def regressors(hours: NDArray[np.intp]) -> NDArray[np.float64]:
    """Two harmonics of the day, and the weekend."""
    angle = 2 * np.pi * (hours % HOURS) / HOURS
    return np.column_stack(
        [np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle), is_weekend(hours).astype(float)]
    )


WEEK_REGRESSORS = regressors(np.arange(HOURS * DAYS))


def fit_season(hours: NDArray[np.intp], values: NDArray[np.float64]) -> Season:
    """A ridge fit on clipped values, then what each hour of the day has beside it, as far as it exceeds chance.

    The latter is an empirical Bayes estimate: the residual means of the 24 hours shrunk by the share of their variance
    that their own error explains. It is next to nothing for smooth rhythms, and takes the jumps of others.
    """
    middle = np.median(values)
    sd = MAD_TO_SD * float(np.median(np.abs(values - middle)))
    clipped = np.clip(values, middle - CLIP_SD * sd, middle + CLIP_SD * sd)
    design = WEEK_REGRESSORS[hours % len(WEEK_REGRESSORS)]
    means = design.mean(axis=0)
    centred = design - means
    gram = centred.T @ centred + RIDGE * np.eye(design.shape[1])
    slopes = np.linalg.solve(gram, centred.T @ (clipped - clipped.mean()))
    rest = clipped - clipped.mean() - centred @ slopes
    return Season((WEEK_REGRESSORS - means) @ slopes + np.tile(_hour_effects(hours, rest), DAYS))


def _hour_effects(hours: NDArray[np.intp], rest: NDArray[np.float64]) -> NDArray[np.float64]:
    of_day = hours % HOURS
    counts = np.maximum(np.bincount(of_day, minlength=HOURS), 1)
    means = np.bincount(of_day, weights=rest, minlength=HOURS) / counts
    within = float(((rest - means[of_day]) ** 2).sum()) / max(len(rest) - HOURS, 1)
    between = max(float((means**2).mean()) - float((within / counts).mean()), 0.0)
    return means * between / (between + within / counts) if between > 0 else np.zeros(HOURS)
