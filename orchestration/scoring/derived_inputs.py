"""Derives a further check of an imported task: inputs near the published ones that tell small mistakes apart.

Not here: what the domain of a task is (scenarios.packs.domain), nor the check's text (scenarios.packs.derived_test).

What is expected is what the published solution returns. Nothing here depends on the time that anything takes: work is
counted in lines of code, so that every machine derives the same check.
"""

from __future__ import annotations

import ast
import random
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.interface import AssertsRun, FunctionCall, FunctionRun, RunLimits
from orchestration.scoring.python_changes import changed_texts
from scenarios.packs.derived_test import derived_test, measuring, recording
from scenarios.packs.domain import domain_of, literal, place_of
from scenarios.packs.neighbours import neighbours, sort_key
from scenarios.packs.published_use import shown_inputs, use_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from orchestration.sandbox.interface import Sandbox
    from scenarios.packs.domain import Input
    from scenarios.packs.published_use import Use
    from scenarios.packs.task import Task

TRIED: Final = 1000
KEPT: Final = 40
MOST_MUTANTS: Final = 100
KILLERS_OF_EACH: Final = 3
"""Other mistakes than these mutants are to be noticed: one input a mutant would fit them too closely."""

LEAST_WORK: Final = 1000
WORK_FACTOR: Final = 3
MOST_WORK: Final = 100_000
MOST_WORK_OF_ALL: Final = 400_000
MOST_PUBLISHED_WORK: Final = 2_000_000
"""Work is lines of code that are run; a derived input takes at most WORK_FACTOR times that of a published one."""

LONGEST_OUTPUT: Final = 500
SHAKEN: Final = (1 - 1e-12, 1 + 1e-12)
ORDERS: Final[Sequence[Callable[[Any], Any]]] = (reversed, lambda items: sorted(items, key=sort_key))
EXACT: Final = 8
LARGEST_EXACT: Final = 2**40
LIMITS: Final = RunLimits(wall_s=20.0, memory_mb=1024, result_kb=4096)


@dataclass(frozen=True, slots=True)
class Case:
    """An input and what the published solution makes of it, with the lines of code that it took."""

    given: Input
    output: Any
    work: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """One task and how its published test uses it."""

    task: Task
    entry: str
    use: Use
    sandbox: Sandbox

    @property
    def before(self) -> str:
        return str(self.task.check.get("pre", ""))

    def call(self, code: str, entry: str, *args: Any) -> Any:
        """What a function of a module returns, None when it does not."""
        run = FunctionRun(code, entry, (FunctionCall(args),), limits=LIMITS)
        result = self.sandbox.call_function(run)
        return plain(result.values[0].value) if result.values and result.values[0].outcome == "ok" else None

    def cases(self, inputs: Sequence[Input], most: int) -> list[Case]:
        """Those of the inputs that the solution has an output for, of the plain kinds and not too long."""
        code = measuring(self.before, self.task.reference, self.entry, self.use)
        found = self.call(code, "_outputs", literal(list(inputs)), most) or []
        read = zip(inputs, map(read_output, found), strict=False)
        return [Case(given, output[0], output[1]) for given, output in read if output is not None]

    def differing(self, code: str, cases: Sequence[Case], published: int, most: int) -> list[int] | None:
        """The places of the cases where other code has another output, the first one alone where that is published.

        None where the code did not come to its end.
        """
        module = measuring(self.before, code, self.entry, self.use)
        given, expected = literal([case.given for case in cases]), literal([case.output for case in cases])
        found: list[int] | None = self.call(module, "_differing", given, expected, most, published)
        return found


def plain(value: Any) -> Any:
    """A claimed value of lists, texts and numbers as such."""
    return list(map(plain, value.items)) if hasattr(value, "items") else value


def read_output(found: Any) -> tuple[Any, int] | None:
    if found is None or len(found[0]) > LONGEST_OUTPUT:
        return None
    try:
        return ast.literal_eval(found[0]), found[1]
    except (ValueError, SyntaxError):
        return None


def derivation_of(task: Task, sandbox: Sandbox) -> Derivation | None:
    """None where the published test gives no hold for further inputs."""
    if task.entry is None or task.language != "python":
        return None
    use = use_of(task.check.get("tail", ""), task.entry)
    return None if use is None else Derivation(task, task.entry, use, sandbox)


def derived_check(task: Task, sandbox: Sandbox) -> dict[str, Any] | None:
    """The fields of a check, None where there is no input to check by."""
    derivation = derivation_of(task, sandbox)
    kept = chosen_cases(derivation) if derivation else []
    if derivation is None or not kept:
        return None
    inputs, outputs = [literal(case.given) for case in kept], [literal(case.output) for case in kept]
    check = {**task.check, "tail": derived_test(derivation.entry, derivation.use, inputs, outputs)}
    return check if holds(check, task, sandbox) else None


def holds(check: Mapping[str, Any], task: Task, sandbox: Sandbox) -> bool:
    """Whether the solution passes it where answers are judged, seen through a pipe."""
    run = AssertsRun(task.reference, check["tail"], check.get("pre", ""), limits=LIMITS, entry=task.entry)
    return sandbox.run_asserts(run).is_ok


def chosen_cases(derivation: Derivation) -> list[Case]:
    published = published_cases(derivation)
    if not published:
        return []
    tried = tried_cases(derivation, published, derivation.task.name, TRIED)
    killers = list(killers_of_mutants(derivation, published, tried))
    return [tried[place] for place in sorted(kept_places(killers, len(tried), derivation.task.name))]


