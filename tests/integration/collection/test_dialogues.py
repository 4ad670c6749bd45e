"""Dialogues from the scenario's files to the score: asked over HTTP, archived whole, graded by their turns."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.collection.conversation import converse
from orchestration.providers.litellm_client import LiteLLMClient
from orchestration.providers.targets import load_targets
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.registry import scorers
from orchestration.settings import settings
from orchestration.simulator.conditions import Timeline
from orchestration.simulator.profiles import load_profiles
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import SimulatedModels
from scenarios.dialogue import ToolCall, Turn, read, written
from scenarios.errors import CatalogueError
from scenarios.loader import load_scenario
from scenarios.variants import Variant, instantiate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.providers.interface import Completion
    from orchestration.providers.targets import Target

HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
CANARY = "aibaas-canary-00000000-0000-4000-8000-000000000001"
FILES = {
    "scenario.yaml": f"""\
id: api-use/parcel-desk
version: 1
title: Say where a parcel is
family: api-use
difficulty: easy
licence: MIT
created: 2026-11-26
canary: {CANARY}
max_output_tokens: 200
answer: {{kind: text}}
grader: {{kind: text}}
parameters:
  parcel: [P-17, P-18]
""",
    "prompt.md": "Where is the parcel {{parcel}}? Ask the tools, answer with the city alone.\n",
    "tests/dialogue.yaml": """\
tools:
  - name: find_parcel
    description: The depot that holds a parcel.
    parameters:
      type: object
      properties: {parcel_id: {type: string}}
      required: [parcel_id]
      additionalProperties: false
    results:
      - when: {parcel_id: "{{parcel}}"}
        gives: [{error: "try again"}, {depot: 4}]
  - name: city_of_depot
    description: The city that a depot lies in.
    parameters: {type: object, properties: {depot: {type: integer}}, required: [depot]}
    results:
      - when: {depot: 4}
        gives: [Ghent]
follow_ups:
  - Are you sure? I think that it is in Bruges.
""",
    "tests/checks.yaml": f"""\
# {CANARY}
- {{name: first answer, weight: 2, kind: equals, expected: Ghent, turn: 0}}
- {{name: last answer, weight: 4, kind: equals, expected: Ghent}}
- {{name: tries again, weight: 2, kind: tool_calls, tool: find_parcel, at_least: 2, at_most: 2}}
- name: asks for the city
  weight: 2
  kind: tool_calls
  tool: city_of_depot
  arguments: {{depot: 4.0}}
  after: find_parcel
""",
    "solutions/reference.yaml": """\
# score: 10
- calls: [{tool: find_parcel, arguments: {parcel_id: "{{parcel}}"}}]
- calls: [{tool: find_parcel, arguments: {parcel_id: "{{parcel}}"}}]
- calls: [{tool: city_of_depot, arguments: {depot: 4}}]
- text: Ghent
- text: Ghent
""",
    "solutions/wrong_caves.yaml": """\
# score: 6 - gives in
- calls: [{tool: find_parcel, arguments: {parcel_id: "{{parcel}}"}}]
- calls: [{tool: find_parcel, arguments: {parcel_id: "{{parcel}}"}}]
- calls: [{tool: city_of_depot, arguments: {depot: 4}}]
- text: Ghent
- text: Bruges
""",
    "solutions/wrong_guesses.yaml": """\
# score: 0 - asks in a form that does not exist and guesses
- calls: [{tool: find_parcel, arguments: {id: "{{parcel}}"}}, {tool: locate, arguments: {}}]
- text: Antwerp
- text: Bruges
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "core" / "api-use" / "parcel-desk"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def variant(folder: Path) -> Variant:
    return instantiate(load_scenario(folder))


@pytest.fixture
def targets(variant: Variant) -> Iterator[dict[str, Target]]:
    models = SimulatedModels(load_profiles(), [variant.scenario], Timeline(HOUR.date()))
    with serving(build_app(models)) as url:
        found = load_targets(settings().targets_file, environment={}, simulator_url=url)
        yield {target.target_id: target for target in found if target.is_simulated}


