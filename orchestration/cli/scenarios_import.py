"""`aibaas scenarios import`: a public task set becomes a pack of scenarios."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenarios.packs.task import LeftOut, Task
    from scenarios.schema import Scenario

PACKS: Final = ("humaneval", "mbpp", "evalplus", "quixbugs", "exercism")


@click.command("import")
@click.argument("pack", type=click.Choice(PACKS))
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Where packs lie. Default: packs/ of the data directory.")
def command(pack: str, paths: tuple[Path, ...], into: Path | None) -> None:
    """Make a pack of scenarios of the files of a public task set, as its authors publish them.

    Each task is proven: the published solution scores 10, the published bug less, and an empty answer, a refusal and
    the prompt handed back nothing. Tasks that do not hold are named and stay out of the pack's suite; exit code 1.
    """
    packs = (into or settings().packs_dir).resolve()
    tasks, left_out = sorted_out(pack, paths)
    try:
        flawed, kept = written_pack(packs, pack, tasks, left_out)
    except OSError as error:
        reason = f"can't write in {packs}: {error.strerror}; nothing was imported: make room or name another --into"
        raise OperatorError(reason) from None
    tell(pack, left_out, flawed)
    count = len(tasks) + len(left_out)
    click.echo(f"{pack}: {kept} of {count} tasks hold and are its suite, measured daily; in {packs / pack}")
    sys.exit(1 if kept < count else 0)


def sorted_out(pack: str, paths: tuple[Path, ...]) -> tuple[list[Task], dict[str, str]]:
    """The tasks of all paths, and the reasons of those that are left out. Raises CatalogueError, OperatorError."""
    from scenarios.packs.task import LeftOut

    tasks: dict[str, Task] = {}
    left_out: dict[str, str] = {}
    for item in published(pack, paths):
        if isinstance(item, LeftOut):
            left_out[item.name] = item.reason
        elif item.slug in tasks:
            raise OperatorError(f"{item.name} is there twice: {tasks[item.slug].name} gives the same id {item.slug!r}")
        else:
            tasks[item.slug] = item
    if not tasks:
        name, reason = next(iter(left_out.items()))
        raise OperatorError(f"no task can be imported: {name}: {reason}")
    return list(tasks.values()), left_out


def published(pack: str, paths: tuple[Path, ...]) -> Iterator[Task | LeftOut]:
    importer = import_module(f"scenarios.packs.{pack}")
    for path in paths:
        if not path.exists():
            raise OperatorError(f"{path}: there is no such file or folder")
        yield from importer.tasks(path)


def written_pack(
    packs: Path, pack: str, tasks: list[Task], left_out: dict[str, str]
) -> tuple[dict[str, list[str]], int]:
    """Write, prove and place the pack: the flaws by id, and how many hold. What does not load joins `left_out`."""
    from scenarios.packs.folder import suites_text, write_scenario
    from scenarios.packs.placing import new_pack

    with new_pack(packs, pack) as folder:
        for task in tasks:
            write_scenario(folder / task.slug, task, pack, packs / pack / task.slug)
        scenarios = loadable(folder, tasks, left_out)
        flawed = proven(scenarios)
        versions = {scenario.id: scenario.version for scenario in scenarios if not flawed[scenario.id]}
        if not versions:
            tell(pack, left_out, flawed)
            raise OperatorError(f"no task of {pack} holds: nothing was imported")
        (folder / "suites.yaml").write_text(suites_text(pack, versions, packs / pack), encoding="utf-8")
    return flawed, len(versions)


def loadable(folder: Path, tasks: list[Task], left_out: dict[str, str]) -> list[Scenario]:
    from scenarios.loader import CatalogueError, load_scenario

    scenarios = []
    for task in tasks:
        try:
            scenarios.append(load_scenario(folder / task.slug, "pack"))
        except CatalogueError as error:
            left_out[task.name] = f"{error.file.name}: {error.field}: {error.reason}"
            shutil.rmtree(folder / task.slug)
    return scenarios


def proven(scenarios: list[Scenario]) -> dict[str, list[str]]:
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.scoring.pack_proof import flaws_of_each

    with (
        NamespaceSandbox().proven() as sandbox,
        click.progressbar(length=len(scenarios), label="proving", file=sys.stderr) as bar,
    ):
        return flaws_of_each(scenarios, sandbox, lambda: bar.update(1))


def tell(pack: str, left_out: dict[str, str], flawed: dict[str, list[str]]) -> None:
    for name, reason in left_out.items():
        click.echo(f"left out: {pack} {name}: {reason}")
    for scenario_id, flaws in flawed.items():
        for flaw in flaws:
            click.echo(f"not in the suite: {scenario_id}: {flaw}")
