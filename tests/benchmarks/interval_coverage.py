"""Measures how often each interval holds the truth, over drawn data whose truth is known.

usage: python tests/benchmarks/interval_coverage.py [--draws 2000] [--seed 1]

Prints the share of draws whose interval holds the true value, with the share's own 95% Wilson interval, beside the bar:
0.93 to 0.97 at a nominal 0.95; rank ranges at least 0.95. Percentile intervals hold at least 0.95 by construction.
Families of few scenarios don't meet it. What other methods for few bounded scores would hold, and how wide they are, is
printed last, for families whose tasks are about as hard as the others' and for one of which most tasks are solved.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit
from scipy.stats import binomtest, norm
from scipy.stats import t as student_t

from orchestration.stats.contamination import welch_gap
from orchestration.stats.fixed_suite import fixed_suite_interval
from orchestration.stats.intervals import stratified_interval
from orchestration.stats.paired import paired_difference
from orchestration.stats.percentiles import percentile
from orchestration.stats.projections import project
from orchestration.stats.ranking import rank_ranges
from orchestration.stats.repeated_attempts import pass_at_k_interval, pass_hat_k_interval
from tests.support.day_clusters import percentile_bounds, ratio_bounds, share_bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[[np.random.Generator], list[bool]]

LOWEST, HIGHEST = 0.93, 0.97


def answered(draw: np.random.Generator, skill: np.ndarray) -> np.ndarray:
    """Scores of the shape of `skill`: 10 x Beta(18, 2) where solved, else 10 x Beta(1.2, 3.5)."""
    is_solved = draw.random(skill.shape) < expit(skill)
    return 10 * np.where(is_solved, draw.beta(18, 2, skill.shape), draw.beta(1.2, 3.5, skill.shape))


def expected(skill: np.ndarray) -> np.ndarray:
    """The mean of `answered`."""
    return 10 * (expit(skill) * 18 / 20 + (1 - expit(skill)) * 1.2 / 4.7)


POPULATION = expected(0.8 - 1.8 * np.random.default_rng(0).standard_normal(2_000_000))
TRUE_MEAN = float(POPULATION.mean())


def holds(interval: object, truth: float) -> bool:
    lower, upper = interval.lower, interval.upper  # type: ignore[attr-defined]
    return lower is not None and lower <= truth <= upper


def tasks_like_these(scenarios: int, samples: int) -> Draw:
    def draw(rng: np.random.Generator) -> list[bool]:
        skill = 0.8 - 1.8 * rng.standard_normal(scenarios)
        means = answered(rng, np.tile(skill[:, None], samples)).mean(axis=1)
        return [holds(stratified_interval({"all": means.tolist()}), TRUE_MEAN)]

    return draw


def stratified(families: int, scenarios: int) -> Draw:
    """Families of different difficulty; the truth is the mean over families of each family's mean."""
    offsets = np.linspace(-1.0, 1.0, families)
    pool = np.random.default_rng(1).standard_normal(400_000)
    truth = float(np.mean([expected(0.8 + offset - 1.5 * pool).mean() for offset in offsets]))

    def draw(rng: np.random.Generator) -> list[bool]:
        means = {}
        for number, offset in enumerate(offsets):
            skill = 0.8 + offset - 1.5 * rng.standard_normal(scenarios)
            means[str(number)] = answered(rng, np.tile(skill[:, None], 24)).mean(axis=1).tolist()
        return [holds(stratified_interval(means), truth)]

    return draw


def this_suite(scenarios: int, days: int) -> Draw:
    """The same scenarios for ever: only the answers vary, and a day's ability with them."""
    skill = 0.8 - 1.8 * np.random.default_rng(2).standard_normal(scenarios)
    wobble = 0.1
    pool = skill + wobble * np.random.default_rng(3).standard_normal((100_000, 1))
    truth = float(expected(pool).mean())

    def draw(rng: np.random.Generator) -> list[bool]:
        by_day = skill + wobble * rng.standard_normal((days, 1))
        blocks = np.stack([answered(rng, by_day) for _ in range(24)]).mean(axis=0)
        return [holds(fixed_suite_interval(blocks), truth)]

    return draw


