"""`aibaas scenarios import` derives a further check: what it notices, what it leaves alone, how it counts."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.registry import scorers
from orchestration.settings import PROJECT_ROOT
from scenarios.checks import AssertsCheck
from scenarios.loader import load_catalogue
from scenarios.variants import instantiate
from tests.integration.cli.test_packs import contents, lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.sandbox.interface import Sandbox
    from scenarios.schema import Scenario


def row(number: int, body: str, tests: str) -> dict[str, Any]:
    return {
        "task_id": f"HumanEval/{number}",
        "prompt": 'def f(items):\n    """What the items come to."""\n',
        "canonical_solution": body,
        "test": f"def check(candidate):\n{tests}",
        "entry_point": "f",
    }


BIG = row(
    0,
    "    return [item for item in items if item > 4]\n",
    "    assert candidate([1, 9, 3]) == [9]\n    assert candidate([2, 6, 0, 8]) == [6, 8]\n"
    "    assert candidate([7, 1]) == [7]\n",
)
SLOW = row(
    1,
    "    total = 0\n    while items:\n        total += items.pop()\n    return total\n",
    "    assert candidate([1, 9, 3]) == 13\n    assert candidate([2, 6, 0, 8]) == 16\n",
)
RAISES = row(
    2,
    "    return [12 // item for item in items]\n",
    "    assert candidate([1, 3]) == [12, 4]\n    assert candidate([2, -2, 4]) == [6, -6, 3]\n",
)
FIRST = row(
    3,
    "    return max(items, key=lambda item: item % 10)\n",
    "    assert candidate([13, 27, 41]) == 27\n    assert candidate([19, 2, 30, 55]) == 19\n"
    "    assert candidate([8, 24]) == 8\n",
)
ANY_ROOT = row(4, "    return items[0]\n", "    found = candidate([4, 4])\n    assert found in (4, 5)\n")
DERIVED = "derived inputs"


def imported(path: Path, packs: Path, *options: str) -> str:
    arguments = ["scenarios", "import", "humaneval", str(path), "--into", str(packs), *options]
    result = subprocess.run(
        [sys.executable, "-P", "-m", "orchestration.cli", *arguments],
        cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with NamespaceSandbox().proven() as proven:
        yield proven


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenario]:
    place = tmp_path_factory.mktemp("derived")
    printed = imported(lines(place / "set.jsonl", BIG, SLOW, RAISES, FIRST, ANY_ROOT), place / "packs")
    assert "5 of 5 tasks hold" in printed
    return dict(load_catalogue(PROJECT_ROOT / "scenarios", packs=place / "packs").scenarios)


def score(scenario: Scenario, sandbox: Sandbox, body: str) -> float | None:
    code = f"```python\ndef f(items):\n{body}```\n"
    return scorers(sandbox)[scenario.grader.kind].score(instantiate(scenario), code).score


def derived_inputs(scenario: Scenario) -> list[tuple[Any, ...]]:
    (check,) = [check for check in instantiate(scenario).checks if check.name == DERIVED]
    assert isinstance(check, AssertsCheck)
    values: dict[str, Any] = {}
    exec(check.tail.partition("_TOLERANCE")[0], values)
    return list(values["_INPUTS"])


def test_a_mistake_that_the_published_test_does_not_see_costs_a_fifth(
    catalogue: dict[str, Scenario], sandbox: Sandbox
) -> None:
    big = catalogue["humaneval/0-f"]
    assert score(big, sandbox, "    return [item for item in items if not item <= 4]\n") == 10
    assert score(big, sandbox, "    return [item for item in items if item >= 4]\n") == 8
    assert score(big, sandbox, "    return [item for item in items if item > 5]\n") == 8
    assert score(big, sandbox, "    return items\n") == 0


def test_an_answer_that_hangs_is_not_run_on_derived_inputs(catalogue: dict[str, Scenario], sandbox: Sandbox) -> None:
    grade = scorers(sandbox)["asserts"].score(
        instantiate(catalogue["humaneval/1-f"]), "```python\ndef f(items):\n    while True:\n        pass\n```\n"
    )
    assert (grade.score, grade.outcome) == (0, "timeout")
    assert [check.detail for check in grade.checks][1] == "needs: the published test"


def test_inputs_on_which_the_solution_raises_are_left_out(catalogue: dict[str, Scenario]) -> None:
    inputs = derived_inputs(catalogue["humaneval/2-f"])
    assert inputs
    assert all(0 not in items for (items,) in inputs)


def test_which_of_equal_answers_is_right_stays_open(catalogue: dict[str, Scenario], sandbox: Sandbox) -> None:
    last = "    return max(reversed(items), key=lambda item: item % 10)\n"
    assert derived_inputs(catalogue["humaneval/3-f"])
    assert score(catalogue["humaneval/3-f"], sandbox, last) == 10


def test_a_test_that_allows_several_outputs_is_left_alone(catalogue: dict[str, Scenario], sandbox: Sandbox) -> None:
    assert [check.name for check in instantiate(catalogue["humaneval/4-f"]).checks] == ["the published test"]
    assert score(catalogue["humaneval/4-f"], sandbox, "    return 5\n") == 10


def test_without_derived_checks_the_published_test_is_the_whole_score(tmp_path: Path) -> None:
    path, packs = lines(tmp_path / "set.jsonl", BIG), tmp_path / "packs"
    imported(path, packs)
    derived = contents(packs)
    imported(path, packs)
    assert contents(packs) == derived
    imported(path, packs, "--published-tests-only")
    scenario = load_catalogue(PROJECT_ROOT / "scenarios", packs=packs).scenarios["humaneval/0-f"]
    assert [check.name for check in instantiate(scenario).checks] == ["the published test"]
    assert scenario.version == 2