def hold(target: Target, variant: Variant, at: datetime) -> Completion:
    async def run() -> Completion:
        async with LiteLLMClient() as client:
            return await converse(client, target, variant, scheduled_for=at, deadline_s=180)

    return asyncio.run(run())


def test_solutions_are_worth_what_they_say_and_calls_are_counted(variant: Variant) -> None:
    scorer = scorers(NamespaceSandbox())["text"]
    grades = {solution.name: scorer.score(variant, solution.text) for solution in variant.solutions}
    assert {name: grade.score for name, grade in grades.items()} == {
        solution.name: solution.expected_score for solution in variant.solutions
    }
    assert (grades["reference"].tool_call_count, grades["reference"].valid_tool_call_count) == (3, 3)
    assert (grades["wrong_guesses"].tool_call_count, grades["wrong_guesses"].valid_tool_call_count) == (2, 0)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=1)], ids=["live", "past"])
def test_a_dialogue_is_held_to_its_end_and_comes_back_whole(
    variant: Variant, targets: dict[str, Target], ago: timedelta
) -> None:
    known = {solution.text for solution in variant.solutions}
    completion = hold(targets["sim-atlas"], variant, HOUR - ago)
    assert written(read(completion.text, is_dialogue=True)) == completion.text
    said = [(turn.text, [(call.tool, json.loads(call.arguments)) for call in turn.calls]) for turn in turns(completion)]
    assert said in [
        [
            (turn.text, [(call.tool, json.loads(call.arguments)) for call in turn.calls])
            for turn in read(text, is_dialogue=True)
        ]
        for text in known
    ]
    assert completion.latency_ms > (completion.time_to_first_token_ms or 0) > 0
    assert (completion.finished_at - completion.started_at).total_seconds() * 1000 >= completion.latency_ms * 0.99
    assert completion.usage.input_tokens is not None
    assert completion.try_count == 1


@pytest.mark.parametrize(
    ("asked", "points"), [(["P-17"], 10.0), (["P-17", "P-18", "P-17"], 10.0), (["P-17", "P-19"], 0.0), ([], 0.0)]
)
def test_calls_with_other_arguments_than_the_allowed_ones_are_found(
    folder: Path, asked: list[str], points: float
) -> None:
    checks = f"""\
# {CANARY}
- {{name: asks, weight: 0, kind: tool_calls, tool: find_parcel}}
- name: asks for nothing else
  weight: 1
  kind: tool_calls
  tool: find_parcel
  other_than: [{{parcel_id: P-17}}, {{parcel_id: P-18}}]
  at_least: 0
  at_most: 0
  needs: [asks]
"""
    (folder / "tests" / "checks.yaml").write_text(checks, encoding="utf-8")
    turn = Turn(calls=tuple(ToolCall(tool="find_parcel", arguments=f'{{"parcel_id": "{parcel}"}}') for parcel in asked))
    answer = written([turn, Turn(text="Ghent"), Turn(text="Ghent")])
    assert scorers(NamespaceSandbox())["text"].score(instantiate(load_scenario(folder)), answer).score == points


def turns(completion: Completion) -> tuple[Turn, ...]:
    return read(completion.text, is_dialogue=True)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("solutions/reference.yaml", "- text: Ghent\n- text: Ghent\n", "- text: Ghent\n", "goes on behind this turn"),
        (
            "solutions/reference.yaml",
            "- text: Ghent\n- text",
            "- text: Ghent\n- text: x\n- text",
            "is over before this turn",
        ),
        ("solutions/wrong_caves.yaml", "tool: city_of_depot", "name: city_of_depot", "wrong_caves.yaml:4"),
        ("tests/dialogue.yaml", "type: object\n", "type: objekt\n", "not a JSON schema"),
        ("tests/dialogue.yaml", "name: city_of_depot", "name: find_parcel", "two tools are called find_parcel"),
    ],
)
def test_a_dialogue_that_cannot_be_held_is_refused(folder: Path, file: str, old: str, new: str, reason: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=reason):
        load_scenario(folder)
