"""Small mistakes put into a reference by a machine, one at a time: what its scenario's checks do not notice.

Not here: the wrong solutions that people wrote (proof), nor tests that are graded by mutants (tests).

mutmut's operators are the engine for Python. JSON is changed here, leaf by leaf; other languages have no engine.
"""

from __future__ import annotations

import copy
import difflib
import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import yaml

from orchestration.scoring.extraction import extract_code
from orchestration.scoring.proof import as_answered
from orchestration.scoring.registry import scorers
from orchestration.scoring.tests import AnswerTestsScorer
from orchestration.scoring.text import MISSING, json_in
from orchestration.settings import OperatorError
from scenarios.checks import ImplementationCheck
from scenarios.dialogue import read, written
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from orchestration.sandbox.interface import Sandbox
    from scenarios.dialogue import Turn
    from scenarios.schema import Scenario
    from scenarios.variants import Variant

FULL_SCORE: Final = 10.0
KILLED_SHARE: Final = 0.8
EQUIVALENTS_FILE: Final = "equivalent_mutants.yaml"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed reference. `change` shows it in one line: where, old text, arrow, new text."""

    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What became of the mutants of one scenario: `survivors` score 10 and nobody has said why they may."""

    scenario_id: str
    drawn: int
    made: int
    survivors: tuple[str, ...]
    equivalents: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def killed(self) -> int:
        return self.drawn - len(self.survivors) - len(self.equivalents)

    @property
    def holds(self) -> bool:
        """Whether at least 80% of those that are not equivalent are noticed."""
        return self.killed >= KILLED_SHARE * (self.drawn - len(self.equivalents))


def survey(scenario: Scenario, sandbox: Sandbox, *, seed: int, most: int, equivalents: Mapping[str, str]) -> Survey:
    """Grade at most `most` mutants of the reference, drawn evenly; `equivalents` explains changes that may score 10."""
    variant = instantiate(scenario, seed)
    made = list(mutants_of(variant))
    drawn = made if len(made) <= most else random.Random(scenario.id).sample(made, most)  # noqa: S311 - no secret
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        noticed = pool.map(lambda mutant: is_noticed(variant, mutant, sandbox), drawn)
        alive = [mutant.change for mutant, is_seen in zip(drawn, noticed, strict=True) if not is_seen]
    changes = {mutant.change for mutant in made}
    return Survey(
        scenario_id=scenario.id,
        drawn=len(drawn),
        made=len(made),
        survivors=tuple(change for change in alive if change not in equivalents),
        equivalents=tuple(change for change in alive if change in equivalents),
        stale=tuple(change for change in equivalents if change not in changes),
    )


def is_noticed(variant: Variant, mutant: Mutant, sandbox: Sandbox) -> bool:
    """Whether a mutant scores less than 10; where answers are tests, whether the reference's tests fail on it."""
    check = judged_implementation(variant)
    if check is None:
        scorer = scorers(sandbox)[variant.scenario.grader.kind]
        return scorer.score(variant, as_answered(variant, mutant.text)).score != FULL_SCORE
    changed = replace(variant, modules={**variant.modules, check.file_stem: mutant.text})
    return not AnswerTestsScorer(sandbox).run(changed, check, variant.reference.text).is_ok


def judged_implementation(variant: Variant) -> ImplementationCheck | None:
    """The first right implementation that tests are judged by: its mutants count, not those of the tests' own data."""
    checks = (check for check in variant.checks if isinstance(check, ImplementationCheck) and check.change is None)
    return next(checks, None)


def has_engine(scenario: Scenario) -> bool:
    return scenario.language in {"python", "text"}


def mutants_of(variant: Variant) -> Iterator[Mutant]:
    """All mutants, each once, in the order of the text; those that are no Python any more are left out.

    Of a dialogue the last answer is changed, in what it holds; of tests the implementation that they judge.
    """
    if check := judged_implementation(variant):
        yield from python_mutants(variant.modules[check.file_stem])
        return
    turns = read(variant.reference.text, is_dialogue=variant.dialogue is not None)
    held = held_in(turns[-1].text, variant)
    seen = {held}
    for mutant in python_mutants(held) if variant.scenario.language == "python" else json_mutants(held):
        if mutant.text not in seen:
            seen.add(mutant.text)
            yield replace(mutant, text=mutant.text if variant.dialogue is None else said_at_last(turns, mutant.text))


