"""The catalogue's own solutions are worth what their headers say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.scoring.registry import scorers
from scenarios.loader import load_catalogue
from scenarios.variants import Solution, Variant, instantiate

if TYPE_CHECKING:
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox

CATALOGUE = load_catalogue(Path(__file__).parents[3] / "scenarios", keep_going=True)
CASES = [
    pytest.param(variant, solution, id=f"{variant.scenario.id}-{solution.name}")
    for variant in map(instantiate, CATALOGUE.scenarios.values())
    for solution in variant.solutions
]


@pytest.mark.parametrize(("variant", "solution"), CASES)
def test_a_solution_scores_what_it_says(variant: Variant, solution: Solution, sandbox: NamespaceSandbox) -> None:
    language = variant.scenario.language
    answer = solution.text if language == "text" else f"Here it is.\n\n```{language}\n{solution.text}\n```\n"
    grade = scorers(sandbox)[variant.scenario.grader.kind].score(variant, answer)
    assert grade.score == pytest.approx(solution.expected_score, abs=0.051), [
        (check.name, check.detail) for check in grade.checks if not check.passed
    ]
    assert grade.is_format_ok
