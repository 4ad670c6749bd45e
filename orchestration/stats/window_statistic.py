"""The statistic of the detector: the last k hours against those before them, for all k and many hours at once.

Not here: what is done about a large one (change_points).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestration.stats.detection_metrics import Metric

PHI = 0.85
LAGS = np.arange(1, 7)
SHORT = np.arange(2, 13)
LONG = np.unique(np.round(np.geomspace(13, 168, 27)).astype(int))
WINDOWS = np.concatenate([SHORT, LONG])
REFERENCE_HOURS = 672
MIN_REFERENCE = 72
NOISE_HOURS = 840
NEWEST_HOURS = 24
PSEUDO_HOURS = 168
FEWEST_SD, SHORT_SD, LONG_SD = 10.0, 4.0, 3.0
"""Where values are clipped in the shortest, short and long windows. Two bad hours in a row have to raise, for
which the shortest window is there; another bad hour within half a day, by chance, must not."""
SHORTEST_TRUST = 0.7
"""What the statistic of the shortest window counts: with few cells an hour the mean of two is far from normal. At 1,
half of the false alarms in another family of noise were its."""
OUTLIER_SD, OUTLIER_RATIO = 4.0, 0.6
"""An hour that lies so many spreads beyond the next one of its short window, which itself lies at no more than this
share of the distance, is like no other there: it counts for nothing, and a window of two with such an hour is one hour.
Replaced by the second as others are, it lent a random run of poor hours the rest of an alarm: 6 of 480 total failures
of one hour raised; left out, 6 of 3480."""
MAD_TO_SD = 1.4826
MIDDLE_90_SD = 3.29
LEAST_VARIANCE, LARGEST_VARIANCE = 0.25, 25.0


def _mean_variances(longest: int) -> NDArray[np.float64]:
    """g(k) = (1 + 2 sum_{j<k} (1 - j/k) phi^j) / k for k = 0 (as 1) to `longest`."""
    count = np.arange(1, longest + 1)
    powers = PHI ** np.arange(1, longest)
    plain = np.concatenate([[0.0], np.cumsum(powers)])
    weighted = np.concatenate([[0.0], np.cumsum(powers * np.arange(1, longest))])
    return np.concatenate([[1.0], (1 + 2 * (plain - weighted / count)) / count])


MEAN_VARIANCES = _mean_variances(REFERENCE_HOURS)


@dataclass(frozen=True, slots=True)
class Noise:
    """Of an hour's value: `independent` (sd in a usual hour), `drift` (sd of an AR(1)), about `centre`."""

    centre: float
    independent: float
    drift: float
    robust_sd: float

    def about(self, centre: float) -> Self:
        return replace(self, centre=centre)

    def for_young(self, values: NDArray[np.float64]) -> Self:
        """About the middle of a new regime's first hours, and no less than these vary."""
        centre = median(values)
        spread = _robust_sd(values, centre)
        independent = float(np.sqrt(max(spread**2 - self.drift**2, self.independent**2)))
        return replace(self, centre=centre, independent=independent, robust_sd=max(spread, self.robust_sd))

    def error_of_mean(self, count: int) -> float:
        """The standard error of the mean of a stretch of so many usual hours."""
        drift = self.drift**2 * float(MEAN_VARIANCES[min(count, REFERENCE_HOURS)])
        return float(np.sqrt(self.independent**2 / count + drift))


