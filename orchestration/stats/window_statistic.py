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
LAG_POWERS = PHI**LAGS
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
        spread = _robust_sd(values, np.sort(values), centre)
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
    ordered = np.sort(values)
    centre = float(ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    robust_sd = max(_robust_sd(values, ordered, centre), metric.least_noise)
    scale = robust_sd * np.sqrt(np.maximum(1 / weights, 1.0))
    rest = np.minimum(np.maximum(values - centre, -LONG_SD * scale), LONG_SD * scale)
    shrunk = (count * _drift_variance(hours, rest) + PSEUDO_HOURS * metric.prior_drift**2) / (count + PSEUDO_HOURS)
    drift = max(shrunk, metric.least_drift**2)
    independent = float((weights * (rest**2 - drift)).sum()) / count
    least = max(metric.least_noise**2, 0.1 * float((weights * rest**2).sum()) / count)
    return Noise(centre, float(np.sqrt(max(independent, least))), float(np.sqrt(drift)), robust_sd)


def _robust_sd(values: NDArray[np.float64], ordered: NDArray[np.float64], centre: float) -> float:
    """From the median deviation, or from the middle 90% where most values are the same, as rates of errors are."""
    deviation = MAD_TO_SD * median(np.abs(values - centre))
    tail = len(values) // 20
    middle = float(ordered[len(values) - 1 - tail] - ordered[tail]) / MIDDLE_90_SD
    return deviation if deviation >= middle / 2 else middle


def _drift_variance(hours: NDArray[np.intp], rest: NDArray[np.float64]) -> float:
    span = int(hours[-1] - hours[0]) + 1
    line, seen = np.zeros(span + len(LAGS)), np.zeros(span + len(LAGS))
    line[hours - hours[0]], seen[hours - hours[0]] = rest, 1.0
    pairs, products = (np.correlate(entries, entries[:span], "valid")[1:] for entries in (seen, line))
    covariances = products / np.maximum(pairs, 1.0)
    return max(float(covariances @ LAG_POWERS) / float(LAG_POWERS @ LAG_POWERS), 0.0)


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

    def crossings(
        self, threshold: float, newest_threshold: float, least_effect: float
    ) -> tuple[Crossing | None, Crossing | None]:
        """The first one, and that of the last position by a threshold of its own; None where there is none."""
        size = np.where(np.abs(self.difference) >= least_effect, np.abs(self.z), 0.0)
        largest = size.max(axis=1)
        rows = np.flatnonzero(largest >= threshold)
        first = self._crossing(int(rows[0]), size) if len(rows) else None
        return first, self._crossing(len(size) - 1, size) if largest[-1] >= newest_threshold else None

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
    wide = np.minimum(np.maximum(rest, -bound), bound)
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
    trimmed = _trimmed_means(_newest(rest, weights, bound, noise.robust_sd, positions), reference[:, : len(SHORT)].T)
    mean[:, : len(SHORT)], window_weight[:, : len(SHORT)], hours = (part.T for part in trimmed)
    variance = noise.independent**2 * (1 / window_weight + 1 / reference_weight)
    variance += noise.drift**2 * (MEAN_VARIANCES[WINDOWS] + MEAN_VARIANCES[start - first])
    variance[:, : len(SHORT)] += noise.drift**2 * (MEAN_VARIANCES[hours] - MEAN_VARIANCES[SHORT])
    allowed[:, : len(SHORT)] &= hours > 1
    difference, error = mean - reference, np.sqrt(variance)
    z = np.where(allowed, difference / error, 0.0) * TRUST
    return Scan(positions, WINDOWS, z, difference, error, reference + noise.centre)


TRUST = np.where(SHORT[0] == WINDOWS, SHORTEST_TRUST, 1.0)


@dataclass(frozen=True, slots=True)
class _Newest:
    """The hours of the longest short window (first axis, the newest first) up to each position (second axis).

    `fewest` and `short` are clipped for the shortest and for the other windows.
    """

    rest: NDArray[np.float64]
    spread: NDArray[np.float64]
    fewest: NDArray[np.float64]
    short: NDArray[np.float64]
    weights: NDArray[np.float64]


def _newest(
    rest: NDArray[np.float64],
    weights: NDArray[np.float64],
    bound: NDArray[np.float64],
    robust_sd: float,
    positions: NDArray[np.intp],
) -> _Newest:
    index = np.maximum(positions - np.arange(SHORT[-1])[:, None], 0)
    own, spread = rest[index], bound[index] / LONG_SD
    fewest, far = own[: SHORT[0]], SHORT_SD * spread
    widest = FEWEST_SD * robust_sd
    return _Newest(
        own,
        spread,
        np.minimum(np.maximum(fewest, -widest), widest),
        np.minimum(np.maximum(own, -far), far),
        weights[index],
    )


def _outliers(rest: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Which short windows (first axis) hold an hour that no other of them is like, in either direction; None: none."""
    size = np.abs(rest)
    far = (size >= OUTLIER_SD * spread).any(axis=0)
    if not far.any():
        return None
    found = np.zeros((len(SHORT), rest.shape[1]), dtype=bool)
    largest, second, place = _two_largest(size[:, far])
    own = spread[:, far][place, np.arange(place.shape[1])]
    found[:, far] = (largest - second >= OUTLIER_SD * own) & (second <= OUTLIER_RATIO * largest)
    return found


def _trimmed_means(
    newest: _Newest, reference: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Of the short windows (first axis): the mean, its weight and its hours.

    The value furthest in the direction of the mean is replaced by the second, and left out where it is an outlier.
    """
    total = np.cumsum(newest.weights, axis=0)[1:]
    sums = np.cumsum(newest.weights * newest.short, axis=0)[1:]
    sums[0] = (newest.weights[: SHORT[0]] * newest.fewest).sum(axis=0)
    is_up = sums >= reference * total
    largest, second, own = _furthest(newest, is_up)
    outliers = _outliers(newest.rest, newest.spread)
    if outliers is None:
        return (sums - own * (largest - second)) / total, total, np.broadcast_to(SHORT[:, None], total.shape)
    kept = np.where(outliers, total - own, total)
    trimmed = (sums - own * np.where(outliers, largest, largest - second)) / kept
    return trimmed, kept, SHORT[:, None] - outliers


def _furthest(
    newest: _Newest, is_up: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Of each short window the value furthest up or down, the second, and the weight of the first."""
    width = is_up.shape[1]
    short, fewest = (np.concatenate([values, -values], axis=1) for values in (newest.short, newest.fewest))
    largest, second, place = _two_largest(short)
    largest[0], second[0], place[0] = fewest.max(axis=0), fewest.min(axis=0), fewest[1] > fewest[0]
    own = np.concatenate([newest.weights, newest.weights], axis=1)[place, np.arange(2 * width)]
    return (
        np.where(is_up, largest[:, :width], -largest[:, width:]),
        np.where(is_up, second[:, :width], -second[:, width:]),
        np.where(is_up, own[:, :width], own[:, width:]),
    )


def _two_largest(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Of the first two values of the first axis, the first three, and so on: the largest, the second, and its place.

    The second grows by the lesser of each value and the largest before it.
    """
    largest = np.maximum.accumulate(values, axis=0)
    before, later = largest[:-1], values[1:]
    second = np.maximum.accumulate(np.minimum(before, later), axis=0)
    steps = np.arange(1, len(values))[:, None]
    place = np.maximum.accumulate(np.where(later > before, steps, 0), axis=0)
    return largest[1:], second, place