def published_cases(derivation: Derivation) -> list[Case]:
    """The inputs of the published test and of the prompt's examples, each once."""
    task = derivation.task
    code = recording(derivation.before, task.reference, task.check["tail"], derivation.entry)
    texts = derivation.call(code, "_published_inputs") or []
    if not all(isinstance(text, str) for text in texts):
        return []
    try:
        inputs = {text: ast.literal_eval(text) for text in texts}
    except (ValueError, SyntaxError):
        return []
    inputs |= {literal(given): given for given in shown_inputs(task.prompt, derivation.entry)}
    return derivation.cases(list(inputs.values()), MOST_PUBLISHED_WORK)


def tried_cases(derivation: Derivation, published: Sequence[Case], key: str, most_inputs: int) -> list[Case]:
    """Neighbours of the published inputs whose outputs are like the published ones, for no more work, and settled."""
    found = neighbours(domain_of([case.given for case in published]), key, most_inputs)
    most = min(MOST_WORK, max(LEAST_WORK, WORK_FACTOR * max(case.work for case in published)))
    outputs = place_of([case.output for case in published])
    cases = affordable([case for case in derivation.cases(found, most) if outputs.has_size(case.output)])
    open_ones = [*unsteady_cases(derivation, cases, most), *asymmetric_cases(derivation, published, cases, most)]
    left_out = {literal(case.given) for case in open_ones}
    return [case for case in cases if literal(case.given) not in left_out]


def affordable(cases: Sequence[Case]) -> list[Case]:
    """As many of the cases, from the first one on, as can be run against every mutant."""
    sums = accumulate(case.work for case in cases)
    return [case for case, work in zip(cases, sums, strict=True) if work <= MOST_WORK_OF_ALL]


def unsteady_cases(derivation: Derivation, cases: Sequence[Case], most: int) -> Iterator[Case]:
    """Those whose output a rounding error in an input changes: right solutions may round differently."""
    inexact = [case for case in cases if not is_exact(case.given)]
    for factor in SHAKEN:
        moved = [Case(shaken(case.given, factor), case.output, case.work) for case in inexact]
        places = derivation.differing(derivation.task.reference, moved, 0, 2 * most)
        yield from inexact if places is None else (inexact[place] for place in places)


def asymmetric_cases(
    derivation: Derivation, published: Sequence[Case], cases: Sequence[Case], most: int
) -> Iterator[Case]:
    """Those whose output another order of an argument changes, where it changes none of the published outputs.

    So which of several equal answers is right stays open: the first, or the last.
    """
    for index in range(max(len(case.given) for case in published)):
        for order in ORDERS:
            shown, moved = ([reordered(case, index, order) for case in some] for some in (published, cases))
            if derivation.differing(derivation.task.reference, shown, 0, MOST_PUBLISHED_WORK) == []:
                places = derivation.differing(derivation.task.reference, moved, 0, 2 * most)
                yield from cases if places is None else (cases[place] for place in places)


def reordered(case: Case, index: int, order: Callable[[Any], Any]) -> Case:
    given = list(case.given)
    if index < len(given) and isinstance(given[index], list | tuple):
        given[index] = type(given[index])(order(given[index]))
    return replace(case, given=tuple(given))


def is_exact(value: Any) -> bool:
    """Whether its floats are of few binary places, so that sums, differences and products of them are exact."""
    if isinstance(value, float):
        return abs(value) < LARGEST_EXACT and value * EXACT == int(value * EXACT)
    if isinstance(value, dict):
        return is_exact([*value, *value.values()])
    return all(map(is_exact, value)) if isinstance(value, list | tuple | set | frozenset) else True


def shaken(value: Any, factor: float) -> Any:
    if isinstance(value, float):
        return value * factor
    if isinstance(value, dict):
        return {shaken(key, factor): shaken(item, factor) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(shaken(item, factor) for item in value)
    return value


def killers_of_mutants(derivation: Derivation, published: Sequence[Case], tried: Sequence[Case]) -> Iterator[list[int]]:
    """Of each mutant that the published inputs do not notice the places of those that do."""
    cases = [*published, *tried]
    most = LEAST_WORK + 2 * max(case.work for case in cases)
    for text in mutants_of(derivation.task):
        places = derivation.differing(text, cases, len(published), most)
        if places and places[0] >= len(published):
            yield [place - len(published) for place in places]


def mutants_of(task: Task) -> list[str]:
    texts = list(changed_texts(task.reference))
    rng = random.Random(task.name)  # noqa: S311 - no secret
    return texts if len(texts) <= MOST_MUTANTS else rng.sample(texts, MOST_MUTANTS)


def kept_places(killers: Sequence[Sequence[int]], count: int, key: str) -> set[int]:
    """Places that notice each mutant some times over, the best first, then others by chance."""
    kept: set[int] = set()
    wanted = {number: min(KILLERS_OF_EACH, len(places)) for number, places in enumerate(killers)}
    while any(wanted.values()) and len(kept) < KEPT:
        open_killers = [killers[number] for number, left in wanted.items() if left]
        worth = {place: sum(place in places for places in open_killers) for place in range(count) if place not in kept}
        best = max(worth, key=lambda place: (worth[place], -place))
        kept.add(best)
        wanted = {number: left - (best in killers[number] and left > 0) for number, left in wanted.items()}
    others = [place for place in range(count) if place not in kept]
    rng = random.Random(key)  # noqa: S311 - no secret
    return kept | set(rng.sample(others, max(0, min(KEPT - len(kept), len(others)))))
