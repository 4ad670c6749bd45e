"""Rank ranges: what they must hold and what must not change them. Their coverage is measured in tests/benchmarks."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.stats.ranking import RankRange, rank_ranges


def field(abilities: list[float], scenarios: int, noise: float) -> dict[str, dict[str, float]]:
    draw = np.random.default_rng(7)
    hard = draw.uniform(0, 3, scenarios)
    return {
        f"t{number}": {f"s{s}": float(ability - hard[s] + noise * draw.standard_normal()) for s in range(scenarios)}
        for number, ability in enumerate(abilities)
    }


def test_targets_far_apart_have_one_rank_each() -> None:
    assert rank_ranges(field([9.0, 7.0, 5.0], 20, 0.2), seed=1) == {
        "t0": RankRange(1, 1), "t1": RankRange(2, 2), "t2": RankRange(3, 3)
    }  # fmt: skip


def test_targets_that_nothing_tells_apart_share_all_ranks() -> None:
    ranges = rank_ranges(field([6.0, 6.0, 6.0, 6.0], 12, 1.0), seed=1)
    assert ranges is not None
    assert set(ranges.values()) == {RankRange(1, 4)}


def test_paired_noise_does_not_hide_a_constant_distance() -> None:
    """Scenarios differ by points, the targets by 0.3 on each: the pairing sees it."""
    assert rank_ranges(field([6.3, 6.0], 12, 0.02), seed=1) == {"t0": RankRange(1, 1), "t1": RankRange(2, 2)}


def test_equal_targets_and_equal_seeds_give_equal_ranges() -> None:
    means = field([6.0, 5.5, 5.0], 12, 1.0)
    assert rank_ranges(means, seed=3) == rank_ranges(dict(reversed(means.items())), seed=3)
    twins = rank_ranges({"a": means["t0"], "b": dict(means["t0"])}, seed=3)
    assert twins == {"a": RankRange(1, 2), "b": RankRange(1, 2)}


def test_a_difference_without_any_spread_is_certain_only_within_the_sample() -> None:
    base = {f"s{number}": float(number) for number in range(6)}
    shifted = {name: value + 1 for name, value in base.items()}
    assert rank_ranges({"a": base, "b": shifted}, seed=1) == {"a": RankRange(2, 2), "b": RankRange(1, 1)}


@pytest.mark.parametrize("scenarios", [0, 4])
def test_fewer_than_five_common_scenarios_give_no_ranges(scenarios: int) -> None:
    assert rank_ranges(field([6.0, 5.0], scenarios, 1.0), seed=1) is None


def test_no_target_has_no_range() -> None:
    assert rank_ranges({}, seed=1) is None
