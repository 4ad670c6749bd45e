"""Every reference scores 10 and every wrong solution exactly what its header says, by the product's own graders.

Not here: how the graders work (tests of orchestration.scoring).
"""

from __future__ import annotations

import pytest

from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.registry import scorers
from scenarios.loader import load_catalogue
from scenarios.schema import PUBLIC_SEED, SCHEMA_FILE, Scenario
from scenarios.variants import Variant, instantiate, variant_count

CATALOGUE = load_catalogue(SCHEMA_FILE.parent)
SCORERS = scorers(NamespaceSandbox())


def seeds_of(scenario: Scenario) -> list[int]:
    """The public variant and a fresh one, where there is one."""
    return list(range(PUBLIC_SEED, min(2, variant_count(scenario))))


CASES = [(scenario_id, seed) for scenario_id, scenario in CATALOGUE.scenarios.items() for seed in seeds_of(scenario)]


def as_a_model_answers(variant: Variant, text: str) -> str:
    """A solution in the form that the prompt asks for."""
    language = variant.scenario.language
    return text if language == "text" else f"```{language}\n{text}```\n"


@pytest.mark.parametrize(("scenario_id", "seed"), CASES)
def test_solutions_score_what_they_say(scenario_id: str, seed: int) -> None:
    variant = instantiate(CATALOGUE.scenarios[scenario_id], seed)
    scorer = SCORERS[variant.scenario.grader.kind]
    grades = {item.name: scorer.score(variant, as_a_model_answers(variant, item.text)) for item in variant.solutions}
    assert {name: grade.score for name, grade in grades.items()} == {
        item.name: item.expected_score for item in variant.solutions
    }, {name: [check for check in grade.checks if not check.passed] for name, grade in grades.items()}
    assert all(grade.is_format_ok and not grade.is_refusal for grade in grades.values())