def paired(scenarios: int) -> Draw:
    pool = -1.8 * np.random.default_rng(4).standard_normal(1_000_000)
    truth = float((expected(1.1 + pool) - expected(0.7 + pool)).mean())

    def draw(rng: np.random.Generator) -> list[bool]:
        hard = -1.8 * rng.standard_normal(scenarios)
        first, second = (
            dict(enumerate(answered(rng, np.tile(skill + hard[:, None], 24)).mean(axis=1))) for skill in (1.1, 0.7)
        )
        difference = paired_difference(first, second)  # type: ignore[arg-type]
        return [difference is not None and holds(difference, truth)]

    return draw


def variant_gap(families: int, scenarios: int) -> Draw:
    """Public minus fresh of a model that knows half of what was published: paired by scenario, families as strata."""
    draw_truth = np.random.default_rng(6)
    truth = float(np.mean([gap.mean() for gap in _variant_differences(draw_truth, 1, 400_000).values()]))

    def draw(rng: np.random.Generator) -> list[bool]:
        return [holds(stratified_interval(_variant_differences(rng, families, scenarios, answers=60)), truth)]

    return draw


def _variant_differences(
    rng: np.random.Generator, families: int, scenarios: int, answers: int | None = None
) -> dict[str, np.ndarray]:
    """By family; expected scores without `answers`."""

    def score(skill: np.ndarray) -> np.ndarray:
        return expected(skill) if answers is None else answered(rng, np.tile(skill[:, None], answers)).mean(axis=1)

    found = {}
    for number in range(families):
        skill = 0.8 - 1.8 * rng.standard_normal(scenarios)
        known = 3.0 * (rng.random(scenarios) < 0.5)
        found[str(number)] = score(skill + known) - score(skill + 0.3 * rng.standard_normal(scenarios))
    return found


def cutoff_gap(before: int, after: int) -> Draw:
    """Above five references on older tasks less the same on newer, harder ones, of one that knows half of the older."""
    pool = np.random.default_rng(7)
    truth = float(
        _above_references(pool, 200_000, 0.0, 0.5).mean() - _above_references(pool, 200_000, -1.0, 0.0).mean()
    )

    def draw(rng: np.random.Generator) -> list[bool]:
        older = _above_references(rng, before, 0.0, 0.5, answers=60)
        newer = _above_references(rng, after, -1.0, 0.0, answers=60)
        gap = welch_gap(older.tolist(), newer.tolist())
        return [gap is not None and holds(gap, truth)]

    return draw


def _above_references(
    rng: np.random.Generator, count: int, ease: float, known_share: float, answers: int | None = None
) -> np.ndarray:
    """Of one scenario each; expected scores without `answers`."""
    common = ease - 1.8 * rng.standard_normal(count)
    own = 0.6 * rng.standard_normal((6, count)) + 0.8 + common
    own[0] += 3.0 * (rng.random(count) < known_share)
    means = expected(own) if answers is None else answered(rng, np.tile(own[..., None], answers)).mean(axis=2)
    above: np.ndarray = means[0] - means[1:].mean(axis=0)
    return above


