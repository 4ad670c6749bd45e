"""The other methods of the benchmark are what they are named for: each finds a plain step, and none is a straw man."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from tests.benchmarks.rival_detectors import RIVALS, Rival, best_split, chance_of, weak_then_strong_points

STEP = 700


def stepped(size: float) -> np.ndarray:
    values = np.random.default_rng(3).normal(0, 0.5, 1000)
    values[STEP:] += size
    values[::19] = np.nan
    return values


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_a_plain_step_is_found_within_a_day_in_its_direction(rival: Rival) -> None:
    for size in (-1.5, 1.5):
        alarms = rival.run(stepped(size), 336, rival.thresholds[len(rival.thresholds) // 4])
        assert [sign for hour, sign in alarms if STEP <= hour <= STEP + 24] == [np.sign(size)]


def test_the_chance_is_that_of_students_test() -> None:
    before, after = np.random.default_rng(1).normal(0, 1, 9), np.random.default_rng(2).normal(1, 1, 14)
    assert chance_of(before, after) == pytest.approx(ttest_ind(before, after).pvalue)


def test_the_split_is_where_the_energy_between_the_sides_is_largest() -> None:
    values = np.concatenate([np.random.default_rng(4).normal(0, 1, 30), np.random.default_rng(5).normal(3, 1, 20)])

    def energy(split: int) -> float:
        left, right = values[:split], values[split:]
        pairs = [np.abs(one[:, None] - other[None, :]) for one, other in ((left, right), (left, left), (right, right))]
        inner = [pair.sum() / (len(pair) * (len(pair) - 1)) for pair in pairs[1:]]
        return len(left) * len(right) / len(values) * (2 * pairs[0].mean() - sum(inner))

    assert best_split(values) == max(range(2, len(values) - 1), key=energy)


def test_weak_points_that_do_not_last_are_merged() -> None:
    values = np.random.default_rng(6).normal(0, 1, 75)
    assert weak_then_strong_points(values) == []
    values[40:] += 4
    assert weak_then_strong_points(values) == [40]
