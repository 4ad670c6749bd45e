from __future__ import annotations

from dataclasses import dataclass

import pytest

from orchestration.stats.recommended_order import cost_per_solved_task_usd, recommended_order


@dataclass(frozen=True)
class Known:
    target_id: str
    score_mean: float
    half_width: float | None = 0.5
    cost_per_task_usd: float | None = 0.01
    latency_p50_ms: float | None = 1000.0
    is_preliminary: bool = False

    @property
    def score_ci95_lower(self) -> float | None:
        return None if self.half_width is None else self.score_mean - self.half_width

    @property
    def score_ci95_upper(self) -> float | None:
        return None if self.half_width is None else self.score_mean + self.half_width


def ordered(*standings: Known) -> list[list[str]]:
    return [[one.target_id for one in group] for group in recommended_order(standings)]


def test_a_cheaper_target_comes_first_only_where_it_cannot_be_told_from_the_best() -> None:
    best = Known("best", 9.0, cost_per_task_usd=0.05)
    near = Known("near", 8.4, cost_per_task_usd=0.01)
    far = Known("far", 8.2, cost_per_task_usd=0.001)
    assert ordered(best, near, far) == [["near", "best"], ["far"]]


def test_whether_two_are_tied_is_asked_of_their_difference_and_not_of_an_overlap() -> None:
    assert ordered(Known("a", 9.0), Known("b", 8.2)) == [["a"], ["b"]]
    assert ordered(Known("a", 9.0, 0.8), Known("b", 8.2)) == [["a", "b"]]


def test_every_group_is_what_is_tied_with_its_own_best() -> None:
    assert ordered(Known("a", 9.0), Known("b", 8.4), Known("c", 7.8), Known("d", 7.2)) == [["a", "b"], ["c", "d"]]


def test_wide_intervals_are_no_likeness() -> None:
    best, cheap = Known("best", 9.0, 4.0, cost_per_task_usd=0.05), Known("cheap", 7.9, 4.0, cost_per_task_usd=0.001)
    assert ordered(best, cheap) == [["best"], ["cheap"]]


def test_within_a_group_cost_of_a_solved_task_decides_then_latency_and_unknown_is_not_cheap() -> None:
    solves_less = Known("less", 4.1, 5.0, cost_per_task_usd=0.009)
    solves_more = Known("more", 5.0, 5.0, cost_per_task_usd=0.01)
    slow = Known("slow", 5.0, 5.0, cost_per_task_usd=0.01, latency_p50_ms=9000)
    unpriced = Known("unpriced", 5.0, 5.0, cost_per_task_usd=None)
    untimed = Known("untimed", 5.0, 5.0, cost_per_task_usd=0.01, latency_p50_ms=None)
    assert ordered(unpriced, untimed, solves_less, slow, solves_more) == [
        ["more", "slow", "untimed", "less", "unpriced"]
    ]


def test_preliminary_standings_follow_the_others_by_their_means_alone() -> None:
    few = Known("few", 10.0, None, is_preliminary=True)
    fewer = Known("fewer", 9.9, 3.0, cost_per_task_usd=0.001, is_preliminary=True)
    assert ordered(few, Known("more", 3.0), fewer) == [["more"], ["few"], ["fewer"]]


def test_nothing_solved_has_no_cost_of_a_solved_task() -> None:
    assert cost_per_solved_task_usd(Known("none", 0.0)) is None
    assert cost_per_solved_task_usd(Known("half", 5.0, cost_per_task_usd=0.01)) == pytest.approx(0.02)


def test_no_standings_have_no_order() -> None:
    assert ordered() == []
