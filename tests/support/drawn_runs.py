"""The public generator: runs of one model, drawn with or without a change in one of its streams.

A description of the distributions is in docs/methodology.md. Not here: what is made of the runs (benchmarks, tests).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.optimize import brentq
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Mapping

    Drawn = tuple[np.ndarray, np.ndarray]
    """The cells, and what they are drawn about."""

HOURS, WARM_UP, SCENARIOS = 45 * 24, 14 * 24, 20
MONTHS = HOURS / 720
EARLIEST, LATEST = 21 * 24, 35 * 24
SOLVED, UNSOLVED = (18, 2), (1.2, 3.5)
PER_SOLVED = 18 / 20 - 1.2 / 4.7
USD_PER_TOKEN = 3e-6
COST_SD = 0.35


@dataclass(frozen=True)
class Event:
    """What happens to one metric: `size` in points (quality) or as a factor; over `ramp` hours, for `hours` hours.

    `scenarios`: only in so many of them, whose chance of success is multiplied by `size`.
    """

    metric: str
    size: float
    ramp: int = 0
    hours: int | None = None
    scenarios: int | None = None


EVENTS = {
    "quality -0.2": Event("quality", -0.2),
    "quality -0.5": Event("quality", -0.5),
    "quality -1.0": Event("quality", -1.0),
    "quality -2.0": Event("quality", -2.0),
    "quality +0.5": Event("quality", 0.5),
    "quality ramp -1.0 in 5 d": Event("quality", -1.0, ramp=120),
    "quality ramp -0.5 in 10 d": Event("quality", -0.5, ramp=240),
    "incident -1.5 for 18 h": Event("quality", -1.5, hours=18),
    "3 of 20 scenarios": Event("quality", 0.1, scenarios=3),
    "1 of 20 scenarios": Event("quality", 0.1, scenarios=1),
    "latency x 1.2": Event("latency", 1.2),
    "latency x 1.5": Event("latency", 1.5),
    "latency x 3": Event("latency", 3.0),
    "latency ramp x 1.5 in 5 d": Event("latency", 1.5, ramp=120),
    "incident x 3 for 6 h": Event("latency", 3.0, hours=6),
    "cost x 1.1": Event("cost", 1.1),
    "cost x 1.3": Event("cost", 1.3),
    "cost x 2": Event("cost", 2.0),
}


@dataclass(frozen=True)
class Runs:
    """Matrices of hours by scenarios; nan where nothing was answered. `versions` has the version of each cell."""

    score: np.ndarray
    latency_ms: np.ndarray
    cost_microusd: np.ndarray
    answered: np.ndarray
    failed: np.ndarray
    versions: np.ndarray
    event_hour: int | None
    means: Mapping[str, np.ndarray] = field(default_factory=dict)
    """What the calls of a cell are drawn about: chance of success, ln of the median seconds, ln of the mean tokens."""

    def extra(self, metric: str, samples: int, seed: int) -> np.ndarray:
        """Cells of so many more calls each, in the detector's unit; nan where nothing was answered either."""
        rng, means = np.random.default_rng([seed, 1]), self.means[metric]
        if metric == "quality":
            values = score_means(rng, means, samples)
        elif metric == "latency":
            seconds = np.exp(means[..., None] + latency_noise(rng, (*means.shape, samples)))
            values = np.log(1000 * np.median(seconds, axis=-1))
        else:
            tokens = np.exp(means[..., None] + COST_SD * rng.standard_normal((*means.shape, samples)))
            values = np.log(1e6 * USD_PER_TOKEN * tokens.mean(axis=-1))
        return np.where(np.isfinite(self.score), values, np.nan)

    def frame(self, series_id: str = "drawn") -> pl.DataFrame:
        """In the format of `aibaas detect`."""
        hour, scenario = np.nonzero(self.answered + self.failed)
        at = (hour, scenario)
        return pl.DataFrame(
            {
                "series_id": pl.Series([series_id] * len(hour)),
                "hour": hour,
                "scenario": pl.Series(np.char.add("s", scenario.astype(str))),
                "version": self.versions[at],
                "n_ok": self.answered[at],
                "n_err": self.failed[at],
                "score_x10": np.nan_to_num(self.score[at] * 10, nan=-1.0),
                "latency_ms": np.nan_to_num(self.latency_ms[at], nan=-1.0),
                "cost_microusd": np.nan_to_num(self.cost_microusd[at], nan=-1.0),
            }
        )


def autoregressive(rng: np.random.Generator, phi: float, sd: float, shape: tuple[int, ...]) -> np.ndarray:
    """Stationary, along the first axis."""
    steps = rng.standard_normal(shape) * sd * np.sqrt(1 - phi**2)
    steps[0] = rng.standard_normal(shape[1:]) * sd
    for hour in range(1, shape[0]):
        steps[hour] += phi * steps[hour - 1]
    return steps


def course(event: Event | None, start: int, hours: int = HOURS) -> np.ndarray:
    """How much of the event is there in each hour, 0 to 1."""
    hour = np.arange(hours)
    if event is None:
        return np.zeros(hours)
    present = np.clip((hour - start + 1) / max(event.ramp, 1), 0, 1)
    return np.where(hour >= start + event.hours, 0.0, present) if event.hours else present


def shift_for(logits: np.ndarray, points: float) -> float:
    """The shift of these logits that moves the mean score by `points`."""
    start = expit(logits).mean()
    return float(brentq(lambda shift: 10 * PER_SOLVED * (expit(logits + shift).mean() - start) - points, -12, 12))


