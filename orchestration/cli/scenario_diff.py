"""`aibaas scenarios diff`: what has changed since a revision, as a model and a grader see it."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scenarios.schema import Scenario


@dataclass(frozen=True, slots=True)
class Shown:
    """A scenario's folder as it is compared: texts by name, and the version; None for what does not load."""

    texts: Mapping[str, str]
    version: int | None


NOTHING = Shown({}, None)


@click.command("diff")
@click.argument("scenario_ids", nargs=-1, metavar="[FAMILY/SLUG]…")
@click.option("--against", default="HEAD", show_default=True, metavar="REV", help="A git revision.")
def command(scenario_ids: tuple[str, ...], against: str) -> None:
    """Show what has changed of scenarios (all by default): the public variant's prompt, checks and solutions.

    Exit code 1 when a scenario has changed and its version is not raised.
    """
    root = settings().scenarios_dir.resolve()
    with tempfile.TemporaryDirectory(prefix="aibaas-diff-") as place:
        old_root = Path(place)
        unpack(root, against, old_root)
        now, before = folders(root), folders(old_root)
        refuse_unknown(scenario_ids, now, before, against)
        chosen = scenario_ids or sorted(now.keys() | before.keys())
        silent = [told(name, before.get(name), now.get(name), against) for name in chosen]
    if not any(said is not None for said in silent):
        click.echo(f"nothing has changed since {against}")
    sys.exit(1 if any(silent) else 0)


def unpack(root: Path, revision: str, place: Path) -> None:
    """The catalogue of a revision, put into `place`. Raises OperatorError without git or without the revision."""
    if not root.is_dir():
        raise OperatorError(f"{root}: there is no such folder")
    top = Path(git(root, "rev-parse", "--show-toplevel", refusal=f"{root} is in no git repository").decode().strip())
    asked = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    commit = git(root, *asked, refusal=f"no revision {revision!r} in {top}").decode().strip()
    within = root.relative_to(top.resolve()).as_posix()
    if within != "." and not git(top, "ls-tree", "-d", commit, "--", within):
        return
    tree = commit if within == "." else f"{commit}:{within}"
    with tarfile.open(fileobj=io.BytesIO(git(top, "archive", "--format=tar", tree))) as archive:
        archive.extractall(place, filter="data")


def git(folder: Path, *arguments: str, refusal: str = "git failed") -> bytes:
    """What git prints. Raises OperatorError with `refusal` and git's own words."""
    try:
        result = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise OperatorError("git is not installed: scenarios are compared with what it keeps") from None
    if result.returncode:
        said = result.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").split("\n")[0]
        raise OperatorError(f"{refusal} ({said})")
    return result.stdout


def folders(root: Path) -> dict[str, Path]:
    """The folders of scenarios by id, as far as there are any; packs are under no revision."""
    places = [place for group in ("core", "community") for place in (root / group).glob("*/*") if place.is_dir()]
    return {f"{place.parent.name}/{place.name}": place for place in places}


def refuse_unknown(names: Iterable[str], now: Mapping[str, Path], before: Mapping[str, Path], revision: str) -> None:
    for name in names:
        if name not in now and name not in before:
            raise OperatorError(f"no scenario {name!r}, here or in {revision}; those of packs are in no revision")


def told(name: str, before: Path | None, now: Path | None, revision: str) -> bool | None:
    """Print what has changed; whether the version has to be raised, None where nothing has changed."""
    if before and now and files_of(before) == files_of(now):
        return None
    old, new = shown(before), shown(now)
    click.secho(f"{name}: {summary(old, new, revision)}", bold=True)
    for line in differences(old.texts, new.texts):
        click.echo(line)
    return must_raise(old, new)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def must_raise(old: Shown, new: Shown) -> bool:
    return bool(old.texts and new.texts) and (new.version or 0) <= (old.version or 0)


def summary(old: Shown, new: Shown, revision: str) -> str:
    if not old.texts:
        return f"new, {revision} does not have it"
    if not new.texts:
        return f"gone, {revision} has it as version {old.version}"
    if must_raise(old, new):
        return f"changed and still version {new.version}: raise its version to {(old.version or 0) + 1}"
    return f"changed, version {old.version} is now {new.version}"


def shown(folder: Path | None) -> Shown:
    """The public variant; the files as they are where today's rules refuse them."""
    from scenarios.loader import CatalogueError, load_scenario

    if folder is None:
        return NOTHING
    try:
        scenario = load_scenario(folder, "core" if folder.parents[1].name == "core" else "community")
        return Shown(dict(rendered(scenario)), scenario.version)
    except CatalogueError as error:
        click.echo(f"{error.file.relative_to(folder)}: {error.field}: {error.reason}: compared file by file", err=True)
        return Shown({name: text.decode("utf-8", "replace") for name, text in files_of(folder).items()}, None)


def rendered(scenario: Scenario) -> Iterator[tuple[str, str]]:
    from scenarios.variants import instantiate

    variant = instantiate(scenario)
    yield "scenario.yaml", (scenario.directory / "scenario.yaml").read_text(encoding="utf-8")
    yield "prompt", variant.prompt
    for check in variant.checks:
        yield f"check: {check.name}", f"{check.model_dump_json(indent=1, exclude_defaults=True)}\n"
    for name, text in variant.modules.items():
        yield f"tests/{name}.py", text
    for solution in variant.solutions:
        yield solution.name, f"score: {solution.expected_score:g} - {solution.note}\n{solution.text}"


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        yield from unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
