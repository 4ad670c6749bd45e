"""What a seed makes of a scenario: the prompt that is sent, the checks, the solutions.

Not here: reading the templates from disk (loader).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from scenarios.checks import (
    AssertsCheck,
    Check,
    CodeCheck,
    FunctionCheck,
    ImplementationCheck,
    ProgramCheck,
    SqlCheck,
    TextCheck,
)
from scenarios.dialogue import Dialogue, ScriptedTurn, read, replayed, written
from scenarios.repositories import repository
from scenarios.schema import PUBLIC_SEED, GraderKind, RepositoryDefinition, Scenario
from scenarios.templates import render_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenarios.errors import CatalogueError
    from scenarios.marked_yaml import MarkedTree
    from scenarios.templates import SolutionTemplate

CHECKS_OF: Mapping[GraderKind, TypeAdapter[Any]] = {
    "function": TypeAdapter(tuple[CodeCheck, ...]),
    "program": TypeAdapter(tuple[ProgramCheck, ...]),
    "sql": TypeAdapter(tuple[SqlCheck, ...]),
    "text": TypeAdapter(tuple[TextCheck, ...]),
    "asserts": TypeAdapter(tuple[AssertsCheck, ...]),
    "tests": TypeAdapter(tuple[ImplementationCheck, ...]),
}
DIALOGUES = TypeAdapter(Dialogue)
SCRIPTS = TypeAdapter(tuple[ScriptedTurn, ...])


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer of known worth. `text` is bare: neither header nor fence."""

    name: str
    text: str
    expected_score: float
    note: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario as one seed shows it.

    `dialogue` is what may follow the prompt, if anything does; `modules` are the Python files of tests/ by their stems.
    """

    scenario: Scenario
    seed: int
    prompt: str
    checks: tuple[Check, ...]
    solutions: tuple[Solution, ...]
    dialogue: Dialogue | None = None
    modules: Mapping[str, str] = field(default_factory=dict)

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
    modules = modules_of(scenario, values)
    prompt = scenario.prompt_template.render(values)
    dialogue = dialogue_of(scenario, values)
    return Variant(
        scenario=scenario,
        seed=seed,
        prompt=prompt,
        checks=checks_of(scenario, values, modules),
        solutions=tuple(
            Solution(item.name, solution_text(item, values), item.expected_score, item.note)
            for item in scenario.solution_templates
        ),
        dialogue=dialogue,
        modules=modules,
    )


def dialogue_of(scenario: Scenario, values: Mapping[str, Any]) -> Dialogue | None:
    tree = scenario.dialogue_template
    return None if tree is None else validated(DIALOGUES, tree, values)


def solution_text(item: SolutionTemplate, values: Mapping[str, Any]) -> str:
    """The text of a solution; that of a dialogue is the dialogue as it is written down when the turns are said."""
    if item.turns is None:
        return item.template.render(values)
    return written(scripted.turn for scripted in validated(SCRIPTS, item.turns, values))


def refuse_unheld_dialogues(variant: Variant) -> None:
    """Every solution of a dialogue brings it to its end, and no further. Raises CatalogueError."""
    for item, solution in zip(variant.scenario.solution_templates, variant.solutions, strict=True):
        if item.turns is None or variant.dialogue is None:
            continue
        turns = read(solution.text, is_dialogue=True)
        exchange = replayed(variant.prompt, variant.dialogue, turns)
        if len(exchange.turns) != len(turns):
            raise item.turns.error((len(exchange.turns),), "the dialogue is over before this turn")
        if not exchange.is_over:
            raise item.turns.error((len(turns) - 1,), "the dialogue goes on behind this turn")


def validated(adapter: TypeAdapter[Any], tree: MarkedTree, values: Mapping[str, Any]) -> Any:
    try:
        return adapter.validate_json(json.dumps(render_tree(tree, values)))
    except ValidationError as error:
        raise first_error(tree, error) from None


def modules_of(scenario: Scenario, values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removesuffix(".py"): template.render(values)
        for name, template in scenario.fixtures.items()
        if name.endswith(".py")
    }


def checks_of(scenario: Scenario, values: Mapping[str, Any], modules: Mapping[str, str]) -> tuple[Check, ...]:
    tree = scenario.checks_template
    checks: tuple[Check, ...] = validated(CHECKS_OF[scenario.grader.kind], tree, values)
    if not checks:
        raise tree.error((), "there is no check")
    refuse_duplicate_names(tree, checks)
    refuse_unmeetable_needs(tree, checks)
    refuse_wrong_changes(tree, checks, modules)
    refuse_unknown_ways(tree, checks, modules)
    return tuple(with_setup(scenario, values, index, check) for index, check in enumerate(checks))


def refuse_duplicate_names(tree: MarkedTree, checks: tuple[Check, ...]) -> None:
    names: set[str] = set()
    for index, check in enumerate(checks):
        if check.name in names:
            raise tree.error((index, "name"), f"duplicate check {check.name!r}")
        names.add(check.name)


def refuse_unmeetable_needs(tree: MarkedTree, checks: tuple[Check, ...]) -> None:
    """A need is another check that needs nothing itself; and something has to count."""
    free = {check.name for check in checks if not check.needs}
    for index, check in enumerate(checks):
        for position, name in enumerate(check.needs):
            if name not in free:
                raise tree.error((index, "needs", position), f"{name!r} is no check that needs nothing itself")
    if not any(check.weight for check in checks):
        raise tree.error((0, "weight"), "every check has the weight 0")


def refuse_wrong_changes(tree: MarkedTree, checks: tuple[Check, ...], modules: Mapping[str, str]) -> None:
    for index, check in enumerate(checks):
        if not isinstance(check, ImplementationCheck):
            continue
        text = modules.get(check.file_stem)
        if text is None:
            raise tree.error((index, "implementation"), f"{check.implementation!r} is no file of the tests folder")
        if check.change and text.count(check.change.before) != 1:
            count = text.count(check.change.before)
            raise tree.error((index, "change", "before"), f"stands {count} times in {check.implementation}, not once")


def refuse_unknown_ways(tree: MarkedTree, checks: tuple[Check, ...], modules: Mapping[str, str]) -> None:
    for index, check in enumerate(checks):
        way = check.through if isinstance(check, FunctionCheck) else None
        if way and way.partition(".")[0] not in modules:
            raise tree.error((index, "through"), f"{way!r} is of no Python file of the tests folder")


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
