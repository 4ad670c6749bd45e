"""One scenario that got much worse while the rest did not: a betting test for each scenario version.

Not here: changes of all scenarios together (window_statistic), and what becomes of an alarm (change_points).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARGIN = 0.08
MARGIN_SE = 2.5
BETS = np.array([0.2, 0.4, 0.7])
LOG_THRESHOLD = 12.0
FULL_SCORE = 10.0
LARGEST_EVIDENCE = 1e12


@dataclass(frozen=True, slots=True)
class ScenarioChannel:
    """Shiryaev-Roberts e-detectors (Shin, Ramdas and Rinaldo 2023) on scores of 0 to 1.

    `null_means` is the lowest mean that is no alarm, nan where a version is not watched; `evidence` has a row for each
    version and a column for each bet.
    """

    null_means: NDArray[np.float64]
    evidence: NDArray[np.float64]

    @classmethod
    def of(cls, means: NDArray[np.float64], errors: NDArray[np.float64]) -> ScenarioChannel:
        """From the versions' mean scores (0 to 10) and the standard errors of these."""
        null = means / FULL_SCORE - np.maximum(MARGIN, MARGIN_SE * errors / FULL_SCORE)
        return cls(np.where(null > 0, null, np.nan), np.zeros((len(means), len(BETS))))

    def path(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The evidence after each hour (hours, versions, bets), from scores of 0 to 10; a nan score adds nothing.

        M_t = (1 + M_{t-1}) (1 + lambda (m_0 - x_t)) with lambda = f / (1 - m_0), in closed form.
        """
        observed = np.isfinite(scores) & np.isfinite(self.null_means)
        lead = np.where(observed, (self.null_means - scores / FULL_SCORE) / (1 - self.null_means), 0.0)
        factors = 1 + lead[:, :, None] * BETS
        products = np.cumprod(factors, axis=0)
        entered = observed[:, :, None] * factors / products
        return np.asarray(products * (np.minimum(self.evidence, LARGEST_EVIDENCE) + np.cumsum(entered, axis=0)))

    def after(self, evidence: NDArray[np.float64]) -> ScenarioChannel:
        return replace(self, evidence=evidence)

    def silenced(self, columns: NDArray[np.intp]) -> ScenarioChannel:
        """The evidence against these versions begins anew."""
        evidence = self.evidence.copy()
        evidence[columns] = 0.0
        return replace(self, evidence=evidence)

    def watching(self, columns: NDArray[np.intp], null_means: NDArray[np.float64]) -> ScenarioChannel:
        """These versions against other means from now on, or not at all (nan)."""
        null = self.null_means.copy()
        null[columns] = null_means
        return replace(self.silenced(columns), null_means=null)


def log_evidence(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """ln of the mean over the bets."""
    return np.asarray(np.log(np.maximum(path.mean(axis=-1), 1e-300)))


def onset_of(scores: NDArray[np.float64], null_mean: float) -> int:
    """The index of the hour from which on the scores (0 to 10, nan allowed) speak most for a drop until their end."""
    lead = np.where(np.isfinite(scores), (null_mean - scores / FULL_SCORE) / (1 - null_mean), 0.0)
    tail = np.cumsum(np.log1p(BETS[1] * lead)[::-1])[::-1]
    return int(tail.argmax())