def score_means(rng: np.random.Generator, chance: np.ndarray, samples: int) -> np.ndarray:
    """The mean of `samples` scores (rounded to 0.1) for each chance of success."""
    shape = (*chance.shape, samples)
    solved = rng.random(shape) < chance[..., None]
    scores = np.where(solved, rng.beta(*SOLVED, shape), rng.beta(*UNSOLVED, shape))
    return np.round(10 * scores, 1).mean(axis=-1)


def availability(rng: np.random.Generator) -> np.ndarray:
    """Which cells are answered."""
    there = (rng.random((HOURS, SCENARIOS)) > 0.03) & (rng.random((HOURS, 1)) > 0.02)
    for _ in range(rng.poisson(0.5 * MONTHS)):
        start = rng.integers(HOURS)
        there[start : start + rng.integers(2, 11)] = False
    for _ in range(rng.poisson(MONTHS)):
        start, share = rng.integers(HOURS), rng.uniform(0.3, 0.8)
        there[start : start + rng.integers(1, 4)] &= rng.random(SCENARIOS) > share
    return there


def glitch_hours(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, HOURS, rng.poisson(1.5 * MONTHS))


def draw_quality(rng: np.random.Generator, samples: int, event: Event | None, start: int) -> Drawn:
    ability, difficulty = rng.normal(0.8, 0.5), rng.normal(0, 1.8, SCENARIOS)
    daily = rng.uniform(0, 0.15) * np.sin(2 * np.pi * (np.arange(HOURS) / 24 + rng.random()))
    logits = ability - difficulty + np.zeros((HOURS, SCENARIOS))
    logits += autoregressive(rng, 0.8, rng.uniform(0.08, 0.20), (HOURS, 1)) + daily[:, None]
    logits += autoregressive(rng, 0.98, 0.10, (HOURS, SCENARIOS))
    present = course(event, start)[:, None]
    if event is not None and event.scenarios is None:
        logits += present * shift_for(ability - difficulty, event.size)
    chance = expit(logits)
    if event is not None and event.scenarios is not None:
        solvable = np.argsort(difficulty)[: max(SCENARIOS // 2, event.scenarios)]
        struck = np.isin(np.arange(SCENARIOS), rng.choice(solvable, event.scenarios, replace=False))
        chance = np.where(struck & (present > 0), chance * event.size, chance)
    for hour in glitch_hours(rng):
        chance[hour] *= rng.uniform(0.2, 0.5)
    return score_means(rng, chance, samples), chance


def latency_noise(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return 0.30 * rng.standard_t(3, shape) + np.where(rng.random(shape) < 0.01, np.log(rng.uniform(5, 20, shape)), 0)


def draw_latency(rng: np.random.Generator, samples: int, event: Event | None, start: int) -> Drawn:
    hour, amplitude = np.arange(HOURS), rng.uniform(0.10, 0.35)
    level = amplitude * np.sin(2 * np.pi * (hour / 24 + rng.random()))
    level += amplitude * rng.uniform(0, 0.4) * np.sin(4 * np.pi * (hour / 24 + rng.random()))
    level -= rng.uniform(0, 0.15) * ((hour // 24) % 7 >= 5)
    level += autoregressive(rng, 0.85, rng.uniform(0.06, 0.12), (HOURS,))
    level += course(event, start) * (np.log(event.size) if event else 0.0)
    for glitch in glitch_hours(rng):
        level[glitch] += np.log(rng.uniform(3, 10))
    noise = latency_noise(rng, (HOURS, SCENARIOS, samples))
    means = rng.normal(1.6, 0.6, SCENARIOS) + level[:, None]
    return np.round(1000 * np.median(np.exp(means[..., None] + noise), axis=-1)), means


def draw_cost(rng: np.random.Generator, samples: int, event: Event | None, start: int) -> Drawn:
    level = autoregressive(rng, 0.8, 0.01, (HOURS, 1)) + rng.normal(6.5, 0.5, SCENARIOS)
    tokens = np.exp(level[..., None] + COST_SD * rng.standard_normal((HOURS, SCENARIOS, samples)))
    factor = 1 + course(event, start) * ((event.size if event else 1.0) - 1)
    costs = np.round(1e6 * USD_PER_TOKEN * tokens.mean(axis=-1) * factor[:, None])
    return costs, level + np.log(factor)[:, None]


def draw_runs(seed: tuple[int, int], event: Event | None = None) -> Runs:
    """45 days of hours of one model, 14 of them warm-up, with 20 scenarios and 1 to 3 samples a cell."""
    rng = np.random.default_rng(list(seed))
    samples = int(rng.integers(1, 4))
    start = int(rng.integers(EARLIEST, LATEST))
    there = availability(rng)
    of = {
        name: event if event is not None and event.metric == name else None for name in ("quality", "latency", "cost")
    }
    drawn = [
        draw_quality(rng, samples, of["quality"], start),
        draw_latency(rng, samples, of["latency"], start),
        draw_cost(rng, samples, of["cost"], start),
    ]
    attempted = there | (rng.random(there.shape) < 0.5)
    return Runs(
        *(np.where(there, matrix, np.nan) for matrix, _ in drawn),
        answered=np.where(there, samples, 0),
        failed=np.where(attempted & ~there, samples, 0),
        versions=np.ones(there.shape, dtype=int),
        event_hour=start if event else None,
        means=dict(zip(of, (means for _, means in drawn), strict=True)),
    )
