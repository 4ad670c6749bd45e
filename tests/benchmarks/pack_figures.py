"""How many tasks of the public sets hold as scenarios, why the others do not, and what small mistakes in them score.

The mistakes are mutmut's, at most 10 of each reference, drawn evenly; derived inputs are chosen by other ones
(scoring.python_changes). One that scores 10 is tried on up to 3000 more inputs of the domain, drawn by another key: the
share that these tell apart is a gap of the checks; of the rest some are equivalent and some differ on other inputs.

Run: python -m tests.benchmarks.pack_figures [SET PATH]…; without arguments on the third-party data beside the checkout.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.derived_inputs import MOST_WORK, derivation_of, published_cases
from orchestration.scoring.mutants import drawn_evenly, mutants_of
from orchestration.scoring.pack_import import import_set, read_set, with_derived_checks
from orchestration.scoring.proof import as_answered
from orchestration.scoring.registry import scorers
from orchestration.settings import PROJECT_ROOT
from scenarios.loader import load_scenario
from scenarios.packs.domain import domain_of
from scenarios.packs.neighbours import neighbours
from scenarios.schema import FULL_SCORE
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from orchestration.sandbox.interface import Sandbox
    from orchestration.scoring.derived_inputs import Case, Derivation
    from orchestration.scoring.pack_import import Imported, Pack, TaskSet
    from scenarios.packs.task import Task
    from scenarios.schema import Scenario

DATA = PROJECT_ROOT.parent / "shared" / "data" / "tasks"
MUTANTS = 10
MORE_INPUTS = 3000
PUBLISHED_SCORE = 8.0
SETS = (
    ("humaneval", "humaneval_python.jsonl.gz"),
    ("humaneval", "humanevalfix_javascript.public.jsonl.gz"),
    ("mbpp", "mbpp_sanitized.public.jsonl.gz"),
    ("evalplus", "humanevalplus_mini.public.jsonl.gz"),
    ("quixbugs", "quixbugs_python.public.jsonl.gz"),
    ("exercism", "exercism_python.public.jsonl.gz"),
    ("exercism", "exercism_javascript.public.jsonl.gz"),
)


@dataclass(frozen=True)
class Fate:
    """What a mutant scores, and whether more inputs of the domain tell it from the reference; None is not tried."""

    scenario_id: str
    change: str
    score: float
    differs: bool | None


def measure(pack: Pack, path: Path, sandbox: Sandbox) -> None:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as packs:
        found = with_derived_checks(read_set(pack, [path]), sandbox, lambda: None)
        imported = import_set(found, Path(packs), sandbox, lambda: None)
        took = time.perf_counter() - started
        report(found, imported, path.name, took)
        held = [task for task in found.tasks if f"{pack}/{task.slug}" in imported.held and task.language == "python"]
        scenarios = [load_scenario(Path(packs) / pack / task.slug, "pack") for task in held]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        tell(
            list(
                chain.from_iterable(pool.map(lambda pair: fates_of(*pair, sandbox), zip(held, scenarios, strict=True)))
            )
        )


def report(found: TaskSet, imported: Imported, name: str, took: float) -> None:
    bugs = sum(task.wrong is not None for task in found.tasks)
    derived = sum(task.derived is not None for task in found.tasks)
    count = len(found.tasks) + len(found.left_out)
    print(f"{name}: {len(imported.held)} of {count} hold, {bugs} with a published bug, {derived} derived; {took:.0f} s")
    for scenario_id, reason in imported.left_out.items():
        print(f"  {scenario_id}: {reason}")


def fates_of(task: Task, scenario: Scenario, sandbox: Sandbox) -> list[Fate]:
    variant = instantiate(scenario)
    scorer = scorers(sandbox)[scenario.grader.kind]
    drawn = drawn_evenly(list(mutants_of(variant)), MUTANTS, scenario.id)
    scores = [scorer.score(variant, as_answered(variant, mutant.text)).score or 0.0 for mutant in drawn]
    more = more_cases(task, sandbox) if FULL_SCORE in scores else None
    return [
        Fate(scenario.id, mutant.change, score, differs(mutant.text, more) if score == FULL_SCORE else None)
        for mutant, score in zip(drawn, scores, strict=True)
    ]


def more_cases(task: Task, sandbox: Sandbox) -> tuple[Derivation, list[Case]] | None:
    """All inputs of the domain that the solution has an output for, also those that an import leaves out as open."""
    derivation = derivation_of(task, sandbox)
    published = published_cases(derivation) if derivation else []
    if derivation is None or not published:
        return None
    found = neighbours(domain_of([case.given for case in published]), f"measured {task.name}", MORE_INPUTS)
    return derivation, derivation.cases(found, MOST_WORK)


def differs(text: str, more: tuple[Derivation, list[Case]] | None) -> bool | None:
    if more is None:
        return None
    derivation, cases = more
    places = derivation.differing(text, cases, len(cases), 10 * MOST_WORK)
    return None if places is None else bool(places)


def tell(fates: list[Fate]) -> None:
    passed = [fate for fate in fates if fate.score >= PUBLISHED_SCORE]
    alive = [fate for fate in fates if fate.score == FULL_SCORE]
    apart = [fate for fate in alive if fate.differs]
    known = len(fates) - len(alive) + len(apart)
    if not fates:
        return
    print(
        f"  {len(fates)} mutants: {len(passed) / len(fates):.1%} pass the published test, {len(alive) / len(fates):.1%}"
    )
    print(f"  score 10; of {known} that are known to differ in the domain {len(apart) / max(1, known):.1%} do")
    for fate in alive:
        verdict = {True: "differs", False: "not told apart", None: "not tried"}[fate.differs]
        print(f"    {fate.scenario_id}: {verdict}: {fate.change}")


def main() -> None:
    words = sys.argv[1:]
    chosen = list(zip(words[::2], map(Path, words[1::2]), strict=True)) or [(pack, DATA / name) for pack, name in SETS]
    with NamespaceSandbox().proven() as sandbox:
        for pack, path in chosen:
            measure(cast("Pack", pack), path, sandbox)


if __name__ == "__main__":
    main()
