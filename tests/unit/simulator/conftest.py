"""A small catalogue on disk: twelve scenarios in six families, one of them with parameters."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.simulator.conditions import Timeline
from orchestration.simulator.exchange import Call
from orchestration.simulator.profiles import load_profiles
from orchestration.simulator.simulated_models import SimulatedModels
from scenarios.loader import Catalogue, load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = ("code-generation", "bug-fixing", "sql", "data-wrangling", "shell-config", "code-review")
WRONG_SCORES = ((8.5, 5, 2), (7, 4), (6, 3.5, 1), (9, 2.5))
ANCHOR = date(2026, 11, 20)


def write_scenario(root: Path, family: str, number: int, parameters: str = "{}") -> None:
    folder = root / "core" / family / f"task-{number}"
    (folder / "tests").mkdir(parents=True)
    (folder / "solutions").mkdir()
    canary = f"aibaas-canary-{uuid.UUID(int=number, version=4)}"
    (folder / "scenario.yaml").write_text(
        f"id: {family}/task-{number}\nversion: 1\ntitle: Task {number} of {family}\nfamily: {family}\n"
        f"difficulty: easy\nlicence: MIT\ncreated: 2026-11-01\ncanary: {canary}\nmax_output_tokens: 400\n"
        "answer: {kind: code, language: python, entry: add}\ngrader: {kind: function}\n"
        f"parameters: {parameters}\n"
    )
    step = "{{step}}" if parameters != "{}" else str(number)
    (folder / "prompt.md").write_text(
        f"Write `add(number)` for {family}, task {number}:\nit returns the number plus {step}.\n"
    )
    (folder / "tests" / "checks.yaml").write_text(
        f"# {canary}\n- name: adds\n  weight: 1\n  calls: [{{args: [1], expected: 2}}]\n"
    )
    body = f"def add(number):\n    return number + {step}\n"
    (folder / "solutions" / "reference.py").write_text(f"# score: 10\n{body}")
    for index, score in enumerate(WRONG_SCORES[number % len(WRONG_SCORES)]):
        text = f"# score: {score} - off by {index + 1}\n{body.rstrip()} + {index + 1}\n"
        (folder / "solutions" / f"wrong_by_{index + 1}.py").write_text(text)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    root = tmp_path_factory.mktemp("scenarios")
    for number in range(12):
        parameters = "{step: [7, 8, 9]}" if number == 0 else "{}"
        write_scenario(root, FAMILIES[number // 2], number, parameters)
    ids = "".join(f"      - {FAMILIES[number // 2]}/task-{number}\n" for number in range(12))
    suites = f"suites:\n  - name: canary\n    version: 1\n    cadence: hourly\n    scenario_ids:\n{ids}"
    (root / "suites.yaml").write_text(suites)
    return load_catalogue(root)


@pytest.fixture(scope="session")
def models(catalogue: Catalogue) -> SimulatedModels:
    return SimulatedModels(load_profiles(), catalogue.scenarios.values(), Timeline(ANCHOR))


def call(model: str, text: str, *, max_tokens: int | None = None, sample: int = 0) -> Call:
    return Call(model, (text,), max_tokens, is_streamed=False, includes_usage=False, sample=sample)


def hour(days_before: int, at: int = 0) -> datetime:
    return datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day - days_before, at, tzinfo=UTC)
