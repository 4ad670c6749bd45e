"""Other methods that raise alarms hour by hour, on the same values as ours: to see what ours is worth.

Each takes the values of a stream's hours (nan where there is none) and the first hour to watch, and gives its alarms as
(hour, sign), a day apart at least. They are given our pairing by scenario and our season; what they lack is the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import ruptures
from scipy.special import stdtr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Alarms = list[tuple[int, int]]
QUIET_HOURS = 24
WEEK = 168
CUSUM_ALLOWANCE = 0.5
PELT_HOURS, PELT_MIN_HOURS = 336, 3
WINDOW, OVERLAP = 50, 25
WEAK_P, LEAST_P = 0.05, 0.001
SAME_POINT_HOURS = 6


def apart(found: Iterable[tuple[int, int]]) -> Alarms:
    """Without those within a day of the last that counted."""
    alarms: Alarms = []
    for hour, sign in found:
        if not alarms or hour - alarms[-1][0] >= QUIET_HOURS:
            alarms.append((hour, sign))
    return alarms


def z_score(values: np.ndarray, first: int, threshold: float) -> Alarms:
    """Two observed hours in a row beyond so many standard deviations of the week before."""
    observed = np.isfinite(values)
    counts, sums, squares = (
        np.concatenate([[0.0], np.cumsum(part)])
        for part in (observed, np.where(observed, values, 0.0), np.where(observed, values, 0.0) ** 2)
    )
    hours = np.flatnonzero(observed)
    hours = hours[hours >= first]
    week = np.maximum(hours - WEEK, 0)
    count, total, square = (part[hours] - part[week] for part in (counts, sums, squares))
    mean = total / count
    z = (values[hours] - mean) / np.sqrt(square / count - mean**2)
    signs = np.where(np.abs(z) >= threshold, np.sign(z), 0).astype(int)
    twice = np.flatnonzero((signs[1:] != 0) & (signs[1:] == signs[:-1])) + 1
    return apart((int(hours[place]), int(signs[place])) for place in twice)


def cusum(values: np.ndarray, first: int, threshold: float) -> Alarms:
    """Page's two-sided sums of standardised deviations from the warm-up less half of one; from 0 after an alarm."""
    return apart(_cusum(values, first, threshold))


def _cusum(values: np.ndarray, first: int, threshold: float) -> Iterator[tuple[int, int]]:
    mean, spread = np.nanmean(values[:first]), np.nanstd(values[:first])
    sums = {1: 0.0, -1: 0.0}
    for hour in range(first, len(values)):
        if not np.isfinite(values[hour]):
            continue
        for sign, total in sums.items():
            sums[sign] = max(0.0, total + sign * (values[hour] - mean) / spread - CUSUM_ALLOWANCE)
            if sums[sign] >= threshold:
                sums[sign] = 0.0
                yield hour, sign


def pelt(values: np.ndarray, first: int) -> Alarms:
    """ruptures' exact segmentation (PELT's optimum, linear kernel) of the last two weeks, run anew every hour."""

    def points(recent: np.ndarray) -> list[int]:
        standard = (recent - recent.mean()) / recent.std()
        search = ruptures.KernelCPD(kernel="linear", min_size=PELT_MIN_HOURS).fit(standard[:, None])
        return [int(end) for end in search.predict(pen=2 * np.log(len(recent)))[:-1]]

    return _new_points(values, first, PELT_HOURS, points)


def e_divisive(values: np.ndarray, first: int) -> Alarms:
    """E-divisive means with a t-test, as the papers behind Otava describe it, run anew every hour.

    Matteson and James (JASA 109, 2014) for the statistic; Fleming and others (Hunter, ICPE 2023) for windows of 50
    points, Student's t-test in place of permutations, and weak points that are merged until each passes at .001.
    apache-otava pins a numpy older than ours; on 60 drawn series of 75 points its 0.8.0 finds the same points as this
    in 50, and most of the others a point or three apart.
    """
    return _new_points(values, first, WINDOW + OVERLAP, weak_then_strong_points)


