"""Differences of two targets on the scenarios that both were asked, and what many such comparisons do to p-values.

Not here: what ranks follow from them (ranking).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import t as student_t

from orchestration.stats.intervals import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

PairedMethod = Literal["paired_t", "none"]
MIN_SCENARIOS = 2
MAX_EXACT_SCENARIOS = 12
"""Up to here all 2^S sign patterns are enumerated."""


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean difference of scenario means, in score points, and its 95% interval.

    `p_value` is two-sided: exact by sign flips up to 12 scenarios, of the t statistic beyond. `standard_error`, bounds
    and `p_value` are None together, with method `none`, where fewer than two scenarios are common or all differences
    are equal: no spread is no proof of certainty.
    """

    mean: float
    scenario_count: int
    standard_error: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    method: PairedMethod


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair among several targets: `holm_p_value` holds for all pairs of the table together."""

    first: str
    second: str
    difference: PairedDifference
    holm_p_value: float | None


def paired_difference(first: Mapping[str, float], second: Mapping[str, float]) -> PairedDifference | None:
    """The difference first - second of scenario means by scenario; None where no scenario is common.

    d_s = x_1s - x_2s, mean +- t(S - 1) sd(d) / sqrt(S). Source: Miller 2024, arXiv 2411.00640, section 4; t for few
    clusters. Raises ValueError for a mean that is not finite.
    """
    common = sorted(first.keys() & second.keys())
    differences = np.array([first[name] - second[name] for name in common])
    if len(differences) == 0:
        return None
    if not np.isfinite(differences).all():
        raise ValueError("a scenario's mean score is not a finite number")
    return _difference(differences)


def _difference(differences: NDArray[np.float64]) -> PairedDifference:
    count, mean = len(differences), float(differences.mean())
    if count < MIN_SCENARIOS or np.ptp(differences) == 0:
        return PairedDifference(mean, count, None, None, None, None, "none")
    error = float(differences.std(ddof=1) / np.sqrt(count))
    half_width = float(student_t.ppf((1 + CONFIDENCE) / 2, count - 1)) * error
    if count <= MAX_EXACT_SCENARIOS:
        p_value = sign_flip_p_value(differences)
    else:
        p_value = 2 * float(student_t.sf(abs(mean) / error, count - 1))
    return PairedDifference(mean, count, error, mean - half_width, mean + half_width, p_value, "paired_t")


def sign_flip_p_value(differences: Sequence[float] | NDArray[np.float64]) -> float:
    """The share of the 2^S sign patterns whose mean is at least as far from 0 as the observed one (Fisher 1935)."""
    values = np.asarray(differences, dtype=np.float64)
    patterns = (np.arange(2 ** len(values))[:, None] >> np.arange(len(values))) & 1
    sums = np.abs((1 - 2 * patterns) @ values)
    tolerance = 1e-9 * np.abs(values).sum()
    return float(np.mean(sums >= abs(values.sum()) - tolerance))


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjusted by Holm's (1979) step-down: rejecting those up to alpha errs anywhere with a chance of alpha at most.

    None was not tested and stays None.
    """
    tested = np.array([value for value in p_values if value is not None], dtype=np.float64)
    order = np.argsort(tested, kind="stable")
    factors = len(tested) - np.arange(len(tested))
    adjusted = np.empty(len(tested))
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * tested[order]), 1.0)
    values = iter(adjusted.tolist())
    return [None if value is None else next(values) for value in p_values]


def all_pairs(scenario_means: Mapping[str, Mapping[str, float]]) -> list[Comparison]:
    """Every pair of targets that share a scenario, in order of their names; input: target to scenario to mean score."""
    pairs = list(_pairs(scenario_means))
    adjusted = holm([difference.p_value for _, _, difference in pairs])
    return [Comparison(*pair, holm_p_value) for pair, holm_p_value in zip(pairs, adjusted, strict=True)]


def _pairs(scenario_means: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, str, PairedDifference]]:
    for first, second in combinations(sorted(scenario_means), 2):
        difference = paired_difference(scenario_means[first], scenario_means[second])
        if difference is not None:
            yield first, second, difference
