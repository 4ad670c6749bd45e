"""What paired differences come to in words."""

from __future__ import annotations

from typing import Any

import pytest

from api.compare.schemas import ComparedModel
from api.compare.verdict import pairs_of, verdict_of


def model(name: str, score_mean: float | None = 8.0, **changes: Any) -> ComparedModel:
    numbers = dict.fromkeys(
        name
        for name, field in ComparedModel.model_fields.items()
        if type(None) in getattr(field.annotation, "__args__", ())
    )
    known = {
        "target_id": name,
        "label": name.upper(),
        "provider": "acme",
        "is_simulated": False,
        "score_mean": score_mean,
        "asked_count": 10,
        "response_count": 10,
        "priced_count": 10,
        "streamed_count": 10,
        "scored_count": 10,
        "scenario_count": 3,
        "is_preliminary": False,
    }
    return ComparedModel.model_validate(numbers | known | changes)


def row(one: str, other: str, mean: float, holm: float | None, count: int = 12) -> dict[str, Any]:
    bounds = (None, None) if holm is None else (mean - 1, mean + 1)
    return {
        "target_id": one,
        "other_target_id": other,
        "scenario_count": count,
        "score_difference": mean,
        "score_difference_ci95_lower": bounds[0],
        "score_difference_ci95_upper": bounds[1],
        "p_value": holm,
        "holm_p_value": holm,
        "compared_count": 3,
        "interval_method": "none" if holm is None else "paired_t",
        "scorer_versions": "sql:2",
    }


def verdict(models: list[ComparedModel], *rows: dict[str, Any]) -> str:
    return verdict_of(models, pairs_of(models, rows))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            [row("a", "b", 2.0, 0.01)],
            "A scores 2.00 points higher than B on the same 12 tasks (95% interval 1.00 to 3.00).",
        ),
        (
            [row("a", "b", -2.0, 0.01)],
            "A scores 2.00 points lower than B on the same 12 tasks (95% interval \u22123.00 to \u22121.00).",
        ),
        (
            [row("a", "b", 0.5, 0.05)],
            "A and B can't be told apart on the same 12 tasks (95% interval \u22120.50 to 1.50 points).",
        ),
        (
            [row("a", "b", 0.5, None, count=1)],
            "A and B can't be told apart: the same 1 task without a spread give no interval.",
        ),
        ([], "A and B are not compared: no task has scores of both in this window."),
    ],
)
def test_two_models_are_told_apart_or_not(found: list[dict[str, Any]], said: str) -> None:
    assert verdict([model("a"), model("b")], *found) == said


def test_a_simulated_and_a_real_model_are_not_compared() -> None:
    said = verdict([model("a"), model("b", is_simulated=True)])
    assert said == "A and B are not compared: one is simulated, the other is real."


def test_what_is_thin_is_said() -> None:
    said = verdict([model("a"), model("b", is_preliminary=True)], row("a", "b", 2.0, 0.01))
    assert said.endswith("; preliminary, as there is little of B yet.")


def test_the_best_of_several_stands_against_each_other_one() -> None:
    models = [model("a", 5.0), model("b", 9.0), model("c", 7.0), model("d", 8.0)]
    said = verdict(models, row("a", "b", -4.0, 0.01), row("b", "c", 2.0, 0.001), row("b", "d", 1.0, 0.3))
    assert said == "B has the highest mean: it scores higher than A and C; it can't be told apart from D."


def test_three_models_without_scores_have_nothing_to_tell() -> None:
    assert verdict([model(name, None) for name in "abc"]) == "None of the models has a score in this window."
