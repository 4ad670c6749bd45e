"""The hours' values of one stream, with the control, the season, the noise and the regime that they are judged by.

Not here: what is decided about them (stream_watch).
"""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np

from orchestration.stats.cells import HOURS_PER_DAY, Cells
from orchestration.stats.hour_values import (
    MIN_HOURS,
    Baseline,
    Control,
    admit,
    eligible_columns,
    first_control,
    hour_values_ahead,
    mean_of_finite,
)
from orchestration.stats.season import Season, fit_season
from orchestration.stats.window_statistic import (
    NEWEST_HOURS,
    NOISE_HOURS,
    REFERENCE_HOURS,
    WINDOWS,
    Crossing,
    Noise,
    estimate_noise,
    scan,
    weights_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestration.stats.detection_metrics import Metric

WARM_UP_HOURS = 336
SEASON_EVERY_HOURS = 168
SEASON_HOURS = 672
SCANNED_HOURS = REFERENCE_HOURS + int(WINDOWS[-1]) + 2 * HOURS_PER_DAY
"""Enough for the longest window and its reference from each hour of a day."""
KEPT_HOURS = SCANNED_HOURS + 2 * MIN_HOURS
"""The regime's newest hours that a state keeps: more than any look at it takes."""


class StreamValues:
    """`raw` and `weights` have an entry for each hour consumed; `regime` is the hours that new ones are compared with.

    The launch baseline is level 0 for good: the control is fixed in the warm-up, and what joins later is aligned with
    it. `launch_level` is what the versions of the control gave in the warm-up, on average.
    """

    def __init__(self, metric: Metric, control: Control, since: NDArray[np.intp], launch_level: float) -> None:
        self.metric, self.control, self.since, self.launch_level = metric, control, since, launch_level
        self.raw = np.empty(0)
        self.weights = np.empty(0)
        self.regime = np.empty(0, dtype=np.intp)
        self.season: Season
        self.noise: Noise

    @classmethod
    def launch(cls, cells: Cells, hour: int, metric: Metric, baseline: Baseline | None = None) -> Self | None:
        """From the hours before `hour`; None while they are less than 14 days or 168 observed ones.

        A `baseline` is that of cells which are gone, and holds on.
        """
        if hour < WARM_UP_HOURS:
            return None
        known = None if baseline is None else baseline.control(cells.columns)
        control = known or first_control(cells, hour, metric)
        if control is None:
            return None
        level = baseline.level if baseline is not None and known is not None else float(np.nanmean(control.centre))
        started = cls(metric, control, cells.first_hours.copy(), level)
        started.append_hours(cells, 0, hour)
        regime = started.regime
        if len(regime) < MIN_HOURS:
            return None
        started.season = fit_season(regime, started.raw[regime])
        noise = estimate_noise(regime, started.at(regime), started.weights[regime], metric)
        if noise is None:
            return None
        started.noise = noise
        return started

    def copy(self) -> Self:
        """One that later days leave alone: arrays are replaced there, not written to."""
        return copy.copy(self)

    def append_hours(self, cells: Cells, start: int, stop: int) -> None:
        self.raw = np.concatenate([self.raw[:start], np.full(stop - start, np.nan)])
        self.weights = np.concatenate([self.weights[:start], np.ones(stop - start)])
        self._compute(cells, start)
        self.regime = np.concatenate([self.regime, start + np.flatnonzero(np.isfinite(self.raw[start:]))])

    def recompute(self, cells: Cells, start: int) -> None:
        """After a change of the control: the hours from `start` on, of which the regime may lose some."""
        self.raw, self.weights = self.raw.copy(), self.weights.copy()
        self._compute(cells, start)
        self.regime = self.regime[np.isfinite(self.raw[self.regime])]

    def _compute(self, cells: Cells, start: int) -> None:
        self.raw[start:], variance = hour_values_ahead(cells, start, len(self.raw), self.control, self.metric)
        self.weights[start:] = weights_of(np.where(np.isfinite(variance), variance, 1.0))

    def at(self, hours: NDArray[np.intp]) -> NDArray[np.float64]:
        """The values without their season."""
        return np.asarray(self.raw[hours] - self.season.at(hours))

    def variances(self, hours: NDArray[np.intp], drift_share: float = 1.0) -> NDArray[np.float64]:
        return np.asarray(self.noise.independent**2 / self.weights[hours] + drift_share * self.noise.drift**2)

    def scenario_means(self, cells: Cells, start: int, stop: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of the compared versions, with their standard errors."""
        values = np.where(self.control.admitted, cells.values[start:stop], np.nan)
        count = np.isfinite(values).sum(axis=0)
        return mean_of_finite(values, 0), self.control.spread / np.sqrt(np.maximum(count, 1))

    def waiting(self, cells: Cells, hour: int, held: list[int]) -> NDArray[np.bool_]:
        """The versions that may join at `hour`, those `held` not among them."""
        self.since = np.where(self.since >= hour, cells.first_hours, self.since)
        waiting = ~self.control.admitted & (self.since <= hour - MIN_HOURS)
        waiting[held] = False
        return waiting & eligible_columns(cells, self.since, hour) if waiting.any() else waiting

    def admit(self, cells: Cells, columns: NDArray[np.intp], since: int, hour: int) -> bool:
        """Compare `columns` too; whether they are a control of their own, with which the regime begins anew."""
        self.control, alone = admit(cells, columns, since, hour, self.control, self.metric)
        known = np.isfinite(self.raw[since:hour])
        first = int(self.regime[0]) if len(self.regime) else since
        self.recompute(cells, since)
        fresh = since + np.flatnonzero(np.isfinite(self.raw[since:hour]) & ~known)
        regime = np.union1d(self.regime, fresh[fresh >= first])
        self.regime = regime[regime >= since] if alone else regime
        if alone:
            self.launch_level = float(np.nanmean(self.control.centre[columns]))
        return alone

    def fit_season(self, hour: int) -> None:
        """Anew each week from the last four weeks of the regime, once these hold two."""
        recent = self.regime[self.regime >= hour - SEASON_HOURS]
        if hour % SEASON_EVERY_HOURS == 0 and len(recent) >= MIN_HOURS and recent[0] <= hour - WARM_UP_HOURS:
            self.season = fit_season(recent, self.raw[recent])

    def estimate_noise(self) -> None:
        """Anew each day; a regime too young for that has at least the old noise."""
        recent = self.regime[-NOISE_HOURS - NEWEST_HOURS :]
        noise = estimate_noise(recent, self.at(recent), self.weights[recent], self.metric)
        if noise is None and len(recent):
            noise = self.noise.for_young(self.at(recent))
        self.noise = self.noise if noise is None else noise

    def forget(self, held: list[NDArray[np.intp]]) -> None:
        """Keep of the regime what is ever looked at, and no hour that neither it nor those `held` have."""
        self.regime = self.regime[-KEPT_HOURS:]
        first = min((int(hours[0]) for hours in (self.regime, *held) if len(hours)), default=0)
        self.raw, self.weights = self.raw.copy(), self.weights.copy()
        self.raw[:first], self.weights[:first] = np.nan, 1.0

    def detectable_effect(self, threshold: float, hour: int | None = None) -> float:
        """The least difference that a day of hours would raise against the regime up to that hour, or all of it."""
        known = len(self.regime) if hour is None else int(np.count_nonzero(self.regime <= hour))
        reference = min(max(known, 1), REFERENCE_HOURS)
        error = math.hypot(self.noise.error_of_mean(HOURS_PER_DAY), self.noise.error_of_mean(reference))
        return max(self.metric.least_effect, threshold * error)

    def hours_before(self, hour: int) -> NDArray[np.intp]:
        """Those of the regime that its level before that hour rests on."""
        return self.regime[self.regime < hour][-REFERENCE_HOURS:]

    def error_before(self, hour: int) -> float:
        """The standard error of the regime's level before that hour."""
        return self.noise.error_of_mean(max(len(self.hours_before(hour)), 1))

    def answers(self, cells: Cells, hours: NDArray[np.intp]) -> int:
        """How many answers of the controlled scenario versions those hours have."""
        return int(cells.counts[np.ix_(hours, np.flatnonzero(np.isfinite(self.control.centre)))].sum())

    def crossings(
        self, hour: int, threshold: float, signal_threshold: float, min_reference: int
    ) -> tuple[Crossing | None, Crossing | None]:
        """Of the regime's hours from `hour` on: the first alarm, and what the last one shows; positions are hours."""
        hours = self.regime[-SCANNED_HOURS:]
        positions = np.flatnonzero(hours >= hour)
        if not len(positions):
            return None, None
        scanned = scan(self.at(hours), self.weights[hours], positions, self.noise, min_reference)
        first, last = (
            found and replace(found, position=int(hours[found.position]), start=int(hours[found.start]))
            for found in scanned.crossings(threshold, signal_threshold, self.metric.least_effect)
        )
        return first, last
