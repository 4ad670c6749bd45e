"""The order of models that fit, from their paired differences."""

from __future__ import annotations

from typing import Any

from api.recommendations.order import Differences, ordered, recommended, verdict_of
from api.recommendations.schemas import Recommended


def row(name: str, score_mean: float, cost: float | None = 1.0, **changes: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(
        name
        for name, field in Recommended.model_fields.items()
        if type(None) in getattr(field.annotation, "__args__", ())
    )
    known = {
        "target_id": name,
        "label": name.upper(),
        "provider": "acme",
        "is_simulated": False,
        "score_mean": score_mean,
        "cost_per_solved_task_usd": cost,
        "asked_count": 10,
        "response_count": 10,
        "priced_count": 10,
        "streamed_count": 10,
        "scored_count": 10,
        "scenario_count": 3,
        "is_preliminary": False,
    }
    return unknown | known | changes


def difference(one: str, other: str, mean: float, half: float | None = 0.5) -> dict[str, Any]:
    return {
        "target_id": one,
        "other_target_id": other,
        "score_difference": mean,
        "score_difference_ci95_lower": None if half is None else mean - half,
        "score_difference_ci95_upper": None if half is None else mean + half,
    }


def names(groups: list[list[dict[str, Any]]]) -> list[str]:
    return ["".join(row["target_id"] for row in group) for group in groups]


def test_the_tied_follow_each_other_by_cost_with_the_unknown_last() -> None:
    rows = [row("a", 9.0, 3.0), row("b", 8.8, 1.0), row("c", 8.9, None), row("d", 5.0, 0.1)]
    found = Differences([difference("a", "b", 0.2), difference("a", "c", 0.1), difference("a", "d", 4.0)])
    assert names(ordered(rows, found)) == ["bac", "d"]


def test_a_difference_holds_either_way_round() -> None:
    rows = [row("a", 8.8, 1.0), row("b", 9.0, 3.0)]
    assert names(ordered(rows, Differences([difference("a", "b", -0.2)]))) == ["ab"]
    assert names(ordered(rows, Differences([difference("a", "b", -0.9)]))) == ["b", "a"]


def test_wide_intervals_no_interval_and_thin_standings_are_no_tie() -> None:
    rows = [row("a", 9.0), row("b", 7.0)]
    assert names(ordered(rows, Differences([difference("a", "b", 2.0, half=5.0)]))) == ["a", "b"]
    assert names(ordered(rows, Differences([difference("a", "b", 0.0, half=None)]))) == ["a", "b"]
    assert names(ordered(rows, Differences([]))) == ["a", "b"]
    thin = [row("a", 9.0, is_preliminary=True), row("b", 7.0)]
    assert names(ordered(thin, Differences([difference("a", "b", 0.1)]))) == ["b", "a"]


def test_a_fallback_of_another_provider_is_told() -> None:
    rows = [row("a", 9.0, 2.0), row("b", 8.9, 1.0, provider="other")]
    found = Differences([difference("a", "b", 0.1)])
    choice, fallback = recommended(ordered(rows, found), found, limit=5)
    assert (choice.target_id, choice.role, choice.is_other_provider) == ("b", "choice", False)
    assert (fallback.target_id, fallback.role, fallback.is_other_provider) == ("a", "fallback", True)
    assert fallback.reasons == ["the highest mean of those that fit", "another provider than B"]


def test_the_verdict_says_how_much_it_rests_on() -> None:
    alone = recommended([[row("a", 9.0)]], Differences([]), limit=1)
    assert verdict_of(alone, fitting_count=1) == "Take A: it is the only model that fits."
    assert verdict_of(alone, fitting_count=3) == "Take A: it has the highest mean of the 3 models that fit."
    thin = recommended([[row("a", 9.0, is_preliminary=True)]], Differences([]), limit=1)
    assert "little is measured yet" in verdict_of(thin, fitting_count=2)
    assert verdict_of([], fitting_count=0) == "No measured model fits these limits."
