"""Which ranks a target may have: intervals that hold the true rank, not tie groups.

Not here: the order in which targets are recommended (recommended_order).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestration.stats.intervals import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MIN_SCENARIOS = 5
REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class RankRange:
    """The best and the worst rank, 1 being the highest mean, that the data allow at 95%."""

    best: int
    worst: int


def rank_ranges(
    scenario_means: Mapping[str, Mapping[str, float]], *, seed: int, replicates: int = REPLICATES
) -> dict[str, RankRange] | None:
    """Each target's rank range over the scenarios that all of them were asked; None where these are fewer than five.

    With d_jk the mean paired difference of targets j and k, t_jk = d_jk / se_jk, and c_j the 95% quantile, over
    bootstrap samples of scenarios, of max_k |d*_jk - d_jk| / se*_jk, the rank of j lies in
    [1 + #{k: t_jk < -c_j}, K - #{k: t_jk > c_j}]. Each range has its own 95%; they don't hold all at once.
    Source: Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91(1).
    `scenario_means`: target to scenario to mean score in points.
    """
    targets = sorted(scenario_means)
    common = sorted(set.intersection(*(set(means) for means in scenario_means.values()))) if targets else []
    if len(common) < MIN_SCENARIOS:
        return None
    means = np.array([[scenario_means[target][scenario] for scenario in common] for target in targets])
    observed = _studentised(*_moments(means, np.ones((1, len(common)))))[0]
    critical = _critical_values(means, seed, replicates)[:, None]
    best = 1 + (observed < -critical).sum(axis=1)
    worst = len(targets) - (observed > critical).sum(axis=1)
    return {target: RankRange(int(best[j]), int(worst[j])) for j, target in enumerate(targets)}


def _critical_values(means: NDArray[np.float64], seed: int, replicates: int) -> NDArray[np.float64]:
    """c_j of each target, shape (targets,); `means` has shape (targets, scenarios)."""
    count = means.shape[1]
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=replicates)
    drawn, spread = _moments(means, draws.astype(np.float64))
    centred = drawn - _moments(means, np.ones((1, count)))[0]
    largest: NDArray[np.float64] = np.abs(_studentised(centred, spread)).max(axis=2)
    return np.quantile(largest, CONFIDENCE, axis=0, method="higher")


def _moments(means: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Mean and standard error of every paired difference, each (samples, targets, targets), for scenario weights of
    shape (samples, scenarios) that sum to the number of scenarios.
    """
    count = means.shape[1]
    differences = means[:, None, :] - means[None, :, :]
    mean = np.einsum("bs,jks->bjk", weights, differences) / count
    square = np.einsum("bs,jks->bjk", weights, differences**2) / count
    variance = np.maximum(square - mean**2, 0.0) * count / (count - 1)
    return mean, np.sqrt(variance / count)


def _studentised(mean: NDArray[np.float64], error: NDArray[np.float64]) -> NDArray[np.float64]:
    """mean / error; 0 where both vanish, as of a target and itself, and infinite for a difference without spread."""
    is_zero = np.abs(mean) < 1e-12  # noqa: PLR2004 - rounding of sums, in score points
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(is_zero, 0.0, mean / np.where(error < 1e-12, 0.0, error))  # noqa: PLR2004 - as above