def weights_of(variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of hours with these relative variances."""
    return 1 / np.clip(variances, LEAST_VARIANCE, LARGEST_VARIANCE)


def median(values: NDArray[np.float64]) -> float:
    """Of at least one value; numpy's own takes four times as long for a few hundred."""
    half = len(values) // 2
    low = half - 1 + len(values) % 2
    ordered = np.partition(values, (low, half))
    return float(ordered[low] + ordered[half]) / 2


def estimate_noise(
    hours: NDArray[np.intp], values: NDArray[np.float64], weights: NDArray[np.float64], metric: Metric
) -> Noise | None:
    """From a regime's hours in order, without its newest 24; None with fewer than 72 hours left.

    The drift's variance is the least-squares fit of the autocovariances at lags 1 to 6 to phi^j, shrunk to the metric's
    prior by 168 pseudo-hours.
    """
    taken = slice(max(len(hours) - NEWEST_HOURS - NOISE_HOURS, 0), max(len(hours) - NEWEST_HOURS, 0))
    hours, values, weights = hours[taken], values[taken], weights[taken]
    count = len(hours)
    if count < MIN_REFERENCE:
        return None
    centre = median(values)
    robust_sd = max(_robust_sd(values, centre), metric.least_noise)
    scale = robust_sd * np.sqrt(np.maximum(1 / weights, 1.0))
    rest = np.clip(values - centre, -LONG_SD * scale, LONG_SD * scale)
    shrunk = (count * _drift_variance(hours, rest) + PSEUDO_HOURS * metric.prior_drift**2) / (count + PSEUDO_HOURS)
    drift = max(shrunk, metric.least_drift**2)
    independent = float((weights * (rest**2 - drift)).sum()) / count
    least = max(metric.least_noise**2, 0.1 * float((weights * rest**2).sum()) / count)
    return Noise(centre, float(np.sqrt(max(independent, least))), float(np.sqrt(drift)), robust_sd)


def _robust_sd(values: NDArray[np.float64], centre: float) -> float:
    """From the median deviation, or from the middle 90% where most values are the same, as rates of errors are."""
    deviation = MAD_TO_SD * median(np.abs(values - centre))
    tail = len(values) // 20
    ordered = np.partition(values, (tail, len(values) - 1 - tail))
    middle = float(ordered[len(values) - 1 - tail] - ordered[tail]) / MIDDLE_90_SD
    return deviation if deviation >= middle / 2 else middle


def _drift_variance(hours: NDArray[np.intp], rest: NDArray[np.float64]) -> float:
    span = int(hours[-1] - hours[0]) + 1
    line, seen = np.zeros(span), np.zeros(span)
    line[hours - hours[0]], seen[hours - hours[0]] = rest, 1.0
    powers = PHI**LAGS
    pairs = np.array([max(float(seen[lag:] @ seen[:-lag]), 1.0) for lag in LAGS])
    covariances = np.array([float(line[lag:] @ line[:-lag]) for lag in LAGS]) / pairs
    return max(float(covariances @ powers) / float(powers @ powers), 0.0)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The first alarm of a scan: positions in the scanned values, and what was compared."""

    position: int
    start: int
    statistic: float
    before: float
    after: float
    error: float


@dataclass(frozen=True, slots=True)
class Scan:
    """Z, the difference and its error for each scanned position (rows) and window (columns); Z is 0 where none is."""

    positions: NDArray[np.intp]
    windows: NDArray[np.intp]
    z: NDArray[np.float64]
    difference: NDArray[np.float64]
    error: NDArray[np.float64]
    reference: NDArray[np.float64]

    def first_crossing(self, threshold: float, least_effect: float) -> Crossing | None:
        size = self._sizes(least_effect)
        rows = np.flatnonzero(size.max(axis=1) >= threshold)
        return self._crossing(int(rows[0]), size) if len(rows) else None

    def newest_crossing(self, threshold: float, least_effect: float) -> Crossing | None:
        """That of the last position, if there is one."""
        size = self._sizes(least_effect)
        return self._crossing(len(size) - 1, size) if size[-1].max() >= threshold else None

    def _sizes(self, least_effect: float) -> NDArray[np.float64]:
        return np.where(np.abs(self.difference) >= least_effect, np.abs(self.z), 0.0)

    def _crossing(self, row: int, size: NDArray[np.float64]) -> Crossing:
        column = int(size[row].argmax())
        position, before = int(self.positions[row]), float(self.reference[row, column])
        start = position + 1 - int(self.windows[column])
        difference, error = float(self.difference[row, column]), float(self.error[row, column])
        return Crossing(position, start, float(self.z[row, column]), before, before + difference, error)


def scan(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    positions: NDArray[np.intp],
    noise: Noise,
    min_reference: int = MIN_REFERENCE,
) -> Scan:
    """All windows that end at each of `positions` of a regime's `values` in order."""
    rest = values - noise.centre
    bound = LONG_SD * np.sqrt(noise.independent**2 / weights + noise.drift**2)
    wide = np.clip(rest, -bound, bound)
    weight_sums = np.concatenate([[0.0], np.cumsum(weights)])
    value_sums = np.concatenate([[0.0], np.cumsum(weights * wide)])
    end = positions[:, None] + 1
    start = end - WINDOWS
    allowed = start >= min_reference
    start = np.maximum(start, 0)
    first = np.maximum(start - REFERENCE_HOURS, 0)
    window_weight = weight_sums[end] - weight_sums[start]
    reference_weight = np.maximum(weight_sums[start] - weight_sums[first], 1e-9)
    reference = (value_sums[start] - value_sums[first]) / reference_weight
    mean = (value_sums[end] - value_sums[start]) / window_weight
    fewest = np.clip(rest, -FEWEST_SD * noise.robust_sd, FEWEST_SD * noise.robust_sd)
    short = np.clip(rest, -bound * SHORT_SD / LONG_SD, bound * SHORT_SD / LONG_SD)
    index = np.maximum(positions[:, None] - np.arange(SHORT[-1]), 0)
    trimmed = _trimmed_means(
        np.where(IS_SHORTEST, fewest[index][:, None, :], short[index][:, None, :]),
        weights[index][:, None, :],
        reference[:, : len(SHORT)],
        _outliers(rest[index], bound[index] / LONG_SD),
    )
    mean[:, : len(SHORT)], window_weight[:, : len(SHORT)], hours = trimmed
    variance = noise.independent**2 * (1 / window_weight + 1 / reference_weight)
    variance += noise.drift**2 * (MEAN_VARIANCES[WINDOWS] + MEAN_VARIANCES[start - first])
    variance[:, : len(SHORT)] += noise.drift**2 * (MEAN_VARIANCES[hours] - MEAN_VARIANCES[SHORT])
    allowed[:, : len(SHORT)] &= hours > 1
    difference, error = mean - reference, np.sqrt(variance)
    z = np.where(allowed, difference / error, 0.0) * TRUST
    return Scan(positions, WINDOWS, z, difference, error, reference + noise.centre)


TRUST = np.where(SHORT[0] == WINDOWS, SHORTEST_TRUST, 1.0)
IS_SHORTEST = (SHORT[0] == SHORT)[:, None]
IN_WINDOW = np.arange(SHORT[-1])[None, :] < SHORT[:, None]


def _outliers(rest: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which short windows (second axis) hold an hour that no other of them is like, in either direction."""
    found = np.zeros((len(rest), len(SHORT)), dtype=bool)
    far = (np.abs(rest) >= OUTLIER_SD * spread).any(axis=1)
    if not far.any():
        return found
    size = np.where(IN_WINDOW, np.abs(rest[far])[:, None, :], 0.0)
    largest, second, own = _two_largest(size, np.broadcast_to(spread[far][:, None, :], size.shape))
    found[far] = (largest - second >= OUTLIER_SD * own) & (second <= OUTLIER_RATIO * largest)
    return found


def _trimmed_means(
    value: NDArray[np.float64],
    weight: NDArray[np.float64],
    reference: NDArray[np.float64],
    has_outlier: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Of the short windows (second axis): the mean, its weight and its hours.

    The value furthest in the direction of the mean is replaced by the second, and left out where it is an outlier.
    """
    weight = np.where(IN_WINDOW, weight, 0.0)
    total = weight.sum(axis=2)
    mean = (weight * value).sum(axis=2) / total
    sign = np.where(mean >= reference, 1.0, -1.0)
    directed = np.where(IN_WINDOW, value * sign[:, :, None], -np.inf)
    largest, second, own = _two_largest(directed, weight)
    kept = np.where(has_outlier, total - own, total)
    replaced = (mean * total - sign * own * np.where(has_outlier, largest, largest - second)) / kept
    return np.asarray(replaced), np.asarray(kept), SHORT - has_outlier


def _two_largest(
    values: NDArray[np.float64], beside: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Of the last axis: the largest, the second, and what stands in `beside` at the place of the largest."""
    shape, length = values.shape[:-1], values.shape[-1]
    flat = values.reshape(-1, length)
    place = np.arange(len(flat)), flat.argmax(axis=1)
    largest, own = flat[place], beside.reshape(-1, length)[place]
    flat[place] = -np.inf
    return largest.reshape(shape), flat.max(axis=1).reshape(shape), own.reshape(shape)
