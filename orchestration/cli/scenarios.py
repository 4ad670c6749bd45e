"""`aibaas scenarios …`: what a person who writes scenarios needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from orchestration.cli import scenarios_diff, scenarios_import, scenarios_new
from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from scenarios.loader import Catalogue
    from scenarios.schema import Scenario


@click.group()
def command() -> None:
    """Write scenarios: check their files, prove them, look at what a seed makes of them."""


command.add_command(scenarios_import.command)
command.add_command(scenarios_new.command)
command.add_command(scenarios_diff.command)


@command.command()
@click.option("--keep-going", is_flag=True, help="Name every broken scenario instead of the first.")
def validate(*, keep_going: bool) -> None:
    """Read the whole catalogue. A broken file is named with line, field and reason."""
    from scenarios.loader import load_catalogue

    catalogue = load_catalogue(settings().scenarios_dir, settings().packs_dir, keep_going=keep_going)
    for error in catalogue.errors:
        click.echo(str(error), err=True)
    families = {scenario.family for scenario in catalogue.scenarios.values()}
    click.echo(f"{len(catalogue.scenarios)} scenarios in {len(families)} families")
    sys.exit(2 if catalogue.errors else 0)


@command.command()
@click.argument("scenario_ids", nargs=-1, metavar="[FAMILY/SLUG]…")
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="How many variants of each.")
def prove(scenario_ids: tuple[str, ...], seeds: int) -> None:
    """Grade every solution of the scenarios, and what must be worth nothing. Exit code 1 on a flaw.

    Without a name it takes all but those of packs, which are proven when they are imported.
    """
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.scoring.proof import flaws_of, seeds_of

    catalogue = loaded()
    ours = [scenario.id for scenario in catalogue.scenarios.values() if scenario.origin != "pack"]
    chosen = [scenario_of(catalogue, scenario_id) for scenario_id in scenario_ids or ours]
    others = list(catalogue.scenarios.values())[:3]
    broken = 0
    with NamespaceSandbox().proven() as sandbox:
        for scenario in chosen:
            flaws = list(flaws_of(scenario, seeds_of(scenario, seeds), sandbox, others))
            for flaw in flaws:
                click.echo(f"{flaw.scenario_id}, seed {flaw.seed}: {flaw.what}")
            broken += bool(flaws)
    click.echo(f"{len(chosen) - broken} of {len(chosen)} scenarios hold")
    sys.exit(1 if broken else 0)


@command.command()
@click.argument("scenario_id", metavar="FAMILY/SLUG")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="0 is the public variant.")
def show(scenario_id: str, seed: int) -> None:
    """Print the prompt and the checks that a seed makes of a scenario."""
    from scenarios.variants import instantiate, variant_count

    scenario = scenario_of(loaded(), scenario_id)
    variant = instantiate(scenario, seed)
    click.secho(f"{scenario.id} version {scenario.version}, seed {seed} of {variant_count(scenario)}", bold=True)
    click.echo(variant.prompt)
    for check in variant.checks:
        click.secho(f"{check.name} (weight {check.weight:g})", bold=True)
        click.echo(check.model_dump_json(exclude={"name", "weight"}, exclude_defaults=True))


@command.command()
def publish() -> None:
    """Record what each version of core holds. Refuses a scenario that has changed under the same version."""
    from scenarios import contents

    scenarios = [scenario for scenario in loaded().scenarios.values() if scenario.is_core]
    if changes := contents.silent_changes(scenarios, contents.published()):
        raise OperatorError("; ".join(changes))
    contents.publish(scenarios)
    click.echo(f"{len(scenarios)} scenarios recorded in {contents.FILE.name}")


def loaded() -> Catalogue:
    from scenarios.loader import load_catalogue

    return load_catalogue(settings().scenarios_dir, settings().packs_dir)


def scenario_of(catalogue: Catalogue, scenario_id: str) -> Scenario:
    from difflib import get_close_matches

    if scenario_id in catalogue.scenarios:
        return catalogue.scenarios[scenario_id]
    near = get_close_matches(scenario_id, catalogue.scenarios, n=3)
    hint = f"near it: {', '.join(near)}" if near else "`./aibaas scenarios validate` counts what there is"
    raise OperatorError(f"no scenario {scenario_id!r}: {hint}")
