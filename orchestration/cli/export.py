"""`aibaas export`: what was found, as configurations of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.settings import OperatorError, Settings, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestration.providers.litellm_router import Deployment
    from orchestration.providers.target_file import HostEntry
    from orchestration.providers.targets import Target
    from orchestration.storage.database import Database
    from orchestration.storage.marts import FamilyStanding

WINDOWS = ("24h", "7d", "30d", "90d")
NOTHING = "nothing has been measured yet: ./aibaas demo measures simulated targets, ./aibaas up real ones too"


@click.group()
def command() -> None:
    """Write what was found for other programs."""


@command.command("litellm-router")
@click.option("--family", help="One family of tasks, or `all` for the whole suite. Default: each of them.")
@click.option("--window", default="7d", show_default=True, type=click.Choice(WINDOWS), help="What is judged.")
@click.option("--simulated", "is_simulated", is_flag=True, help="The simulated targets instead of the real ones.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Default: the terminal.")
def litellm_router(family: str | None, window: str, is_simulated: bool, output: Path | None) -> None:
    """Write the recommended order of targets, by family, as a configuration of litellm's Router and proxy.

    Keys are written as references to environment variables, never as values.
    """
    from orchestration.collection.installation import known_targets
    from orchestration.storage.discovery_rows import stored_enrolments

    config = settings()
    database = open_database(config)
    standings = chosen_standings(database, window, family, is_simulated=is_simulated)
    text = configuration(config.targets_file, known_targets(config, stored_enrolments(database)), standings, window)
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)


def open_database(config: Settings) -> Database:
    """The database, started where it is the embedded one and was made before."""
    from orchestration.cli.preparation import start_database
    from orchestration.storage.embedded_postgres import EmbeddedPostgres

    if config.database_url is None and not EmbeddedPostgres(config.home).files.data.exists():
        raise OperatorError(NOTHING)
    return start_database(config)


def chosen_standings(
    database: Database, window: str, family: str | None, *, is_simulated: bool
) -> list[FamilyStanding]:
    """The standings that are exported. Raises OperatorError where there are none."""
    from orchestration.storage.marts import read_standings

    standings = read_standings(database, window, is_simulated=is_simulated)
    if not standings:
        others = read_standings(database, window, is_simulated=not is_simulated)
        raise OperatorError(without_standings(window, has_others=bool(others), is_simulated=is_simulated))
    families = sorted({one.family for one in standings})
    if family is not None and family not in families:
        raise OperatorError(f"no target has a score in the family {family!r}: there are {', '.join(families)}")
    return [one for one in standings if family in {None, one.family}]


def without_standings(window: str, *, has_others: bool, is_simulated: bool) -> str:
    if not has_others:
        return f"no target has a score in the window {window}: {NOTHING}"
    kind, way = ("simulated", "leave --simulated out") if is_simulated else ("real", "--simulated exports those")
    return f"no {kind} target has a score in the window {window}, only the others have: {way}"


def configuration(
    targets_file: Path, targets: Sequence[Target], standings: Sequence[FamilyStanding], window: str
) -> str:
    """The YAML text; targets that are left out are told on standard error. Raises OperatorError when none is left."""
    import yaml

    from orchestration.providers.litellm_router import router_config
    from orchestration.providers.target_entries import read_target_file

    known = {target.target_id: target for target in targets}
    usable = told_usable(standings, known)
    config = router_config(deployments(usable, known, read_target_file(targets_file).usable_hosts))
    return heading(usable, window) + yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


def told_usable(standings: Sequence[FamilyStanding], known: Mapping[str, Target]) -> list[FamilyStanding]:
    """The standings of targets that can be asked; why others can't is said. Raises OperatorError when none can."""
    reasons = {one.target_id: left_out(known.get(one.target_id)) for one in standings}
    told = ", ".join(f"{target_id} ({reason})" for target_id, reason in reasons.items() if reason)
    if all(reasons.values()):
        raise OperatorError(f"every target with a score is left out: {told}")
    if told:
        click.echo(f"left out: {told}", err=True)
    return [one for one in standings if reasons[one.target_id] is None]


def left_out(target: Target | None) -> str | None:
    """Why a target isn't exported. A key that is missing here is no reason: the router has its own environment."""
    if target is None:
        return "no longer a target"
    return target.disabled_reason if target.is_withdrawn else None


def deployments(
    standings: Sequence[FamilyStanding], known: Mapping[str, Target], hosts: Mapping[str, HostEntry]
) -> dict[str, list[Deployment]]:
    from orchestration.providers.litellm_router import Deployment
    from orchestration.stats.recommended_order import recommended_order

    families: dict[str, list[Deployment]] = {}
    for family in dict.fromkeys(one.family for one in standings):
        groups = recommended_order(one for one in standings if one.family == family)
        families[family] = [
            Deployment(known[one.target_id], hosts[known[one.target_id].host_name], facts(one, group))
            for group, members in enumerate(groups, start=1)
            for one in members
        ]
    return families


def facts(one: FamilyStanding, group: int) -> dict[str, Any]:
    """What the order rests on; targets of one group can't be told apart by their scores."""
    from orchestration.stats.recommended_order import cost_per_solved_task_usd

    return {
        "is_simulated": one.is_simulated,
        "is_preliminary": one.is_preliminary,
        "suite": f"{one.suite} v{one.suite_version}",
        "group": group,
        "score_mean": one.score_mean,
        "score_ci95_lower": one.score_ci95_lower,
        "score_ci95_upper": one.score_ci95_upper,
        "scored_count": one.scored_count,
        "cost_per_solved_task_usd": cost_per_solved_task_usd(one),
        "latency_p50_ms": one.latency_p50_ms,
        "error_rate": one.error_rate,
    }


def heading(standings: Sequence[FamilyStanding], window: str) -> str:
    newest = max(one.window_end for one in standings)
    label = "SIMULATED targets: to try it out, not to work with.\n# " if standings[0].is_simulated else ""
    return (
        f"# {label}Order of targets by family, recommended from the {window} to {newest:%Y-%m-%d %H}:00 UTC.\n"
        "# Start a proxy: litellm --config FILE. Keys are taken from the environment variables that are named.\n"
    )


def write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"can't write {path}: {error.strerror}; choose another place with --output") from None
