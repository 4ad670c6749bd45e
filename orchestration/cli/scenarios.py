"""`aibaas scenarios …`: what a person who writes scenarios needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli import scenario_diff, scenario_new
from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from orchestration.scoring.pack_import import Pack, TaskSet
    from orchestration.scoring.proof import Flaw
    from scenarios.dialogue import Dialogue
    from scenarios.loader import Catalogue
    from scenarios.schema import Scenario


@click.group()
def command() -> None:
    """Write scenarios: check their files, prove them, look at what a seed makes of them."""


command.add_command(scenario_new.command)
command.add_command(scenario_diff.command)


@command.command()
@click.option("--keep-going", is_flag=True, help="Name every broken scenario instead of the first.")
def validate(*, keep_going: bool) -> None:
    """Read the whole catalogue. A broken file is named with line, field and reason."""
    catalogue = loaded(keep_going=keep_going)
    for error in catalogue.errors:
        click.echo(str(error), err=True)
    families = {scenario.family for scenario in catalogue.scenarios.values()}
    click.echo(f"{len(catalogue.scenarios)} scenarios in {len(families)} families")
    sys.exit(2 if catalogue.errors else 0)


@command.command()
@click.argument("scenario_ids", nargs=-1, metavar="[FAMILY/SLUG]…")
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="How many variants of each.")
def prove(scenario_ids: tuple[str, ...], seeds: int) -> None:
    """Grade every solution of the scenarios (all by default), and what must be worth nothing. Exit code 1 on a flaw."""
    from concurrent.futures import ThreadPoolExecutor

    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.scoring.proof import flaws_of, seeds_of

    catalogue = loaded()
    chosen = [scenario_of(catalogue, scenario_id) for scenario_id in scenario_ids or catalogue.scenarios]
    others = list(catalogue.scenarios.values())[:3]
    broken = 0
    with NamespaceSandbox().proven() as sandbox, ThreadPoolExecutor(os.cpu_count() or 1) as pool:

        def proof_of(scenario: Scenario) -> list[Flaw]:
            return list(flaws_of(scenario, seeds_of(scenario, seeds), sandbox, others))

        for flaws in pool.map(proof_of, chosen):
            for flaw in flaws:
                click.echo(str(flaw))
            broken += bool(flaws)
    click.echo(f"{len(chosen) - broken} of {len(chosen)} scenarios hold")
    sys.exit(1 if broken else 0)


@command.command()
@click.argument("scenario_ids", nargs=-1, metavar="[FAMILY/SLUG]…")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The variant that is changed.")
@click.option("--most", type=click.IntRange(1), default=60, show_default=True, help="Mutants of each, drawn evenly.")
def mutants(scenario_ids: tuple[str, ...], seed: int, most: int) -> None:
    """Put small mistakes into the references and name those that the checks don't notice. Exit code 1 under 80%."""
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.scoring.mutants import read_equivalents, survey
    from orchestration.scoring.mutations import missing_engine

    catalogue = loaded()
    explained = read_equivalents(settings().scenarios_dir)
    weak = 0
    with NamespaceSandbox().proven() as sandbox:
        for scenario_id in scenario_ids or catalogue.scenarios:
            scenario = scenario_of(catalogue, scenario_id)
            if engine := missing_engine(scenario.language):
                click.echo(f"{scenario_id}: not mutated, as {engine}, a tool of development, is not installed")
                continue
            found = survey(scenario, sandbox, seed=seed, most=most, equivalents=explained.get(scenario_id, {}))
            click.echo(
                f"{scenario_id}: {found.killed} of {found.drawn} noticed ({found.made} made, "
                f"{len(found.equivalents)} equivalent)"
            )
            for change in found.survivors:
                click.echo(f"  not noticed, line {change}")
            for change in found.stale:
                click.echo(f"  explained without need: {change}")
            weak += not found.holds
    sys.exit(1 if weak else 0)


