"""What an alarm becomes: the change with its evidence, its recovery, and its onset when more is known.

Not here: how an alarm is raised (window_statistic, scenario_channel), nor the order of events (change_points).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestration.stats.detection_metrics import Metric, Severity

State = Literal["open", "resolved", "accepted", "retracted"]
LOG_LIKELIHOOD_CLIP = 2.0
RECOVERY_THRESHOLD = 6.0
MIN_RECOVERY_HOURS = 3
ONSET_BEFORE_HOURS = 48
ONSET_SET_LOG_RATIO = 1.92
Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Split:
    """Where a stretch of hours parts into two levels, with the plausible onsets and the hours before it."""

    onset_hour: int
    onset_set: tuple[int, int]
    before: float
    after: float
    count_before: int


@dataclass(slots=True)
class Change:
    """One published alarm. Levels are relative to `baseline`, that of launch, in the unit of the metric.

    `errors` are the standard errors of the levels before and after, `answers` how many answers these rest on;
    `detectable_effect` is the least effect that a day at the new level would have raised. `onset_hour`, the effect's
    interval and the severity are provisional until 24 hours after `raised_hour` (`is_final`). `scenarios` names those
    that the scenario channel found; `is_of_scenarios` says that the levels are theirs alone, and no baseline is taken
    from them.
    """

    metric: str
    sign: int
    raised_hour: int
    onset_hour: int
    onset_set: tuple[int, int]
    before: float
    after: float
    effect_lower: float
    effect_upper: float
    severity: Severity
    statistic: float
    baseline: float = 0.0
    errors: tuple[float, float] = (math.nan, math.nan)
    answers: tuple[int, int] = (0, 0)
    detectable_effect: float = math.nan
    scenarios: tuple[str, ...] = ()
    is_of_scenarios: bool = False
    state: State = "open"
    is_final: bool = False
    resolved_hour: int | None = None
    accepted_hour: int | None = None

    @classmethod
    def of(
        cls,
        metric: Metric,
        sign: int,
        hours: tuple[int, int],
        levels: tuple[float, float],
        effect: tuple[float, float],
        statistic: float,
    ) -> Self:
        """A provisional one; `hours` are those of raising and onset, `effect` is an interval."""
        raised, onset = hours
        made = cls(metric.name, sign, raised, onset, (onset, raised), *levels, *effect, "minor", statistic)
        made.severity = metric.severity(made.smallest_effect)
        return made

    def finish(self, split: Split, errors: tuple[float, float], answers: tuple[int, int]) -> None:
        self.onset_hour, self.onset_set, self.before, self.after = (
            split.onset_hour, split.onset_set, split.before, split.after,
        )  # fmt: skip
        effect, error = split.after - split.before, math.hypot(*errors)
        self.errors, self.answers = errors, answers
        self.effect_lower, self.effect_upper = effect - Z95 * error, effect + Z95 * error

    def widen(self, found: Change) -> None:
        """It is what `found` is: its hour of raising and the scenarios stay, its figures become provisional again."""
        self.onset_hour, self.onset_set = min(self.onset_hour, found.onset_hour), found.onset_set
        self.before, self.after, self.statistic = found.before, found.after, found.statistic
        self.baseline, self.errors, self.detectable_effect = found.baseline, found.errors, found.detectable_effect
        self.answers = found.answers
        self.effect_lower, self.effect_upper, self.severity = found.effect_lower, found.effect_upper, found.severity
        self.is_final = self.is_of_scenarios = False

    def resolve(self, hour: int) -> None:
        self.state, self.resolved_hour, self.is_final = "resolved", hour, True

    def accept(self, hour: int) -> None:
        self.state, self.accepted_hour, self.is_final = "accepted", hour, True

    @property
    def key(self) -> tuple[str, int, int]:
        """What a published alarm is known by, whatever is learnt of it later."""
        return (self.metric, self.raised_hour, self.sign)

    @property
    def smallest_effect(self) -> float:
        """The bound nearer zero; 0 where the interval holds 0."""
        if self.effect_lower <= 0 <= self.effect_upper:
            return 0.0
        return min(abs(self.effect_lower), abs(self.effect_upper))


@dataclass(slots=True)
class Recovery:
    """A CUSUM of the log likelihood of the old level against the incident's, which follows what the incident gives."""

    old: float
    new: float
    weight: float
    score: float = 0.0
    since: int = -1
    pending: list[float] = field(default_factory=list)
    least_gap: float = field(init=False)

    def __post_init__(self) -> None:
        self.least_gap = abs(self.new - self.old) / 2

    def consume(self, hour: int, value: float, variance: float) -> bool:
        """Whether this hour settles that the old level is back; `since` is then the first hour of that."""
        gap = self.old - self.new
        step = gap / variance * (value - (self.old + self.new) / 2)
        step = min(max(step, -LOG_LIKELIHOOD_CLIP), LOG_LIKELIHOOD_CLIP)
        if self.score + step <= 0:
            for entry in (*self.pending, value):
                self._follow(entry, gap)
            self.score, self.pending = 0.0, []
            return False
        if self.score == 0:
            self.since = hour
        self.score += step
        self.pending.append(value)
        return self.score >= RECOVERY_THRESHOLD and len(self.pending) >= MIN_RECOVERY_HOURS

    def _follow(self, value: float, gap: float) -> None:
        self.weight += 1
        level = self.new + (value - self.new) / self.weight
        self.new = level if abs(level - self.old) >= self.least_gap and (level - self.old) * gap < 0 else self.new


def refine_onset(
    hours: NDArray[np.intp],
    values: NDArray[np.float64],
    variances: NDArray[np.float64],
    earliest: int,
    latest: int,
) -> Split:
    """By the profile likelihood of two means.

    Onsets are sought among the `hours` in [earliest, latest], of which there must be one that is not the first. The set
    holds those within 1.92 of the best log likelihood (the first and the last of them).
    """
    weights = 1 / variances
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    moments = np.concatenate([[0.0], np.cumsum(weights * values)])
    candidates = np.flatnonzero((hours >= earliest) & (hours <= latest))
    candidates = candidates[candidates > 0]
    before = moments[candidates] / sums[candidates]
    after = (moments[-1] - moments[candidates]) / (sums[-1] - sums[candidates])
    likelihood = (before**2 * sums[candidates] + after**2 * (sums[-1] - sums[candidates])) / 2
    best = int(likelihood.argmax())
    plausible = hours[candidates[likelihood >= likelihood[best] - ONSET_SET_LOG_RATIO]]
    return Split(
        int(hours[candidates[best]]),
        (int(plausible[0]), int(plausible[-1])),
        float(before[best]),
        float(after[best]),
        int(candidates[best]),
    )
