"""Projected costs against a published example; source: shared/statistics/test_vectors.json."""

from __future__ import annotations

import math

import pytest

from orchestration.stats.projections import project, variance_of_mean

DAILY = [41.2, 40.1, 43.0, 39.8, 42.2, 37.0, 36.5, 41.9, 40.8, 42.6, 40.2, 41.1, 36.8, 37.4]


def test_a_projection_without_weekdays_is_the_published_one() -> None:
    found = project(DAILY, 30, period=1, phi=0.0)
    assert found is not None
    assert found.total == pytest.approx(1201.2857142857142)
    assert [found.lower, found.upper] == pytest.approx([1154.086015679221, 1248.4854128922075])


@pytest.mark.parametrize(
    ("count", "variance"),
    [(1, 1.0), (2, 0.925), (3, 0.8716666666666667), (24, 0.38537003238459994), (168, 0.07073570168808631)],
)
def test_the_variance_of_a_mean_of_related_values_is_the_published_one(count: int, variance: float) -> None:
    assert variance_of_mean(0.85, count) == pytest.approx(variance, rel=1e-12)


def test_weekdays_go_on_from_the_last_day() -> None:
    """Two weeks that end on a Tuesday: the next day is a Wednesday."""
    week = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    for horizon, total in ((1, 1.0), (3, 6.0), (8, 29.0)):
        found = project(week * 2, horizon)
        assert found is not None
        assert found.total == pytest.approx(total)
        assert found.lower == pytest.approx(total)


def test_related_days_widen_the_interval() -> None:
    loose, tight = project(DAILY, 30, phi=0.6), project(DAILY, 30, phi=0.0)
    assert loose is not None
    assert tight is not None
    assert loose.upper - loose.lower > tight.upper - tight.lower


def test_less_than_two_weeks_say_nothing_and_a_gap_is_refused() -> None:
    assert project(DAILY[:13], 30) is None
    with pytest.raises(ValueError, match="not a finite number"):
        project([*DAILY[:13], math.nan], 30)
