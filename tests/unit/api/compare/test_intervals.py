"""The interval of a scenario's mean: Student's quantile, days as draws, and nothing said where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from api.compare.intervals import FEWEST_DAYS, interval_of, t_quantile


@pytest.mark.parametrize("degrees", [*range(FEWEST_DAYS - 1, 12), 29, 89])
def test_the_quantile_is_students(degrees: int) -> None:
    assert t_quantile(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=0.002)


def test_days_of_equal_counts_have_the_ordinary_interval_of_their_mean() -> None:
    days = [6.0, 7.0, 5.5, 6.5, 7.5]
    exact = stats.t.interval(0.95, 4, loc=np.mean(days), scale=stats.sem(days))
    assert interval_of(days, [24] * 5) == pytest.approx(exact, abs=0.002)


def test_a_day_of_few_answers_moves_it_little() -> None:
    days = [6.0, 7.0, 6.0, 7.0, 0.0]
    few, many = interval_of(days, [24, 24, 24, 24, 1]), interval_of(days, [24] * 5)
    assert few is not None
    assert many is not None
    assert few[1] - few[0] < (many[1] - many[0]) / 3


@pytest.mark.parametrize("days", [[5.0], [5.0, 6.0, 7.0], [10.0] * 30])
def test_too_few_days_and_days_that_are_all_equal_say_nothing(days: list[float]) -> None:
    assert interval_of(days, [24] * len(days)) is None


def test_it_covers_the_mean_of_drawn_days_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(7)
    found = [interval_of(list(days), [24] * 7) for days in generator.normal(5, 0.5, (2000, 7))]
    covered = np.mean([interval is not None and interval[0] <= 5 <= interval[1] for interval in found])
    assert 0.935 <= covered <= 0.965


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(1, 500)), min_size=FEWEST_DAYS, max_size=90))
def test_it_holds_the_mean_and_stays_within_the_scale(days: list[tuple[float, int]]) -> None:
    means, counts = zip(*days, strict=True)
    interval = interval_of(means, counts)
    if interval is not None:
        assert 0 <= interval[0] <= np.average(means, weights=counts) + 1e-9
        assert np.average(means, weights=counts) - 1e-9 <= interval[1] <= 10