def _new_points(values: np.ndarray, first: int, hours: int, points_of: Callable[[np.ndarray], list[int]]) -> Alarms:
    """An alarm whenever a run finds a point that is not near one that was found before."""
    known: list[int] = []
    alarms: Alarms = []
    observed = np.flatnonzero(np.isfinite(values))
    for end in range(int(np.searchsorted(observed, first)), len(observed)):
        recent = observed[max(end + 1 - hours, 0) : end + 1]
        of_recent = values[recent]
        for point in points_of(of_recent):
            hour = int(recent[point])
            if any(abs(hour - other) <= SAME_POINT_HOURS for other in known):
                continue
            known.append(hour)
            sign = 1 if of_recent[point:].mean() > of_recent[:point].mean() else -1
            if hour >= first and (not alarms or recent[-1] - alarms[-1][0] >= QUIET_HOURS):
                alarms.append((int(recent[-1]), sign))
    return alarms


def weak_then_strong_points(values: np.ndarray) -> list[int]:
    """Split while a t-test passes at the weak level, then drop the weakest point until all pass at the strict one."""
    points = sorted(_weak_points(values, 0))
    while points:
        bounds = [0, *points, len(values)]
        chances = [
            chance_of(values[start:point], values[point:end])
            for start, point, end in zip(bounds, points, bounds[2:], strict=False)
        ]
        worst = int(np.argmax(chances))
        if chances[worst] <= LEAST_P:
            break
        del points[worst]
    return points


def _weak_points(values: np.ndarray, start: int) -> Iterator[int]:
    split = best_split(values)
    if split is None or chance_of(values[:split], values[split:]) > WEAK_P:
        return
    yield start + split
    yield from _weak_points(values[:split], start)
    yield from _weak_points(values[split:], start + split)


def chance_of(before: np.ndarray, after: np.ndarray) -> float:
    """Student's two-sided p of a difference of means; scipy's own takes ten times as long for a few values."""
    freedom = len(before) + len(after) - 2
    rest = ((before - before.mean()) ** 2).sum() + ((after - after.mean()) ** 2).sum()
    error = np.sqrt(max(rest, 1e-300) / freedom * (1 / len(before) + 1 / len(after)))
    return float(2 * stdtr(freedom, -abs(after.mean() - before.mean()) / error))


def best_split(values: np.ndarray) -> int | None:
    """Where the energy distance between what lies before and behind, weighted by their sizes, is largest."""
    count = len(values)
    if count < 4:
        return None
    sums = np.zeros((count + 1, count + 1))
    sums[1:, 1:] = np.abs(values[:, None] - values[None, :]).cumsum(axis=0).cumsum(axis=1)
    left = np.arange(2, count - 1)
    right = count - left
    inner_left, total = sums[left, left], sums[count, count]
    across = sums[left, count] - inner_left
    inner_right = total - inner_left - 2 * across
    energy = 2 * across / (left * right) - inner_left / (left * (left - 1)) - inner_right / (right * (right - 1))
    return int(left[(left * right / count * energy).argmax()])


@dataclass(frozen=True)
class Rival:
    """A method and the thresholds that it may be set to; `run` takes values, the first watched hour and one of them."""

    name: str
    run: Callable[[np.ndarray, int, float], Alarms]
    thresholds: tuple[float, ...]


RIVALS = (
    Rival("z-score, 7 days, 2 h in a row", z_score, tuple(np.arange(1.5, 6.01, 0.25))),
    Rival("CUSUM", cusum, tuple(np.geomspace(4, 60, 14))),
    Rival("PELT, re-run hourly", lambda values, first, _: pelt(values, first), (0.0,)),
    Rival("E-divisive means, re-run hourly", lambda values, first, _: e_divisive(values, first), (0.0,)),
)
