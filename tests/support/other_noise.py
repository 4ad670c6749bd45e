"""Another family of noise than that of drawn_runs, which the detector was not tuned on, with the same kinds of changes.

Scores are shares of hidden tests; load is a sawtooth; scenarios are revised; runs are thinned, a third of the cells is
missing in some series, outages last 20 hours. Not here: what is made of the runs (benchmarks, tests).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from tests.support.drawn_runs import HOURS, WARM_UP, Runs, autoregressive

LOAD_PERIODS = (8, 12, 24, 24, 168)
METRICS = ("quality", "latency", "cost")


@dataclass(frozen=True)
class Course:
    """Levels of one metric from hours after its first change on: ((0, -1.0), (96, 0.0)) is a step and a recovery."""

    metric: str
    levels: tuple[tuple[int, float], ...]

    def at(self, start: int) -> np.ndarray:
        level = np.zeros(HOURS)
        for offset, value in self.levels:
            level[min(start + offset, HOURS) :] = value
        return level


COURSES = {
    "step -1.0": Course("quality", ((0, -1.0),)),
    "step -2.0": Course("quality", ((0, -2.0),)),
    "double step -1.0, -2.0 after 4 d": Course("quality", ((0, -1.0), (96, -2.0))),
    "double step -1.0, -2.0 after 9 d": Course("quality", ((0, -1.0), (216, -2.0))),
    "-1.5, recovered after 3 d": Course("quality", ((0, -1.5), (72, 0.0))),
    "-1.0, recovered after 10 d": Course("quality", ((0, -1.0), (240, 0.0))),
    "latency x 1.5": Course("latency", ((0, np.log(1.5)),)),
    "latency x 2, recovered after 2 d": Course("latency", ((0, np.log(2)), (48, 0.0))),
    "cost x 1.3": Course("cost", ((0, np.log(1.3)),)),
    "cost x 1.3, x 1.7 after 2 d": Course("cost", ((0, np.log(1.3)), (48, np.log(1.7)))),
}


def attempts(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Which cells are attempted, and how many samples each has: thinned from some hour on in a third of the series."""
    missing = 0.30 if rng.random() < 0.3 else rng.uniform(0.01, 0.08)
    there = rng.random(shape) > missing
    samples = np.full(shape, rng.integers(1, 5))
    if rng.random() < 0.33:
        start = rng.integers(WARM_UP // 2, HOURS)
        samples[start:] = 1
        sparse = rng.random(shape[1]) < rng.uniform(0.2, 0.7)
        there[start:, sparse] &= (np.arange(start, HOURS) % 3 == 0)[:, None]
    for _ in range(rng.poisson(0.8)):
        start = rng.integers(HOURS)
        there[start : start + 20] = False
    return there, samples


def sawtooth(rng: np.random.Generator, height: float) -> np.ndarray:
    period = int(rng.choice(LOAD_PERIODS))
    return height * ((np.arange(HOURS) + rng.integers(period)) % period / period - 0.5)


def revisions(rng: np.random.Generator, scenarios: int) -> np.ndarray:
    """The version of each cell: a quarter of the scenarios is revised in half of the series, all of them in some."""
    version = np.ones((HOURS, scenarios), dtype=int)
    draw = rng.random()
    share = 0.25 if draw < 0.5 else 1.0 if draw < 0.55 else 0.0
    for scenario in np.flatnonzero(rng.random(scenarios) < share):
        start = rng.integers(WARM_UP, HOURS)
        version[start if share < 1 else HOURS // 2 :, scenario] = 2
    return version


def shift_to(logits: np.ndarray, points: float) -> float:
    if points == 0:
        return 0.0
    start = expit(logits).mean()
    return float(brentq(lambda shift: 10 * (expit(logits + shift).mean() - start) - points, -15, 15))


def draw_scores(rng: np.random.Generator, samples: np.ndarray, version: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Shares of 5 to 12 hidden tests that depend on each other (beta-binomial), as points."""
    scenarios = samples.shape[1]
    base = rng.normal(0.9, 0.4) - rng.normal(0, 1.5, (scenarios, 2))
    logits = base[np.arange(scenarios), version - 1]
    first = base[:, 0]
    shifts = {level: shift_to(first, level) for level in np.unique(points)}
    logits = logits + np.array([shifts[level] for level in points])[:, None]
    logits += autoregressive(rng, rng.uniform(0.5, 0.9), rng.uniform(0.05, 0.15), (HOURS, 1))
    logits += sawtooth(rng, rng.uniform(0, 0.2))[:, None]
    tests = rng.integers(5, 13, scenarios)
    chance, agreement = np.clip(expit(logits), 1e-3, 1 - 1e-3), rng.uniform(0.5, 3)
    total = np.zeros(samples.shape)
    for sample in range(int(samples.max())):
        share = rng.binomial(tests, rng.beta(chance * agreement, (1 - chance) * agreement)) / tests
        total += np.where(sample < samples, share, 0.0)
    return 10 * total / samples


def draw_level(
    rng: np.random.Generator, samples: np.ndarray, level: np.ndarray, spread: float, tail: float
) -> np.ndarray:
    """A positive measure: medians or means of `samples` draws about exp(level), with a heavy tail."""
    centre = rng.normal(0, 0.6, samples.shape[1]) + level[:, None]
    noise = spread * rng.standard_t(4, samples.shape) / np.sqrt(samples)
    return np.exp(centre + noise + np.where(rng.random(samples.shape) < tail, rng.uniform(1, 3, samples.shape), 0))


def draw_other(seed: tuple[int, int], happening: Course | None = None) -> Runs:
    """45 days of hours, 14 of them warm-up, of 12 to 30 scenarios; the change begins between days 18 and 30."""
    rng = np.random.default_rng([*seed, 1])
    scenarios = int(rng.integers(12, 31))
    start = int(rng.integers(18 * 24, 30 * 24))
    there, samples = attempts(rng, (HOURS, scenarios))
    version = revisions(rng, scenarios)
    course = {name: np.zeros(HOURS) for name in METRICS}
    if happening is not None:
        course[happening.metric] = happening.at(start)
    score = draw_scores(rng, samples, version, course["quality"])
    load = sawtooth(rng, rng.uniform(0.1, 0.5)) + autoregressive(rng, 0.9, rng.uniform(0.04, 0.10), (HOURS,))
    load += course["latency"]
    for hour in rng.integers(0, HOURS, rng.poisson(2)):
        load[hour] += rng.uniform(1, 2)
    latency = draw_level(rng, samples, 8 + load, rng.uniform(0.2, 0.5), 0.02)
    cost = draw_level(
        rng, samples, 7 + course["cost"] + autoregressive(rng, 0.7, 0.015, (HOURS,)), rng.uniform(0.2, 0.5), 0.005
    )
    failed = (rng.random(there.shape) < rng.uniform(0, 0.05)) & there
    return Runs(
        *(np.where(there & ~failed, matrix, np.nan) for matrix in (score, np.round(latency), np.round(cost))),
        answered=np.where(there & ~failed, samples, 0),
        failed=np.where(failed, samples, 0),
        versions=version,
        event_hour=start if happening else None,
    )