@command.command()
@click.argument("scenario_id", metavar="FAMILY/SLUG")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="0 is the public variant.")
def show(scenario_id: str, seed: int) -> None:
    """Print the prompt, what may follow it, and the checks that a seed makes of a scenario."""
    from scenarios.variants import instantiate, variant_count

    scenario = scenario_of(loaded(), scenario_id)
    variant = instantiate(scenario, seed)
    click.secho(f"{scenario.id} version {scenario.version}, seed {seed} of {variant_count(scenario)}", bold=True)
    click.echo(variant.prompt)
    if variant.dialogue:
        show_dialogue(variant.dialogue)
    for check in variant.checks:
        click.secho(f"{check.name} (weight {check.weight:g})", bold=True)
        click.echo(check.model_dump_json(exclude={"name", "weight"}, exclude_defaults=True))


def show_dialogue(dialogue: Dialogue) -> None:
    for tool in dialogue.tools:
        click.secho(f"tool {tool.name}", bold=True)
        click.echo(tool.model_dump_json(exclude={"name"}, exclude_defaults=True))
    for said in dialogue.follow_ups:
        click.secho("the user goes on", bold=True)
        click.echo(said)


@command.command()
def publish() -> None:
    """Record what each version holds. Refuses a scenario that has changed under the same version."""
    from scenarios import contents

    file = settings().scenarios_dir / contents.FILE.name
    scenarios = [scenario for scenario in loaded().scenarios.values() if scenario.is_core]
    if changes := contents.silent_changes(scenarios, contents.published(file)):
        raise OperatorError("; ".join(changes))
    contents.publish(scenarios, file)
    click.echo(f"{len(scenarios)} scenarios recorded in {file}")


@command.command("import")
@click.argument("pack", type=click.Choice(["humaneval", "mbpp", "evalplus", "quixbugs", "exercism"]))
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Another folder of packs than that of this installation.")
@click.option("--published-tests-only", is_flag=True, help="Leave out the checks by inputs derived from them.")
def import_(pack: Pack, paths: tuple[Path, ...], into: Path | None, *, published_tests_only: bool) -> None:
    """Turn a public task set's own files into scenarios, prove them, and say which are left out and why."""
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.scoring.pack_import import import_set, read_set, with_derived_checks

    packs = (into or settings().packs_dir).resolve()
    found = read_set(pack, paths)
    with NamespaceSandbox().proven() as sandbox:
        if not published_tests_only:
            with counting("deriving", found) as bar:
                found = with_derived_checks(found, sandbox, lambda: bar.update(1))
        with counting("proving", found) as bar:
            imported = import_set(found, packs, sandbox, lambda: bar.update(1))
    for name, reason in imported.left_out.items():
        click.echo(f"left out: {name}: {reason}")
    count = len(imported.held) + len(imported.left_out)
    click.echo(f"{len(imported.held)} of {count} tasks hold and make the suite {pack} in {packs / pack}")


def counting(label: str, found: TaskSet) -> ProgressBar[int]:
    return click.progressbar(length=len(found.tasks), label=label, file=sys.stderr)


@command.command()
@click.argument("packages", nargs=-1, required=True, metavar="PACKAGE…")
def inventory(packages: tuple[str, ...]) -> None:
    """Freeze the names and signatures of installed packages, `python` for the standard library.

    Answers are judged by these files: a frozen one changes only on purpose.
    """
    from orchestration.scoring.inventory_making import inventory_text
    from scenarios.schema import INVENTORIES

    for package in packages:
        try:
            text = inventory_text(package)
        except ModuleNotFoundError as error:
            raise OperatorError(f"no inventory of {package!r}: {error}") from None
        (INVENTORIES / f"{package}.json").write_text(text, encoding="utf-8")
        click.echo(f"{package}: {text.count(chr(10)) - 5} names, {len(text) // 1024} KB")


def loaded(*, keep_going: bool = False) -> Catalogue:
    from scenarios.loader import load_catalogue

    config = settings()
    return load_catalogue(config.scenarios_dir, packs=config.packs_dir, keep_going=keep_going)


def scenario_of(catalogue: Catalogue, scenario_id: str) -> Scenario:
    from difflib import get_close_matches

    if scenario_id in catalogue.scenarios:
        return catalogue.scenarios[scenario_id]
    near = get_close_matches(scenario_id, catalogue.scenarios, n=3)
    hint = f"near it: {', '.join(near)}" if near else "`./aibaas scenarios validate` counts what there is"
    raise OperatorError(f"no scenario {scenario_id!r}: {hint}")