def held_in(answer: str, variant: Variant) -> str:
    """The code or JSON of a dialogue's last answer; any other answer as it is."""
    if variant.dialogue is None:
        return answer
    if variant.scenario.language == "python":
        return extract_code(answer, language="python", entry=variant.scenario.answer.entry).code
    found = json_in(answer)
    return answer if found is MISSING else json.dumps(found)


def said_at_last(turns: Sequence[Turn], text: str) -> str:
    return written((*turns[:-1], turns[-1].model_copy(update={"text": text})))


def python_mutants(code: str) -> Iterator[Mutant]:
    """Raises OperatorError where mutmut is not installed, as it is a tool of development."""
    try:
        import libcst  # noqa: PLC0415 - a tool of development
        from mutmut.mutation.mutators import mutation_operators  # noqa: PLC0415
    except ImportError:
        raise OperatorError("mutmut is not installed: mutants are made in the development environment") from None
    module: Any = libcst.parse_module(code)
    for node in places(module):
        for kind, operator in mutation_operators:
            if not isinstance(node, kind):
                continue
            for replaced in operator(node):
                text = module.deep_replace(node, replaced).code
                if is_python(text):
                    yield Mutant(text, change_between(code, text))


def places(node: Any) -> Iterator[Any]:
    """The nodes of a syntax tree but for those where a change changes no behaviour that anybody has promised.

    Imports, annotations, docstrings, and what an exception says.
    """
    name = type(node).__name__
    if name in {"Annotation", "Import", "ImportFrom", "Raise"} or (name == "Expr" and is_text(node.value)):
        return
    yield node
    for child in node.children:
        yield from places(child)


def is_text(node: Any) -> bool:
    return type(node).__name__ in {"SimpleString", "ConcatenatedString"}


def is_python(text: str) -> bool:
    try:
        compile(text, "mutant.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def json_mutants(text: str) -> Iterator[Mutant]:
    """Each leaf changed, each item and member left out; another text loses its last word or gains one."""
    try:
        whole = json.loads(text)
    except ValueError:
        yield Mutant(" ".join(text.split()[:-1]), "the last word -> nothing")
        yield Mutant(f"{text.strip()} not", "the end -> not")
        return
    for path in paths(whole):
        for keep in (True, False):
            changed = copy.deepcopy(whole)
            if change := change_at(changed, path, keep=keep):
                yield Mutant(json.dumps(changed), change)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


def change_at(whole: Any, path: tuple[Any, ...], *, keep: bool) -> str | None:
    """Change the leaf at a path, or take what is there out; None where there is no leaf to change."""
    owner = whole
    for key in path[:-1]:
        owner = owner[key]
    value, place = owner[path[-1]], "/".join(map(str, path))
    if not keep:
        del owner[path[-1]]
        return f"{place}: {json.dumps(value)} -> nothing"
    if isinstance(value, dict | list):
        return None
    owner[path[-1]] = other_than(value)
    return f"{place}: {json.dumps(value)} -> {json.dumps(owner[path[-1]])}"


def other_than(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return "changed" if value is None else f"{value}x"


def change_between(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    kept = [line for line in lines if not line.startswith(("---", "+++"))]
    number = kept[0].split()[1].lstrip("-").partition(",")[0] if kept else "0"
    before = " / ".join(line[1:].strip() for line in kept if line.startswith("-"))
    after = " / ".join(line[1:].strip() for line in kept if line.startswith("+"))
    return f"{number}: {before} -> {after}"


def read_equivalents(scenarios_dir: Path) -> Mapping[str, Mapping[str, str]]:
    """Scenario id -> change -> why it is none. Raises OperatorError for a file of another form."""
    file = scenarios_dir / EQUIVALENTS_FILE
    if not file.exists():
        return {}
    found = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    try:
        return {name: {entry["change"]: entry["why"] for entry in entries} for name, entries in found.items()}
    except (AttributeError, KeyError, TypeError):
        raise OperatorError(f"{file}: expected scenario ids with lists of `change` and `why`") from None
