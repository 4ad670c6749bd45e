"""Rhythms of the day and the week are taken out, and noise is not taken for one."""

from __future__ import annotations

import numpy as np

from orchestration.stats.season import fit_season, is_weekend

HOURS = np.arange(336)


def test_the_weekend_is_the_sixth_and_the_seventh_day() -> None:
    assert np.flatnonzero(is_weekend(HOURS))[[0, -1]].tolist() == [120, 335]
    assert is_weekend(HOURS).sum() == 96


def test_a_smooth_day_and_a_weekend_are_found() -> None:
    rng = np.random.default_rng(1)
    truth = 0.5 * np.sin(2 * np.pi * (HOURS - 5) / 24) - 0.4 * is_weekend(HOURS)
    found = fit_season(HOURS, truth + rng.normal(0, 0.2, 336)).at(np.arange(336, 672))
    assert np.abs(found - (truth - truth.mean())).max() < 0.12


def test_a_sawtooth_is_taken_out_with_its_jump() -> None:
    rng = np.random.default_rng(2)
    truth = 0.4 * (HOURS % 24) / 24
    found = fit_season(HOURS, truth + rng.normal(0, 0.1, 336)).at(HOURS)
    assert np.abs(found - (truth - truth.mean())).max() < 0.12


def test_plain_noise_has_hardly_a_rhythm() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        found = fit_season(HOURS, rng.normal(0, 1, 336)).at(HOURS)
        assert found.std() < 0.3


def test_hours_that_were_not_observed_are_no_matter() -> None:
    rng = np.random.default_rng(4)
    seen = HOURS[rng.random(336) > 0.4]
    truth = 0.5 * np.cos(2 * np.pi * HOURS / 24)
    found = fit_season(seen, truth[seen] + rng.normal(0, 0.1, len(seen))).at(HOURS)
    assert np.abs(found - truth).max() < 0.12
