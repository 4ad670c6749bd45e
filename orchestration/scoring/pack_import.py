"""Imports a public task set: its tasks become scenarios, each is proven, and those that hold make the pack's suite.

Not here: reading the public forms, writing the folders and putting them in their place (scenarios.packs).
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, get_args

from orchestration.scoring.derived_inputs import derived_check
from orchestration.scoring.proof import flaws_of
from orchestration.settings import OperatorError
from scenarios.errors import CatalogueError
from scenarios.loader import load_scenario
from scenarios.packs.folder import suites_text, write_scenario
from scenarios.packs.placing import new_pack
from scenarios.packs.task import LeftOut
from scenarios.schema import PUBLIC_SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from orchestration.sandbox.interface import Sandbox
    from scenarios.packs.task import Task
    from scenarios.schema import Scenario

Pack = Literal["humaneval", "mbpp", "evalplus", "quixbugs", "exercism"]
PACKS: Final[tuple[Pack, ...]] = get_args(Pack)


@dataclass(frozen=True, slots=True)
class TaskSet:
    """What the files of a set hold: tasks, and the reasons of those that can't be graded here, by their names."""

    pack: Pack
    tasks: Sequence[Task]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a set: the ids that hold, and why the others are left out, by their names."""

    held: Sequence[str]
    left_out: Mapping[str, str]


def read_set(pack: Pack, paths: Sequence[Path]) -> TaskSet:
    """Raises OperatorError or CatalogueError for files that are not the set's."""
    tasks: dict[str, Task] = {}
    left_out: dict[str, str] = {}
    for item in published(pack, paths):
        if isinstance(item, LeftOut):
            left_out[f"{pack}/{item.name}"] = item.reason
        elif item.slug in tasks:
            raise OperatorError(f"{item.name} is there twice: {tasks[item.slug].name} gives the same id {item.slug!r}")
        else:
            tasks[item.slug] = item
    if not tasks:
        raise OperatorError(f"no task can be imported: {first_of(left_out)}")
    return TaskSet(pack, list(tasks.values()), left_out)


def published(pack: Pack, paths: Sequence[Path]) -> Iterator[Task | LeftOut]:
    importer = import_module(f"scenarios.packs.{pack}")
    for path in paths:
        if not path.exists():
            raise OperatorError(f"{path}: there is no such file or folder")
        yield from importer.tasks(path)


def first_of(left_out: Mapping[str, str]) -> str:
    return next((f"{name}: {reason}" for name, reason in left_out.items()), "there is none in it")


def with_derived_checks(found: TaskSet, sandbox: Sandbox, derived: Callable[[], None]) -> TaskSet:
    """The set with a further check of each task that gives a hold for one. `derived` is called after each task."""

    def derive(task: Task) -> Task:
        check = derived_check(task, sandbox)
        derived()
        return replace(task, derived=check)

    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="derivation") as pool:
        return replace(found, tasks=list(pool.map(derive, found.tasks)))


def import_set(found: TaskSet, packs: Path, sandbox: Sandbox, proven: Callable[[], None]) -> Imported:
    """Put the set in the place of the pack in `packs`. Raises OperatorError; then what was there is untouched.

    `proven` is called after each proof.
    """
    try:
        with new_pack(packs, found.pack) as folder:
            return written(found, folder, packs / found.pack, sandbox, proven)
    except OSError as error:
        reason = f"can't write in {packs}: {error.strerror}; nothing was imported: make room or name another --into"
        raise OperatorError(reason) from None


def written(found: TaskSet, folder: Path, before: Path, sandbox: Sandbox, proven: Callable[[], None]) -> Imported:
    """Write every task that can be judged; keep those whose proof holds."""
    reasons: dict[str, str] = {}
    scenarios = list(loadable(found, folder, before, reasons))

    def prove(scenario: Scenario) -> str | None:
        flaw = next((flaw.what for flaw in flaws_of(scenario, [PUBLIC_SEED], sandbox, [])), None)
        proven()
        return flaw

    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="proof") as pool:
        flaws = zip(scenarios, pool.map(prove, scenarios), strict=True)
        reasons |= {scenario.id: flaw for scenario, flaw in flaws if flaw}
    held = {scenario.id: scenario.version for scenario in scenarios if scenario.id not in reasons}
    for scenario_id in reasons:
        shutil.rmtree(folder.parent / scenario_id)
    if not held:
        raise OperatorError(f"no task of {found.pack} holds, nothing was imported: {first_of(reasons)}")
    (folder / "suites.yaml").write_text(suites_text(found.pack, held, before), encoding="utf-8")
    return Imported(list(held), {**found.left_out, **reasons})


def loadable(found: TaskSet, folder: Path, before: Path, reasons: dict[str, str]) -> Iterator[Scenario]:
    """Write all tasks; those that make no scenario are named in `reasons`."""
    for task in found.tasks:
        write_scenario(folder / task.slug, task, found.pack, before / task.slug)
        try:
            yield load_scenario(folder / task.slug, "pack")
        except CatalogueError as error:
            reasons[f"{found.pack}/{task.slug}"] = f"{error.file.name}: {error.field}: {error.reason}"
