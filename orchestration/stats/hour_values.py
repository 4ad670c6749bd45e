"""The value of an hour: how far its cells lie from what their scenario versions gave before, on average.

Each version is its own control. Not here: the daily rhythm (season) and the decision (change_points).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from orchestration.stats.cells import Cells
    from orchestration.stats.detection_metrics import Metric

MIN_HOURS = 168
MIN_CELLS = 48
MIN_SHARED_HOURS = 24
MIN_SCENARIOS = 3
MIN_SHARE = 0.25
MAD_TO_SD = 1.4826
AHEAD_HOURS = 96
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Control:
    """What each version gave before: `centre` is nan for those that are not (yet, or no longer) compared.

    `typical_count` is the version's mean number of samples a cell, `typical_variance` that of an hour's value with the
    cells of a usual hour.
    """

    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    typical_count: NDArray[np.float64]
    typical_variance: float

    @property
    def admitted(self) -> NDArray[np.bool_]:
        return np.isfinite(self.centre)

    def having(self, column: int, value: float) -> Control:
        """With another centre of that version."""
        centre = self.centre.copy()
        centre[column] = value
        return replace(self, centre=centre)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a stream was launched with, for when its first cells are gone: `level` is level 0 in the metric's unit.

    `versions` has the centre, spread and typical count of each (scenario, version), those that joined later among them.
    """

    level: float
    typical_variance: float
    versions: Mapping[tuple[str, str], tuple[float, float, float]]

    @classmethod
    def of(cls, control: Control, columns: Sequence[tuple[str, str]], level: float) -> Baseline:
        admitted = np.flatnonzero(control.admitted).tolist()
        known = (control.centre, control.spread, control.typical_count)
        versions = {columns[place]: tuple(float(values[place]) for values in known) for place in admitted}
        return cls(level, control.typical_variance, versions)  # type: ignore[arg-type] # three of each

    def control(self, columns: Sequence[tuple[str, str]]) -> Control | None:
        """The same control for the cells that are left; None where it knows fewer than three of their versions."""
        if len({*columns} & self.versions.keys()) < MIN_SCENARIOS:
            return None
        unknown = (math.nan, math.nan, math.nan)
        centre, spread, typical = np.array([self.versions.get(column, unknown) for column in columns]).T
        return Control(centre.copy(), spread.copy(), typical.copy(), self.typical_variance)


