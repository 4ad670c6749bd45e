"""pass@k and pass^k against published numbers; source: shared/statistics/test_vectors.json, `pass_at_k`."""

from __future__ import annotations

import pytest

from orchestration.stats.repeated_attempts import pass_at_k, pass_at_k_interval, pass_hat_k, pass_hat_k_interval


@pytest.mark.parametrize(
    ("attempts", "solved", "k", "share"),
    [(10, 3, 1, 0.3), (10, 3, 5, 0.9166666666666666), (200, 13, 10, 0.4975511147306061), (5, 0, 3, 0.0),
     (5, 5, 3, 1.0), (5, 3, 3, 1.0)],
)  # fmt: skip
def test_one_of_k_is_the_published_share(attempts: int, solved: int, k: int, share: float) -> None:
    assert pass_at_k(attempts, solved, k) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(("solved", "k", "share"), [(3, 1, 0.3), (3, 2, 3 / 45), (3, 4, 0.0), (10, 10, 1.0)])
def test_each_of_k_is_the_share_of_solved_subsets(solved: int, k: int, share: float) -> None:
    assert pass_hat_k(10, solved, k) == pytest.approx(share)


@pytest.mark.parametrize("case", [(5, 3, 6), (5, 3, 0), (5, 6, 1), (5, -1, 1)])
def test_what_the_attempts_cannot_say_is_refused(case: tuple[int, int, int]) -> None:
    for share in (pass_at_k, pass_hat_k):
        with pytest.raises(ValueError, match="must hold"):
            share(*case)


def test_an_interval_lies_within_0_and_1_and_holds_its_share() -> None:
    for interval in (pass_at_k_interval, pass_hat_k_interval):
        found = interval([(10, 10), (10, 9), (10, 10), (10, 2)], 3)
        assert found.lower is not None
        assert found.upper is not None
        assert 0 < found.lower < found.share < found.upper < 1


def test_all_solved_is_no_certainty_and_more_scenarios_say_more() -> None:
    few, many = (pass_at_k_interval([(10, 10)] * count, 1) for count in (5, 50))
    assert (few.share, many.share) == (1.0, 1.0)
    assert few.lower is not None
    assert many.lower is not None
    assert few.lower < many.lower < 1


def test_one_scenario_has_no_interval_and_none_is_refused() -> None:
    assert pass_at_k_interval([(4, 2)], 1).lower is None
    with pytest.raises(ValueError, match="at least one scenario"):
        pass_at_k_interval([], 1)
