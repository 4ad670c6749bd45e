"""Modules that stand in for packages where answers run behave as those packages do, as far as a scenario looks.

Not here: what solutions score (test_solutions_score_what_they_say).
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.scoring.registry import scorers
from scenarios.checks import FunctionCheck, frozen_packages
from scenarios.loader import load_catalogue
from scenarios.schema import INVENTORIES, SCHEMA_FILE
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from scenarios.variants import Variant

CATALOGUE = load_catalogue(SCHEMA_FILE.parent)
STANDING_IN = {
    scenario.id: package
    for scenario in CATALOGUE.scenarios.values()
    for package in frozen_packages()
    if f"{package}.py" in scenario.fixtures
}
BY_CHANCE = "groups keep the order in which they come"
"""A package may keep an order that it was not asked to keep; its stand-in never does."""
CALLING = """
import json, sys
asked = json.load(sys.stdin)
trial = sys.modules["trial"] = type(sys)("trial")
exec(asked["trial"], trial.__dict__)
answer = sys.modules["answer"] = type(sys)("answer")
exec(asked["code"], answer.__dict__)
results = []
for args, kwargs in asked["calls"]:
    try:
        results.append({"value": trial.observed(getattr(answer, asked["entry"]), *args, **kwargs)})
    except Exception as error:
        results.append({"raised": [kind.__name__ for kind in type(error).__mro__]})
print(json.dumps(results))
"""


def checks_of(variant: Variant) -> list[FunctionCheck]:
    return [check for check in variant.checks if isinstance(check, FunctionCheck)]


def passed_with_the_package(variant: Variant, code: str) -> dict[str, bool]:
    """The same calls of the same trial, in a process that has the package."""
    calls = [(call.args, call.kwargs) for check in checks_of(variant) for call in check.calls]
    entry = variant.scenario.answer.entry
    asked = json.dumps({"trial": variant.modules["trial"], "code": code, "entry": entry, "calls": calls})
    run = subprocess.run([sys.executable, "-c", CALLING], input=asked, capture_output=True, text=True, check=False)
    if run.returncode:
        return {check.name: False for check in checks_of(variant)}
    results = iter(json.loads(run.stdout))
    held = {check.name: [holds(call, next(results)) for call in check.calls] for check in checks_of(variant)}
    return {name: all(each) for name, each in held.items()}


def holds(call: Any, result: dict[str, Any]) -> bool:
    if call.must_raise:
        return call.expected_exception in result.get("raised", [])
    return "value" in result and bool(result["value"] == call.expected)


@pytest.mark.parametrize("scenario_id", sorted(STANDING_IN))
def test_a_stand_in_judges_every_solution_as_the_package_does(scenario_id: str, sandbox: NamespaceSandbox) -> None:
    package = STANDING_IN[scenario_id]
    frozen = json.loads((INVENTORIES / f"{package}.json").read_text(encoding="utf-8"))["version"]
    if version(package) != frozen:
        pytest.skip(f"{package} {version(package)} is installed, the scenario is of {frozen}")
    variant = instantiate(CATALOGUE.scenarios[scenario_id])
    scorer = scorers(sandbox)["function"]
    for solution in variant.solutions:
        grade = scorer.score(variant, solution.text)
        expected = passed_with_the_package(variant, solution.text)
        found = {check.name: check.passed for check in grade.checks if check.name in expected}
        if found.get(BY_CHANCE) is False:
            expected[BY_CHANCE] = False
        assert found == expected, solution.name