def median_of_columns(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column's median over its finite values; nan where there is none."""
    ordered = np.sort(values, axis=0)
    count = np.isfinite(values).sum(axis=0)
    column = np.arange(values.shape[1])
    upper = ordered[np.minimum(count // 2, len(values) - 1), column]
    lower = ordered[np.maximum((count - 1) // 2, 0), column]
    return np.where(count > 0, (lower + upper) / 2, np.nan)


def mean_of_finite(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    observed = np.isfinite(values)
    count = observed.sum(axis=axis)
    total = np.where(observed, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _centre(values: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    return mean_of_finite(values, 0) if metric.clip is None else median_of_columns(values)


def _spread(residuals: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    if metric.clip is None:
        spread = np.sqrt(mean_of_finite(residuals**2, 0))
    else:
        spread = MAD_TO_SD * median_of_columns(np.abs(residuals))
    return np.maximum(spread, metric.least_spread)


def _clipped(residuals: NDArray[np.float64], spread: NDArray[np.float64], metric: Metric) -> NDArray[np.float64]:
    if metric.clip is None:
        return residuals
    middle = median_of_columns(residuals.T)[:, None]
    return np.clip(residuals, middle - metric.clip * spread, middle + metric.clip * spread)


def eligible_columns(cells: Cells, since: NDArray[np.intp], before: int) -> NDArray[np.bool_]:
    """The versions with 168 hours and 48 cells from their hour in `since` until `before`."""
    observed = np.isfinite(cells.values[:before]) & (np.arange(before)[:, None] >= since)
    return np.asarray((observed.sum(axis=0) >= MIN_CELLS) & (since <= before - MIN_HOURS))


def first_control(cells: Cells, before: int, metric: Metric) -> Control | None:
    """From the hours before `before`; None while fewer than three versions are eligible.

    Version and hour are fitted together (additively, by turns), so that a version that was seen in good hours only
    does not look better than it is.
    """
    eligible = eligible_columns(cells, cells.first_hours, before)
    if eligible.sum() < MIN_SCENARIOS:
        return None
    values = np.where(eligible, cells.values[:before], np.nan)
    level = np.zeros(before)
    for _ in range(ROUNDS):
        centre = _centre(values - level[:, None], metric)
        level = mean_of_finite(values - centre, 1)
    spread = _spread(values - centre - level[:, None], metric)
    counts = np.where(np.isfinite(values), cells.counts[:before], np.nan)
    unscaled = Control(centre, spread, mean_of_finite(counts, 0), 1.0)
    variances = hour_values(cells, 0, before, unscaled, metric)[1]
    observed = variances[np.isfinite(variances)]
    return replace(unscaled, typical_variance=float(np.median(observed))) if len(observed) else None


def hour_values(
    cells: Cells, start: int, stop: int, control: Control, metric: Metric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The values of the hours from `start` to before `stop`, and their variance relative to a usual hour's.

    An hour with fewer than three scenarios, or a quarter of those compared, is nan.
    """
    residuals = cells.values[start:stop] - control.centre
    observed = np.isfinite(residuals)
    count = observed.sum(axis=1)
    value = mean_of_finite(_clipped(residuals, control.spread, metric), 1)
    per_cell = control.spread**2 * control.typical_count / np.maximum(cells.counts[start:stop], 1)
    total = np.where(observed, per_cell, 0.0).sum(axis=1)
    variance = total / np.maximum(count, 1) ** 2 / control.typical_variance
    scenarios = np.count_nonzero(np.bincount(cells.scenario_index[control.admitted]))
    enough = count >= max(MIN_SCENARIOS, MIN_SHARE * scenarios)
    return np.where(enough, value, np.nan), np.where(enough, variance, np.nan)


def hour_values_ahead(
    cells: Cells, start: int, stop: int, control: Control, metric: Metric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """As `hour_values`, with those of the next four days kept beside the cells: they cost little more than one."""
    known = cells.ahead[0]
    if known is None or known[0] is not control or not known[1] <= start <= stop <= known[2]:
        end = min(max(stop, start + AHEAD_HOURS), cells.hours)
        known = (control, start, end, *hour_values(cells, start, end, control, metric))
        cells.ahead[0] = known
    _, first, _, values, variances = known
    return values[start - first : stop - first], variances[start - first : stop - first]


def admit(
    cells: Cells, columns: NDArray[np.intp], since: int, before: int, control: Control, metric: Metric
) -> tuple[Control, bool]:
    """Compare `columns` too, by what they gave in the hours from `since` to before `before`.

    They are aligned with the others' hours, so that whoever joins moves no hour; one that shares too few hours with the
    others is left out. The second result says that the others had too few hours: then the versions are a control of
    their own, and comparison begins anew at `since`.
    """
    values = cells.values[since:before, columns]
    level = hour_values(cells, since, before, control, metric)[0]
    alone = int(np.isfinite(level).sum()) < MIN_SHARED_HOURS
    if alone:
        level = np.zeros(before - since)
        for _ in range(ROUNDS):
            level = mean_of_finite(values - _centre(values - level[:, None], metric), 1)
    joined = _centre(values - level[:, None], metric)
    joined = np.where(np.isfinite(values - level[:, None]).sum(axis=0) >= MIN_SHARED_HOURS, joined, np.nan)
    counts = np.where(np.isfinite(values), cells.counts[since:before, columns], np.nan)
    centre, spread, typical = control.centre.copy(), control.spread.copy(), control.typical_count.copy()
    centre[columns], typical[columns] = joined, mean_of_finite(counts, 0)
    spread[columns] = _spread(values - joined - level[:, None], metric)
    return replace(control, centre=centre, spread=spread, typical_count=typical), alone
