"""The reading on exactly these tasks. How often its interval holds the truth is measured in tests/benchmarks."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.stats.fixed_suite import fixed_suite_interval, independent_error

SAMPLES = [[9.1, 8.7, 9.4], [2.0, 7.9, 2.5], [8.8, 9.0, 3.1], [0.5, 1.2, 0.9], [9.5, 9.3, 9.6], [6.0, 2.2, 8.1]]


def test_independent_blocks_have_the_published_error() -> None:
    """Source: shared/statistics/test_vectors.json, `leaderboard.se_fixed_suite`."""
    assert independent_error(SAMPLES) == pytest.approx(0.5369667897862337, rel=1e-12)


def test_days_are_the_clusters() -> None:
    days = np.array(SAMPLES).T
    found = fixed_suite_interval(days)
    assert found.mean == pytest.approx(5.988888888888889)
    assert found.standard_error == pytest.approx(float(days.mean(axis=1).std(ddof=1)) / 3**0.5)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < found.mean < found.upper


def test_a_day_that_moves_all_scenarios_together_shows() -> None:
    steady = np.array(SAMPLES).T
    moved = steady.mean(axis=0) + np.array([[-1.0], [0.0], [1.0]])
    assert fixed_suite_interval(moved).standard_error == pytest.approx(1 / 3**0.5)
    assert independent_error(moved.T.tolist()) == pytest.approx(1 / 3**0.5 / 6**0.5)


def test_a_scenario_that_was_not_measured_on_a_day_is_no_zero() -> None:
    days = np.array([[8.0, 4.0], [9.0, np.nan], [7.0, 4.0]])
    assert fixed_suite_interval(days).mean == pytest.approx(6.0)


def test_one_day_or_no_variation_has_no_interval() -> None:
    assert fixed_suite_interval(np.array([[8.0, 4.0]])).lower is None
    assert fixed_suite_interval(np.array([[8.0, 4.0], [8.0, 4.0]])).lower is None


@pytest.mark.parametrize("days", [np.empty((0, 2)), np.array([[1.0, np.nan]]), np.array([[1.0], [np.nan]])])
def test_a_day_or_a_scenario_without_a_value_is_refused(days: np.ndarray) -> None:
    with pytest.raises(ValueError, match="needs a mean"):
        fixed_suite_interval(days)
