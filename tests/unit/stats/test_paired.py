"""Paired differences and Holm's adjustment against numbers of independent libraries.

Source of the vectors: shared/statistics/test_vectors.json, `paired` and `multitest`.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.stats.paired import all_pairs, holm, paired_difference, sign_flip_p_value

FIRST = dict(enumerate([8.9, 4.1, 7.0, 0.9, 9.5, 5.4, 6.6, 3.2]))
SECOND = dict(enumerate([8.1, 3.3, 7.2, 0.4, 9.1, 3.9, 5.0, 3.0]))
P_VALUES = [0.0004, 0.0071, 0.012, 0.021, 0.034, 0.049, 0.26, 0.51]
HOLM = [0.0032, 0.0497, 0.072, 0.105, 0.136, 0.147, 0.52, 0.52]

means = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 10).map(lambda value: round(value, 2)))


def named(values: dict[int, float]) -> dict[str, float]:
    return {str(key): value for key, value in values.items()}


def test_a_difference_is_the_published_one() -> None:
    found = paired_difference(named(FIRST), named(SECOND))
    assert found is not None
    assert found.mean == pytest.approx(0.7, rel=1e-12)
    assert found.standard_error == pytest.approx(0.21794494717703367, rel=1e-12)
    assert [found.lower, found.upper] == pytest.approx([0.18464209239307805, 1.2153579076069223])
    assert found.p_value == pytest.approx(0.0234375)


def test_beyond_twelve_scenarios_p_is_that_of_the_t_statistic() -> None:
    doubled = {f"{key}-{copy}": value for copy in range(2) for key, value in FIRST.items()}
    other = {f"{key}-{copy}": value for copy in range(2) for key, value in SECOND.items()}
    found = paired_difference(doubled, other)
    assert found is not None
    assert found.p_value is not None
    assert found.p_value == pytest.approx(2 * 0.00012, abs=2e-4)
    assert 0 < found.p_value < 0.0234375


def test_scenarios_of_one_target_alone_count_for_nothing() -> None:
    assert paired_difference(named(FIRST) | {"x": 10.0}, named(SECOND) | {"y": 0.0}) == paired_difference(
        named(FIRST), named(SECOND)
    )
    assert paired_difference({"x": 1.0}, {"y": 2.0}) is None


@pytest.mark.parametrize("scenarios", [1, 5])
def test_no_spread_is_no_certainty(scenarios: int) -> None:
    found = paired_difference(dict.fromkeys("abcde"[:scenarios], 7.5), dict.fromkeys("abcde"[:scenarios], 5.0))
    assert found is not None
    assert (found.mean, found.method, found.lower, found.p_value) == (2.5, "none", None, None)


def test_a_mean_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        paired_difference({"a": math.nan, "b": 1.0}, {"a": 1.0, "b": 1.0})


@given(means, means)
def test_the_other_way_round_only_the_sign_changes(first: dict[str, float], second: dict[str, float]) -> None:
    one, other = paired_difference(first, second), paired_difference(second, first)
    if one is None or other is None:
        assert one is other
        return
    assert one.mean == pytest.approx(-other.mean, abs=1e-12)
    assert one.p_value == other.p_value
    assert (one.lower is None) or one.lower == pytest.approx(-other.upper, abs=1e-9)  # type: ignore[operator]


def test_sign_flips_of_equal_signs_are_two_of_all_patterns() -> None:
    assert sign_flip_p_value([1.0] * 5) == 2 / 32


def test_holm_is_the_published_adjustment_in_any_order() -> None:
    assert holm(P_VALUES) == pytest.approx(HOLM)
    assert holm(P_VALUES[::-1]) == pytest.approx(HOLM[::-1])
    assert holm([]) == []


def test_pairs_are_adjusted_together_and_those_without_a_test_left_out() -> None:
    found = all_pairs({"a": named(FIRST), "b": named(SECOND), "c": {"0": 1.0}, "d": {"z": 1.0}})
    assert [(pair.first, pair.second) for pair in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [pair.holm_p_value for pair in found] == [pytest.approx(0.0234375), None, None]
