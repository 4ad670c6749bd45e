"""Each scenario version is its own control: what joins, leaves or is missing moves no hour."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.stats.cells import Cells
from orchestration.stats.detection_metrics import LATENCY, QUALITY, Metric
from orchestration.stats.hour_values import admit, eligible_columns, first_control, hour_values

HOURS, SCENARIOS = 400, 8
LEVELS = np.array([1.0, 3, 4, 5, 6, 7, 8, 9])


def drawn(values: np.ndarray, counts: np.ndarray | None = None) -> Cells:
    names = tuple(f"s{number}" for number in range(values.shape[1]))
    return Cells(values, np.ones(values.shape) if counts is None else counts, names, ("1",) * values.shape[1])


def noisy(seed: int = 0) -> np.ndarray:
    return LEVELS + np.random.default_rng(seed).normal(0, 0.3, (HOURS, SCENARIOS))


def values_of(cells: Cells, metric: Metric = QUALITY) -> tuple[np.ndarray, np.ndarray]:
    control = first_control(cells, 336, metric)
    assert control is not None
    return hour_values(cells, 0, HOURS, control, metric)


def test_missing_scenarios_do_not_move_an_hour() -> None:
    values = noisy()
    values[350, LEVELS > 5] = np.nan
    found, variance = values_of(drawn(values))
    assert abs(found[350]) < 0.5
    assert variance[350] == pytest.approx(2.0, rel=0.2)


def test_fewer_than_three_or_a_quarter_of_the_scenarios_are_no_hour() -> None:
    values = noisy()
    values[350, 2:] = np.nan
    values[351, 3:] = np.nan
    found = values_of(drawn(values))[0]
    assert np.isnan(found[350])
    assert np.isfinite(found[351])


def test_fewer_samples_are_a_larger_variance() -> None:
    counts = np.full((HOURS, SCENARIOS), 3.0)
    counts[350:] = 1.0
    variance = values_of(drawn(noisy(), counts))[1]
    assert np.median(variance[:336]) == pytest.approx(1.0)
    assert variance[350] == pytest.approx(3.0, rel=0.05)


def test_a_single_slow_cell_hardly_moves_an_hour_of_latency() -> None:
    values = noisy()
    values[350, 0] += 50
    assert abs(values_of(drawn(values), LATENCY)[0][350]) < 0.5
    assert values_of(drawn(values), QUALITY)[0][350] > 5


def test_a_version_waits_for_a_week_and_48_cells() -> None:
    values = noisy()
    values[:200, 0] = np.nan
    values[:100, 1] = np.nan
    values[::8, 2] = np.nan
    values[np.arange(HOURS) % 8 != 0, 3] = np.nan
    cells = drawn(values)
    assert eligible_columns(cells, cells.first_hours, 336).tolist() == [False, True, True, False, *[True] * 4]


def test_who_joins_moves_no_hour_even_when_the_level_has_changed() -> None:
    values = noisy()
    values[170:] -= 2.0
    values[:180, 7] = np.nan
    cells = drawn(values)
    control = first_control(drawn(np.where(np.arange(HOURS)[:, None] < 340, values, np.nan)[:, :]), 340, QUALITY)
    assert control is not None
    assert not control.admitted[7]
    before = hour_values(cells, 180, HOURS, control, QUALITY)[0]
    joined, alone = admit(cells, np.array([7]), 180, HOURS, control, QUALITY)
    after = hour_values(cells, 180, HOURS, joined, QUALITY)[0]
    assert not alone
    assert np.abs(after.mean() - before.mean()) < 1e-9
    assert np.abs(after - before).max() < 0.3


def test_versions_without_company_are_a_control_of_their_own() -> None:
    values = np.concatenate([noisy(), noisy(1) + 1.5], axis=1)
    values[200:, :SCENARIOS], values[:200, SCENARIOS:] = np.nan, np.nan
    cells = drawn(values)
    control = first_control(cells, 200, QUALITY)
    assert control is not None
    joined, alone = admit(cells, np.arange(SCENARIOS, 2 * SCENARIOS), 200, HOURS, control, QUALITY)
    assert alone
    assert abs(float(np.mean(hour_values(cells, 200, HOURS, joined, QUALITY)[0]))) < 0.05


def test_too_little_is_no_control() -> None:
    assert first_control(drawn(noisy()[:, :2]), 336, QUALITY) is None
    assert first_control(drawn(noisy()), 100, QUALITY) is None
