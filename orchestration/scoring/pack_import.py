"""Imports a public task set: its tasks become scenarios, each is proven, and those that hold make the pack's suite.

Not here: reading the public forms and writing the folders (scenarios.packs).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from orchestration.scoring.proof import flaws_of
from orchestration.settings import OperatorError
from scenarios.errors import CatalogueError
from scenarios.loader import load_scenario
from scenarios.packs.task import PackError
from scenarios.packs.writing import write_suite, write_task
from scenarios.schema import PUBLIC_SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestration.sandbox.interface import Sandbox
    from scenarios.packs.task import PackTask
    from scenarios.schema import Scenario

Pack = Literal["humaneval", "mbpp", "evalplus", "quixbugs", "exercism"]
PACKS: Final[tuple[Pack, ...]] = get_args(Pack)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a set: how many tasks it has, which hold, and why the others are left out (id, reason)."""

    task_count: int
    held: Sequence[str]
    left_out: Sequence[tuple[str, str]]


def import_pack(pack: Pack, path: Path, into: Path, sandbox: Sandbox) -> Imported:
    """Replace the pack in `into` by what `path` holds. Raises OperatorError; then the old pack is untouched."""
    try:
        tasks = list(import_module(f"scenarios.packs.{pack}").tasks(path))
        if not tasks:
            raise OperatorError(f"{path}: there is no task in it")
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".importing-", dir=into) as scratch:
            home = Path(scratch) / pack
            home.mkdir()
            imported = written(tasks, home, sandbox)
            if imported.held:
                replace_pack(home, into / pack)
            return imported
    except PackError as error:
        raise OperatorError(str(error)) from None
    except OSError as error:
        raise OperatorError(f"can't write the pack in {into}: {error.strerror or error}") from None


def written(tasks: Sequence[PackTask], home: Path, sandbox: Sandbox) -> Imported:
    """Write every task that can be judged; keep those whose proof holds."""
    reasons = dict(refused(tasks, home))
    scenarios = [load_scenario(home / task.slug, "pack") for task in tasks if task.slug not in reasons]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for scenario, flaw in zip(scenarios, pool.map(lambda item: flaw_of(item, sandbox), scenarios), strict=True):
            if flaw:
                reasons[scenario.directory.name] = flaw
    held = [scenario.id for scenario in scenarios if scenario.directory.name not in reasons]
    for slug in reasons:
        shutil.rmtree(home / slug, ignore_errors=True)
    if held:
        write_suite(home, held)
    return Imported(len(tasks), held, [(f"{home.name}/{slug}", reason) for slug, reason in reasons.items()])


def refused(tasks: Sequence[PackTask], home: Path) -> Iterator[tuple[str, str]]:
    """Slug and reason of each task that does not become a scenario; the others are written."""
    for task in tasks:
        if task.unusable:
            yield task.slug, task.unusable
            continue
        if (home / task.slug).exists():
            raise PackError(f"{home.name}/{task.slug}: two tasks have this name")
        write_task(task, home)
        try:
            load_scenario(home / task.slug, "pack")
        except CatalogueError as error:
            yield task.slug, error.reason


def flaw_of(scenario: Scenario, sandbox: Sandbox) -> str | None:
    """The first thing that does not hold."""
    return next((flaw.what for flaw in flaws_of(scenario, [PUBLIC_SEED], sandbox, [])), None)


def replace_pack(new: Path, place: Path) -> None:
    """A whole pack under its name; the older one goes only then."""
    if place.exists():
        place.rename(new.with_name(f"{place.name}-before"))
    new.rename(place)
