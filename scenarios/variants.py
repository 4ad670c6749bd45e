"""What a seed makes of a scenario: the prompt that is sent, the checks, the solutions.

Not here: reading the templates from disk (loader).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from scenarios.repositories import repository
from scenarios.schema import (
    PUBLIC_SEED,
    AssertsCheck,
    Check,
    FunctionCheck,
    GraderKind,
    ProgramCheck,
    RepositoryDefinition,
    Scenario,
    SqlCheck,
    TextCheck,
)
from scenarios.templates import render_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenarios.errors import CatalogueError
    from scenarios.marked_yaml import MarkedTree

CHECKS_OF: Mapping[GraderKind, TypeAdapter[Any]] = {
    "function": TypeAdapter(tuple[FunctionCheck, ...]),
    "program": TypeAdapter(tuple[ProgramCheck, ...]),
    "sql": TypeAdapter(tuple[SqlCheck, ...]),
    "text": TypeAdapter(tuple[TextCheck, ...]),
    "asserts": TypeAdapter(tuple[AssertsCheck, ...]),
}


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer of known worth. `text` is bare: neither header nor fence."""

    name: str
    text: str
    expected_score: float
    note: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario as one seed shows it."""

    scenario: Scenario
    seed: int
    prompt: str
    checks: tuple[Check, ...]
    solutions: tuple[Solution, ...]

    @property
    def reference(self) -> Solution:
        return next(solution for solution in self.solutions if solution.name == "reference")


def variant_count(scenario: Scenario) -> int:
    """How many variants differ: seeds below it pick pairwise different values."""
    repositories = scenario.repository.seeds if scenario.repository else 1
    return repositories * math.prod(len(values) for values in scenario.parameters.values())


def values_for_seed(scenario: Scenario, seed: int) -> dict[str, Any]:
    """One value of each parameter and one repository. Seed 0 picks the first ones; the next seeds step through all."""
    total = variant_count(scenario)
    remainder = seed * stride_through(total) % total
    values: dict[str, Any] = {}
    for name, choices in scenario.parameters.items():
        remainder, chosen = divmod(remainder, len(choices))
        values[name] = choices[chosen]
    if scenario.repository:
        values["repository"] = repository_values(scenario.repository, remainder)
    return values


def repository_values(definition: RepositoryDefinition, seed: int) -> dict[str, Any]:
    return repository(definition.question, definition.files, seed).values


def stride_through(total: int) -> int:
    """A step near the golden section that is coprime to `total`: neighbouring seeds differ in every parameter."""
    stride = max(1, round(total * 0.618))
    while math.gcd(stride, total) != 1:
        stride += 1
    return stride


@lru_cache(maxsize=4096)
def instantiate(scenario: Scenario, seed: int = PUBLIC_SEED) -> Variant:
    """The variant of a seed (0 is the public one); the same arguments always give the same texts.

    Raises CatalogueError when a template does not fit the values, ValueError for a negative seed.
    """
    if seed < 0:
        raise ValueError(f"a seed is 0 or more, not {seed}")
    values = values_for_seed(scenario, seed)
    return Variant(
        scenario=scenario,
        seed=seed,
        prompt=scenario.prompt_template.render(values),
        checks=checks_of(scenario, values),
        solutions=tuple(
            Solution(item.name, item.template.render(values), item.expected_score, item.note)
            for item in scenario.solution_templates
        ),
    )


def checks_of(scenario: Scenario, values: Mapping[str, Any]) -> tuple[Check, ...]:
    tree = scenario.checks_template
    rendered = render_tree(tree, values)
    try:
        checks: tuple[Check, ...] = CHECKS_OF[scenario.grader.kind].validate_json(json.dumps(rendered))
    except ValidationError as error:
        raise first_error(tree, error) from None
    if not checks:
        raise tree.error((), "there is no check")
    refuse_duplicate_names(tree, checks)
    return tuple(with_setup(scenario, values, index, check) for index, check in enumerate(checks))


def refuse_duplicate_names(tree: MarkedTree, checks: tuple[Check, ...]) -> None:
    names: set[str] = set()
    for index, check in enumerate(checks):
        if check.name in names:
            raise tree.error((index, "name"), f"duplicate check {check.name!r}")
        names.add(check.name)


def with_setup(scenario: Scenario, values: Mapping[str, Any], index: int, check: Check) -> Check:
    """A SQL check whose `setup` names a file gets the text of that file."""
    if not isinstance(check, SqlCheck) or not names_a_file(check.setup):
        return check
    fixture = scenario.fixtures.get(check.setup)
    if fixture is None:
        reason = "is no file of the scenario's tests folder"
        raise scenario.checks_template.error((index, "setup"), f"{check.setup!r} {reason}")
    return check.model_copy(update={"setup": fixture.render(values)})


def names_a_file(setup: str) -> bool:
    return setup.endswith(".sql") and not any(character.isspace() for character in setup)


def first_error(tree: MarkedTree, error: ValidationError) -> CatalogueError:
    """The first complaint of a model, at its place in the file."""
    first = error.errors(include_url=False, include_context=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    return tree.error(first["loc"], reason[:1].lower() + reason[1:])
