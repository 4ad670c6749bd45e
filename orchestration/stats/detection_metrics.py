"""The streams in which changes are looked for: their units, least effects, priors of noise, and severities.

Not here: how a change is found (change_points), nor what a stream is made of (cells).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["minor", "moderate", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "major", "critical")


@dataclass(frozen=True, slots=True)
class Metric:
    """What the detector has to know of one stream; effects, spreads and priors are in the unit of its values.

    `prior_drift` and `least_drift` are for the standard deviation of the slow part of the noise; `least_noise` for the
    part that is independent from hour to hour. A cell further than `clip` of its spreads from its hour is moved
    there (None: it is not).
    """

    name: str
    least_effect: float
    prior_drift: float
    least_drift: float
    least_noise: float
    least_spread: float
    severity_bounds: tuple[float, float, float]
    is_logarithmic: bool = False
    clip: float | None = None

    def severity(self, smallest_effect: float) -> Severity:
        """Of a change whose interval's bound nearer zero is `smallest_effect` (0 where the interval holds 0)."""
        size = math.exp(abs(smallest_effect)) if self.is_logarithmic else abs(smallest_effect)
        return SEVERITIES[sum(size >= bound for bound in self.severity_bounds)]


RATIOS = (1.25, 1.5, 2.0)
QUALITY = Metric("quality", 0.15, 0.12, 0.10, 0.02, 0.1, (0.5, 1.0, 2.0))
"""Points of 0 to 10."""
LATENCY = Metric("latency", 0.05, 0.09, 0.05, 0.01, 0.02, RATIOS, is_logarithmic=True, clip=2.0)
"""ln milliseconds of the whole answer."""
TTFT = replace(LATENCY, name="ttft")
"""ln milliseconds until the first token."""
COST = Metric("cost", 0.03, 0.01, 0.01, 0.005, 0.01, RATIOS, is_logarithmic=True, clip=3.0)
"""ln micro-USD a sample."""
ERRORS = Metric("errors", 0.05, 0.02, 0.01, 0.01, 0.05, (0.1, 0.25, 0.5))
"""Share of the attempts that no answer came of."""
METRICS = {metric.name: metric for metric in (QUALITY, LATENCY, COST, ERRORS)}
PUBLISHED = (QUALITY, LATENCY, COST)
"""In the order of the file that `aibaas detect` writes."""
WATCHED = (QUALITY, LATENCY, TTFT, COST, ERRORS)
"""What is watched of a target."""


def is_worse(metric: str, sign: int) -> bool:
    """Whether a change in that direction is for the worse: of quality a fall is, of all else a rise."""
    return (sign < 0) == (metric == QUALITY.name)
