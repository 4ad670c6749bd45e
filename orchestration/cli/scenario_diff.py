"""What has changed of the scenarios since a revision of git.

Not here: the command (scenarios).
"""

from __future__ import annotations

import difflib
import io
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import OperatorError, settings
from scenarios.loader import load_catalogue
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenarios.loader import Catalogue
    from scenarios.schema import Scenario


def changes_since(revision: str, now: Catalogue, chosen: Sequence[str]) -> Iterator[str]:
    """Lines to print. Raises OperatorError without git or without the revision, and for an unknown scenario."""
    before = catalogue_at(revision)
    for scenario_id in chosen:
        if scenario_id not in now.scenarios and scenario_id not in before.scenarios:
            raise OperatorError(f"no scenario {scenario_id!r}, neither here nor in {revision}")
    names = chosen or sorted({*now.scenarios, *before.scenarios})
    compared = [(name, before.scenarios.get(name), now.scenarios.get(name)) for name in names]
    changed = [item for item in compared if not is_same(item[1], item[2])]
    for name, old, new in changed:
        yield from changes_of(name, old, new)
    yield f"{len(changed)} of {len(compared)} scenarios have changed since {revision}"


def is_same(old: Scenario | None, new: Scenario | None) -> bool:
    return old is not None and new is not None and old.content_sha256 == new.content_sha256


def changes_of(name: str, old: Scenario | None, new: Scenario | None) -> Iterator[str]:
    yield f"{name}: {verdict(old, new)}"
    if old is not None and new is not None:
        yield from difflib.unified_diff(shown(old), shown(new), "before", "now", n=2, lineterm="")


def verdict(old: Scenario | None, new: Scenario | None) -> str:
    if old is None:
        return "new"
    if new is None:
        return "gone"
    if new.version > old.version:
        return f"version {old.version} -> {new.version}"
    return f"has changed and is still version {new.version}: raise its version, then ./aibaas scenarios publish"


def shown(scenario: Scenario) -> list[str]:
    """The public variant: prompt, checks, solutions."""
    variant = instantiate(scenario)
    checks = [f"{check.name}: {check.model_dump_json(exclude_defaults=True)}" for check in variant.checks]
    solutions = [
        line
        for solution in variant.solutions
        for line in (f"{solution.name}, score {solution.expected_score:g}", *solution.text.splitlines())
    ]
    return [f"version {scenario.version}", *variant.prompt.splitlines(), *checks, *solutions]


def catalogue_at(revision: str) -> Catalogue:
    root = settings().scenarios_dir
    command = ["git", "-C", str(root), "archive", "--format=tar", revision, "."]
    try:
        archive = subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise OperatorError("git is not installed: it is what knows the earlier scenarios") from None
    except subprocess.CalledProcessError as error:
        raise OperatorError(f"git can't read {revision} of {root}: {error.stderr.decode().strip()}") from None
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        opened.extractall(scratch, filter="data")
        return load_catalogue(Path(scratch), keep_going=True)
