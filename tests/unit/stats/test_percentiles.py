"""Percentiles by exact order statistics. How often their intervals hold the truth is measured in tests/benchmarks."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from orchestration.stats.percentiles import percentile


@pytest.mark.parametrize(("share", "value"), [(0.01, 1), (0.5, 50), (0.9, 90), (0.95, 95), (0.99, 99), (0.991, 100)])
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(share: float, value: float) -> None:
    found = percentile([float(number) for number in range(100, 0, -1)], share)
    assert found is not None
    assert found.value == value


def test_the_interval_of_a_median_is_that_of_the_binomial_distribution() -> None:
    """For n = 100: x_(40) to x_(61), which hold the median with 96.5% (David and Nagaraja 2003, section 7.1)."""
    found = percentile([float(number) for number in range(1, 101)], 0.5)
    assert found is not None
    assert (found.lower, found.upper) == (40, 61)
    assert 0.95 <= binom.cdf(60, 100, 0.5) - binom.cdf(39, 100, 0.5) < 0.97


def test_too_few_values_leave_a_bound_open() -> None:
    found = percentile([1.0, 2.0, 3.0], 0.99)
    assert found is not None
    assert (found.value, found.upper) == (3.0, None)
    assert percentile([], 0.5) is None


@pytest.mark.parametrize("share", [0.0, 1.0, 95.0])
def test_a_share_outside_0_and_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        percentile([1.0], share)
