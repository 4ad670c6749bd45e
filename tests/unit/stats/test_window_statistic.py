"""The statistic against published numbers and against itself, computed one window at a time."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.stats.detection_metrics import QUALITY
from orchestration.stats.projections import variance_of_mean
from orchestration.stats.window_statistic import (
    LONG,
    MEAN_VARIANCES,
    REFERENCE_HOURS,
    WINDOWS,
    Noise,
    estimate_noise,
    median,
    scan,
)

NOISE = Noise(centre=0.02, independent=np.sqrt(0.2), drift=0.12, robust_sd=0.46)


def test_the_statistic_is_the_published_one() -> None:
    """Source: glr_Z of shared/statistics/test_vectors.json."""
    values = np.concatenate([np.full(336, 0.02), np.full(6, -0.9)])
    found = scan(values, np.ones(342), np.array([341]), NOISE)
    assert found.z[0, WINDOWS.tolist().index(6)] == pytest.approx(-4.326187699714576)


@pytest.mark.parametrize(
    ("count", "variance"),
    [(1, 1.0), (2, 0.925), (3, 0.8716666666666667), (6, 0.7483384895833334), (12, 0.577719440472683),
     (24, 0.38537003238459994), (72, 0.1567216570669507), (168, 0.07073570168808631)],
)  # fmt: skip
def test_the_variance_of_a_mean_is_the_published_one(count: int, variance: float) -> None:
    """Source: ar1_mean_var_phi.85 of the same file."""
    assert MEAN_VARIANCES[count] == pytest.approx(variance, rel=1e-12)
    assert variance_of_mean(0.85, count) == pytest.approx(variance, rel=1e-12)


def test_all_windows_at_once_are_each_window_alone() -> None:
    rng = np.random.default_rng(3)
    values, weights = rng.normal(0, 0.4, 800), rng.uniform(0.3, 2, 800)
    positions = np.array([90, 400, 799])
    found = scan(values, weights, positions, NOISE)
    for row, position in enumerate(positions):
        for k in LONG[position + 1 - 72 >= LONG]:
            window = slice(position + 1 - k, position + 1)
            before = slice(max(position + 1 - k - REFERENCE_HOURS, 0), position + 1 - k)
            bound = 3 * np.sqrt(0.2 / weights + 0.0144)
            clipped = np.clip(values, 0.02 - bound, 0.02 + bound)
            difference = np.average(clipped[window], weights=weights[window])
            difference -= np.average(clipped[before], weights=weights[before])
            variance = 0.2 / weights[window].sum() + 0.2 / weights[before].sum()
            variance += 0.0144 * (variance_of_mean(0.85, k) + variance_of_mean(0.85, before.stop - before.start))
            assert found.z[row, WINDOWS.tolist().index(k)] == pytest.approx(difference / np.sqrt(variance))


def test_one_bad_hour_is_no_evidence_and_two_in_a_row_are() -> None:
    values = np.tile([0.3, -0.3], 200)
    positions = np.arange(300, 320)
    for bad, is_found in (([305], False), ([305, 310], False), ([305, 306], True)):
        struck = values.copy()
        struck[bad] = -7.0
        found = scan(struck, np.ones(400), positions, NOISE).crossings(4.75, 4.75, QUALITY.least_effect)[0]
        assert (found is not None) == is_found
        assert found is None or (found.position, found.start) == (306, 305)


def test_too_short_a_past_says_nothing() -> None:
    values = np.concatenate([np.zeros(68), np.full(5, -3.0)])
    positions = np.arange(68, 73)
    assert scan(values, np.ones(73), positions, NOISE).crossings(4.75, 4.75, 0.15)[0] is None
    assert scan(values, np.ones(73), positions, NOISE, min_reference=24).crossings(4.75, 4.75, 0.15)[0] is not None


def test_the_parts_of_the_noise_are_told_apart() -> None:
    rng = np.random.default_rng(5)
    drift = np.zeros(900)
    for hour in range(1, 900):
        drift[hour] = 0.85 * drift[hour - 1] + rng.normal(0, 0.3 * np.sqrt(1 - 0.85**2))
    hours = np.flatnonzero(rng.random(900) > 0.2)
    values = (drift + rng.normal(0, 0.4, 900))[hours]
    values[::97] = -8.0
    found = estimate_noise(hours, values, np.ones(len(hours)), QUALITY)
    assert found is not None
    assert found.independent == pytest.approx(0.4, abs=0.08)
    assert found.drift == pytest.approx(0.3, abs=0.08)
    assert estimate_noise(hours[:95], values[:95], np.ones(95), QUALITY) is None


@pytest.mark.parametrize("count", [1, 2, 3, 50, 51])
def test_the_median_is_numpys(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count)
    assert median(values) == pytest.approx(float(np.median(values)))