def other_methods(means: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Bounds by method; `means` has shape (draws, scenarios)."""
    count = means.shape[1]
    middle, error = means.mean(axis=1), means.std(axis=1, ddof=1) / np.sqrt(count)
    share = np.clip(middle, 0.1, 9.9) / 10
    half_logit = student_t.ppf(0.975, count - 1) * error / (10 * share * (1 - share))
    logit = np.log(share / (1 - share))
    # In the way of Agresti and Coull: one more scenario, half of which scores 0 and half 10.
    shrunk = (means.sum(axis=1) + 5) / (count + 1)
    squares = ((means - shrunk[:, None]) ** 2).sum(axis=1) + (shrunk**2 + (10 - shrunk) ** 2) / 2
    return {
        "t": _around(middle, error, count - 1),
        "t on the logit scale": (10 * expit(logit - half_logit), 10 * expit(logit + half_logit)),
        "t with one degree of freedom less": _around(middle, error, max(count - 2, 1)),
        "t with a scenario of 0 and 10 added": _around(shrunk, np.sqrt(squares / count / (count + 1)), count),
    }


def _around(middle: np.ndarray, error: np.ndarray, df: int) -> tuple[np.ndarray, np.ndarray]:
    half = student_t.ppf(0.975, df) * error
    return middle - half, middle + half


def print_other_methods(draws: int, seed: int) -> None:
    for name, ability in (("a usual family", 0.8), ("most tasks solved", 2.3)):
        truth = float(expected(ability - 1.8 * np.random.default_rng(8).standard_normal(1_000_000)).mean())
        for scenarios in (2, 4, 10):
            rng = np.random.default_rng([seed, scenarios])
            skill = ability - 1.8 * rng.standard_normal((draws, scenarios))
            means = np.mean([answered(rng, skill) for _ in range(24)], axis=0)
            for method, (lower, upper) in other_methods(means).items():
                share = float(((lower <= truth) & (truth <= upper)).mean())
                width = float(np.median(upper - lower))
                print(f"{name}, {scenarios:>2} scenarios, {method:<36} {share:.3f}, median width {width:.1f} points")


def ranks(targets: int, scenarios: int) -> Draw:
    """Of each target in a field with ties and small gaps; one truth a target."""
    abilities = np.array([1.4, 1.1, 1.1, 0.9, 0.8, 0.8, 0.8, 0.5, 0.3, 0.0, -0.5, -0.5])[:targets]
    best = [1 + int((abilities > ability).sum()) for ability in abilities]
    worst = [targets - int((abilities < ability).sum()) for ability in abilities]

    def draw(rng: np.random.Generator) -> list[bool]:
        hard = -1.8 * rng.standard_normal(scenarios)
        means = {}
        for number, ability in enumerate(abilities):
            skill = ability + hard + 0.6 * rng.standard_normal(scenarios)
            means[f"{number:02}"] = dict(enumerate(answered(rng, np.tile(skill[:, None], 24)).mean(axis=1)))
        ranges = rank_ranges(means, seed=int(rng.integers(2**31)), replicates=1000)  # type: ignore[arg-type]
        assert ranges is not None
        # The rank of tied targets is any of those that they share: the range has to hold all of them.
        return [
            found.best <= best[number] and worst[number] <= found.worst for number, found in enumerate(ranges.values())
        ]

    return draw


def attempts(scenarios: int, n: int, k: int, *, is_every: bool) -> Draw:
    pool = expit(0.8 - 1.8 * np.random.default_rng(5).standard_normal(1_000_000))
    truth = float((pool**k).mean() if is_every else (1 - (1 - pool) ** k).mean())
    interval = pass_hat_k_interval if is_every else pass_at_k_interval

    def draw(rng: np.random.Generator) -> list[bool]:
        solved = rng.binomial(n, expit(0.8 - 1.8 * rng.standard_normal(scenarios)))
        return [holds(interval([(n, int(c)) for c in solved], k), truth)]

    return draw


def latency(count: int, share: float) -> Draw:
    truth = float(np.exp(norm.ppf(share, 1.6, 0.6)))

    def draw(rng: np.random.Generator) -> list[bool]:
        found = percentile(np.exp(rng.normal(1.6, 0.6, count)).tolist(), share)
        return [found is not None and holds(found, truth)]

    return draw


def encloses(bounds: tuple[float | None, float | None], truth: float) -> bool:
    """An end that is not told encloses nothing: only intervals with both ends are counted as holding the truth."""
    lower, upper = bounds
    return lower is not None and upper is not None and lower <= truth <= upper


def answer_times(rng: np.random.Generator, days: int, scenarios: int) -> np.ndarray:
    """Seconds by day and call: scenarios and days differ, hours hang together, 1% of calls are far slower."""
    level = 1.6 + 0.6 * np.random.default_rng(6).standard_normal(scenarios)
    shock = 0.09 * np.sqrt(1 - 0.85**2) * rng.standard_normal(days * 24)
    hours = np.zeros(days * 24)
    hours[0] = 0.09 * rng.standard_normal()
    for hour in range(1, len(hours)):
        hours[hour] = 0.85 * hours[hour - 1] + shock[hour]
    hours += 0.2 * np.sin(2 * np.pi * np.arange(days * 24) / 24) + np.repeat(0.05 * rng.standard_normal(days), 24)
    times = np.exp(level + hours[:, None] + 0.3 * rng.standard_t(3, (days * 24, scenarios)))
    return (times * np.where(rng.random(times.shape) < 0.01, rng.uniform(5, 20, times.shape), 1)).reshape(days, -1)


def latency_by_day(days: int, scenarios: int, share: float) -> Draw:
    truth = float(np.quantile(answer_times(np.random.default_rng(7), 5_000, scenarios), share))

    def draw(rng: np.random.Generator) -> list[bool]:
        return [encloses(percentile_bounds(answer_times(rng, days, scenarios), share, is_median=share == 0.5), truth)]

    return draw


def errors_by_day(days: int, calls: int, level: float, spread: float) -> Draw:
    """A day's chance of failing is expit(level + spread z)."""
    truth = float(expit(level + spread * np.random.default_rng(8).standard_normal(1_000_000)).mean())

    def draw(rng: np.random.Generator) -> list[bool]:
        failed = rng.binomial(calls, expit(level + spread * rng.standard_normal(days)))
        return [encloses(share_bounds(failed.tolist(), [calls] * days), truth)]

    return draw


def cost_by_day(days: int, calls: int) -> Draw:
    """Tasks of different cost, answers of different length, days that differ by a tenth; 3% of calls fail."""
    level = np.random.default_rng(9).standard_normal(12)
    truth = float(np.exp(level + 0.35**2 / 2 + 0.1**2 / 2).mean())

    def draw(rng: np.random.Generator) -> list[bool]:
        costs = np.exp(np.tile(level, (days, calls // 12)) + 0.35 * rng.standard_normal((days, calls)))
        is_answered = rng.random((days, calls)) < 0.97
        sums = (costs * np.exp(0.1 * rng.standard_normal((days, 1))) * is_answered).sum(axis=1)
        return [encloses(ratio_bounds(sums.tolist(), is_answered.sum(axis=1).tolist()), truth)]

    return draw


def cost(days: int, horizon: int, phi: float) -> Draw:
    week = 40 * np.array([1, 1, 1, 1, 1, 0.7, 0.7])

    def draw(rng: np.random.Generator) -> list[bool]:
        length = days + horizon
        noise = rng.standard_normal(length) * np.sqrt(1 - phi**2)
        noise[0] /= np.sqrt(1 - phi**2)
        for day in range(1, length):
            noise[day] += phi * noise[day - 1]
        daily = week[np.arange(length) % 7] + 2 * noise
        return [holds(project(daily[:days].tolist(), horizon), float(daily[days:].sum()))]

    return draw


CASES: dict[str, tuple[Draw, float, float]] = {
    "mean, tasks like these, 12 scenarios x 24": (tasks_like_these(12, 24), LOWEST, HIGHEST),
    "mean, tasks like these, 20 scenarios x 3": (tasks_like_these(20, 3), LOWEST, HIGHEST),
    "mean, tasks like these, 48 scenarios x 24": (tasks_like_these(48, 24), LOWEST, HIGHEST),
    "mean, 6 families of 2 scenarios (canary)": (stratified(6, 2), LOWEST, HIGHEST),
    "mean, 12 families of 4 scenarios (core)": (stratified(12, 4), LOWEST, HIGHEST),
    "mean, a family of 2 scenarios": (tasks_like_these(2, 24), LOWEST, HIGHEST),
    "mean, a family of 4 scenarios": (tasks_like_these(4, 24), LOWEST, HIGHEST),
    "mean, a family of 10 scenarios": (tasks_like_these(10, 24), LOWEST, HIGHEST),
    "mean, 6 families of 4 scenarios": (stratified(6, 4), LOWEST, HIGHEST),
    "mean, 12 families of 10 scenarios": (stratified(12, 10), LOWEST, HIGHEST),
    "mean, this suite, 20 scenarios, 7 days": (this_suite(20, 7), LOWEST, HIGHEST),
    "mean, this suite, 20 scenarios, 30 days": (this_suite(20, 30), LOWEST, HIGHEST),
    "paired difference, 12 scenarios": (paired(12), LOWEST, HIGHEST),
    "paired difference, 48 scenarios": (paired(48), LOWEST, HIGHEST),
    "public - fresh, 12 families of 4 scenarios": (variant_gap(12, 4), LOWEST, HIGHEST),
    "public - fresh, a family of 10 scenarios": (variant_gap(1, 10), LOWEST, HIGHEST),
    "gap at the cut-off, 24 and 24 scenarios": (cutoff_gap(24, 24), LOWEST, HIGHEST),
    "gap at the cut-off, 6 and 6 scenarios": (cutoff_gap(6, 6), LOWEST, HIGHEST),
    "pass@3 of 10, a family of 4 scenarios": (attempts(4, 10, 3, is_every=False), LOWEST, HIGHEST),
    "pass^3 of 10, 12 scenarios (canary)": (attempts(12, 10, 3, is_every=True), LOWEST, HIGHEST),
    "pass@3 of 10, 20 scenarios": (attempts(20, 10, 3, is_every=False), LOWEST, HIGHEST),
    "pass@5 of 10, 48 scenarios": (attempts(48, 10, 5, is_every=False), LOWEST, HIGHEST),
    "pass^3 of 10, 20 scenarios": (attempts(20, 10, 3, is_every=True), LOWEST, HIGHEST),
    "pass^3 of 10, 48 scenarios": (attempts(48, 10, 3, is_every=True), LOWEST, HIGHEST),
    "latency p50 of 200": (latency(200, 0.5), 0.95, 1.0),
    "latency p95 of 200": (latency(200, 0.95), 0.95, 1.0),
    "latency p99 of 1,000": (latency(1000, 0.99), 0.95, 1.0),
    "latency p50 by day, 7 days of 12 scenarios": (latency_by_day(7, 12, 0.5), LOWEST, HIGHEST),
    "latency p95 by day, 7 days of 12 scenarios": (latency_by_day(7, 12, 0.95), LOWEST, HIGHEST),
    "latency p50 by day, 30 days of 2 scenarios": (latency_by_day(30, 2, 0.5), LOWEST, HIGHEST),
    "latency p95 by day, 30 days of 2 scenarios": (latency_by_day(30, 2, 0.95), LOWEST, HIGHEST),
    "error rate 1%, 7 days of 288 calls": (errors_by_day(7, 288, -4.7, 0.5), LOWEST, 1.0),
    "error rate 5%, 30 days of 288 calls": (errors_by_day(30, 288, -3.1, 0.5), LOWEST, 1.0),
    "cost per task, 7 days of 288 calls": (cost_by_day(7, 288), LOWEST, HIGHEST),
    "cost per task, 30 days of 48 calls": (cost_by_day(30, 48), LOWEST, HIGHEST),
    "cost of 30 days from 28, phi 0.3": (cost(28, 30, 0.3), LOWEST, HIGHEST),
    "cost of 7 days from 56, phi 0.3": (cost(56, 7, 0.3), LOWEST, HIGHEST),
    "rank ranges, 12 targets x 12 scenarios": (ranks(12, 12), 0.95, 1.0),
    "rank ranges, 12 targets x 20 scenarios": (ranks(12, 20), 0.95, 1.0),
    "rank ranges, 6 targets x 48 scenarios": (ranks(6, 48), 0.95, 1.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for number, (name, (draw, lowest, highest)) in enumerate(CASES.items()):
        rng = np.random.default_rng([options.seed, number])
        draws = options.draws if "rank" not in name else max(options.draws // 5, 100)
        held = [is_held for _ in range(draws) for is_held in draw(rng)]
        own = binomtest(sum(held), len(held)).proportion_ci(method="wilson")
        share = sum(held) / len(held)
        verdict = "met" if lowest <= share <= highest else "NOT met"
        print(
            f"{name:<44} {share:.3f} [{own.low:.3f}, {own.high:.3f}]  bar {lowest} to {highest}: {verdict}", flush=True
        )
    print_other_methods(options.draws, options.seed)


if __name__ == "__main__":
    main()
