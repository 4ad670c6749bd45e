"""How often one of k attempts, or each of them, solves a task: pass@k and pass^k from n attempts a scenario.

Not here: what counts as solved (the caller's share of the score).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t as student_t

from orchestration.stats.intervals import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_SCENARIOS = 2
PSEUDO_SCENARIOS = 0.05
"""A scenario's share that is always, and as much that is never solved: bounds where all scenarios are alike."""

Attempts = tuple[int, int]
"""(n attempts of a scenario, c of them solved)"""


@dataclass(frozen=True, slots=True)
class ShareInterval:
    """A mean share of 1 over scenarios with its 95% interval, None for a single scenario.

    t(S - 1) on the logit scale, clustered by scenario, as shares pile up near 0 and 1 where the plain one holds the
    truth too seldom (0.83 instead of 0.95 at pass@5 and 20 scenarios, tests/benchmarks/interval_coverage.py).
    """

    share: float
    scenario_count: int
    lower: float | None
    upper: float | None


def pass_at_k(attempts: int, solved: int, k: int) -> float:
    """1 - C(n - c, k) / C(n, k): the unbiased chance that one of k attempts solves. Chen et al. 2021, arXiv 2107.03374.

    Raises ValueError for k above n: that can't be known from n attempts.
    """
    _check(attempts, solved, k)
    return 1.0 - comb(attempts - solved, k) / comb(attempts, k)


def pass_hat_k(attempts: int, solved: int, k: int) -> float:
    """C(c, k) / C(n, k): the chance that each of k attempts solves. Yao et al. 2024, arXiv 2406.12045.

    Raises ValueError for k above n.
    """
    _check(attempts, solved, k)
    return comb(solved, k) / comb(attempts, k)


def pass_at_k_interval(scenarios: Iterable[Attempts], k: int) -> ShareInterval:
    """The mean of pass@k over scenarios. Raises ValueError for k above an n, and without scenarios."""
    return _interval([pass_at_k(n, c, k) for n, c in scenarios])


def pass_hat_k_interval(scenarios: Iterable[Attempts], k: int) -> ShareInterval:
    """The mean of pass^k over scenarios. Raises ValueError for k above an n, and without scenarios."""
    return _interval([pass_hat_k(n, c, k) for n, c in scenarios])


def _interval(shares: list[float]) -> ShareInterval:
    if not shares:
        raise ValueError("a share needs at least one scenario")
    values, count = np.array(shares), len(shares)
    if count < MIN_SCENARIOS:
        return ShareInterval(float(values.mean()), count, None, None)
    weight = count + 2 * PSEUDO_SCENARIOS
    centre = (values.sum() + PSEUDO_SCENARIOS) / weight
    squares = ((values - centre) ** 2).sum() + PSEUDO_SCENARIOS * (centre**2 + (1 - centre) ** 2)
    error = np.sqrt(squares / ((weight - 1) * weight)) / (centre * (1 - centre))
    half_width = student_t.ppf((1 + CONFIDENCE) / 2, count - 1) * error
    lower, upper = expit(logit(centre) - half_width), expit(logit(centre) + half_width)
    return ShareInterval(float(values.mean()), count, float(lower), float(upper))


def _check(attempts: int, solved: int, k: int) -> None:
    if not 1 <= k <= attempts or not 0 <= solved <= attempts:
        raise ValueError(f"k = {k} of {attempts} attempts with {solved} solved: 1 <= k <= n and 0 <= c <= n must hold")
