from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.simulator.questions import QuestionIndex
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from scenarios.loader import Catalogue


@pytest.fixture(scope="module")
def questions(catalogue: Catalogue) -> QuestionIndex:
    return QuestionIndex(catalogue.scenarios.values())


def test_every_prompt_of_the_catalogue_is_found(questions: QuestionIndex, catalogue: Catalogue) -> None:
    for scenario in catalogue.scenarios.values():
        question = questions.find(instantiate(scenario).prompt)
        assert question is not None
        assert question.variant.scenario.id == scenario.id


def test_every_variant_is_found_with_its_own_solution(questions: QuestionIndex, catalogue: Catalogue) -> None:
    scenario = catalogue.scenarios["code-generation/task-0"]
    seen = set()
    for seed in (0, 1, 2, 40_001):
        variant = instantiate(scenario, seed)
        question = questions.find(variant.prompt)
        assert question is not None
        assert question.variant.reference == variant.reference
        seen.add(question.prompt_sha256)
    assert len(seen) == 3


def test_a_wrapped_prompt_is_found(questions: QuestionIndex, catalogue: Catalogue) -> None:
    scenario = catalogue.scenarios["sql/task-5"]
    prompt = instantiate(scenario).prompt.replace("\n", "\r\n  ")
    plain = questions.find(prompt)
    wrapped = questions.find(f"You are an expert.\n\n{prompt}\n\nThink step by step.")
    assert plain is not None
    assert wrapped == plain
    assert plain.variant.scenario.id == scenario.id


def test_the_longest_prompt_within_a_text_is_meant(questions: QuestionIndex, catalogue: Catalogue) -> None:
    shorter, longer = (
        instantiate(catalogue.scenarios[f"{name}"]) for name in ("bug-fixing/task-2", "code-review/task-10")
    )
    question = questions.find(f"{shorter.prompt}\n{longer.prompt}")
    assert question is not None
    assert question.variant.scenario.id == "code-review/task-10"


@pytest.mark.parametrize("text", ["", "What is the weather like?", "Write `add(number)`"])
def test_an_unknown_prompt_is_not_found(questions: QuestionIndex, text: str) -> None:
    assert questions.find(text) is None
