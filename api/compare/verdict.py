"""What paired differences come to: an outcome per pair, and one sentence for all.

Not here: the differences themselves; the warehouse has computed them.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from api.compare.schemas import SIGNIFICANCE, ComparedPair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.compare.schemas import ComparedModel
    from api.database import Row

MIRRORED = {"higher": "lower", "lower": "higher"}
NOTHING: dict[str, Any] = {
    "outcome": "not_compared",
    "scenario_count": 0,
    **dict.fromkeys(
        (
            "score_difference",
            "score_difference_ci95_lower",
            "score_difference_ci95_upper",
            "p_value",
            "holm_p_value",
            "compared_count",
            "interval_method",
            "scorer_versions",
        )
    ),
}


def pairs_of(models: Sequence[ComparedModel], rows: Iterable[Row]) -> list[ComparedPair]:
    """Every two models in their order; a row of the warehouse has the target first that sorts first."""
    found = {frozenset((row["target_id"], row["other_target_id"])): row for row in rows}
    return [
        _pair(one, other, found.get(frozenset((one.target_id, other.target_id))))
        for one, other in combinations(models, 2)
    ]


def _pair(one: ComparedModel, other: ComparedModel, row: Row | None) -> ComparedPair:
    names = {"target_id": one.target_id, "other_target_id": other.target_id}
    if row is None:
        reason = "no_common_scenario" if one.is_simulated == other.is_simulated else "simulated_and_real"
        return ComparedPair.model_validate({**NOTHING, **names, "reason": reason})
    turned = row if row["target_id"] == one.target_id else _turned(row)
    return ComparedPair.model_validate({**turned, **names, **_outcome(turned)})


def _turned(row: Row) -> Row:
    """The same difference the other way round."""
    lower, upper = row["score_difference_ci95_lower"], row["score_difference_ci95_upper"]
    return {
        **row,
        "score_difference": -row["score_difference"],
        "score_difference_ci95_lower": None if upper is None else -upper,
        "score_difference_ci95_upper": None if lower is None else -lower,
    }


def _outcome(row: Row) -> dict[str, str | None]:
    if row["holm_p_value"] is None:
        return {"outcome": "not_told_apart", "reason": "no_interval"}
    if row["holm_p_value"] >= SIGNIFICANCE:
        return {"outcome": "not_told_apart", "reason": None}
    return {"outcome": "higher" if row["score_difference"] > 0 else "lower", "reason": None}


def verdict_of(models: Sequence[ComparedModel], pairs: Sequence[ComparedPair]) -> str:
    """One sentence for two models, or about the best of several."""
    labels = {model.target_id: model.label for model in models}
    said = _of_two(pairs[0], labels) if len(models) == 2 else _of_several(models, pairs, labels)  # noqa: PLR2004
    thin = [model.label for model in models if model.is_preliminary and model.score_mean is not None]
    return f"{said[:-1]}; preliminary, as there is little of {_listed(thin)} yet." if thin else said


def _of_two(pair: ComparedPair, labels: dict[str, str]) -> str:
    one, other = labels[pair.target_id], labels[pair.other_target_id]
    if pair.reason == "simulated_and_real":
        return f"{one} and {other} are not compared: one is simulated, the other is real."
    if pair.reason == "no_common_scenario":
        return f"{one} and {other} are not compared: no task has scores of both in this window."
    if pair.reason == "no_interval":
        return f"{one} and {other} can't be told apart: {_tasks(pair)} without a spread give no interval."
    if pair.outcome == "not_told_apart":
        return f"{one} and {other} can't be told apart on {_tasks(pair)} ({_interval(pair)} points)."
    points = abs(pair.score_difference or 0.0)
    return f"{one} scores {points:.2f} points {pair.outcome} than {other} on {_tasks(pair)} ({_interval(pair)})."


def _of_several(models: Sequence[ComparedModel], pairs: Sequence[ComparedPair], labels: dict[str, str]) -> str:
    scored = [model for model in models if model.score_mean is not None]
    if not scored:
        return "None of the models has a score in this window."
    best = max(scored, key=lambda model: model.score_mean or 0.0)
    outcomes = {other: labels[other] for other in labels if other != best.target_id}
    groups: dict[str, list[str]] = {"higher": [], "lower": [], "not_told_apart": [], "not_compared": []}
    for pair in pairs:
        if best.target_id in (pair.target_id, pair.other_target_id):
            is_first = pair.target_id == best.target_id
            outcome = pair.outcome if is_first else MIRRORED.get(pair.outcome, pair.outcome)
            groups[outcome].append(outcomes[pair.other_target_id if is_first else pair.target_id])
    return f"{best.label} has the highest mean: {'; '.join(_clauses(groups))}."


def _clauses(groups: dict[str, list[str]]) -> list[str]:
    said = {
        "higher": "it scores higher than {}",
        "lower": "on the tasks in common it scores lower than {}",
        "not_told_apart": "it can't be told apart from {}",
        "not_compared": "it is not compared with {}",
    }
    return [clause.format(_listed(groups[outcome])) for outcome, clause in said.items() if groups[outcome]]


def _tasks(pair: ComparedPair) -> str:
    return f"the same {pair.scenario_count} task{'' if pair.scenario_count == 1 else 's'}"


def _interval(pair: ComparedPair) -> str:
    interval = f"95% interval {pair.score_difference_ci95_lower:.2f} to {pair.score_difference_ci95_upper:.2f}"
    return interval.replace("-", "\N{MINUS SIGN}")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
