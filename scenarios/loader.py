"""Reads the catalogue from disk and refuses what is broken, with file, line, field and reason.

Not here: what a field may hold (schema), nor what a seed makes of a scenario (variants).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from scenarios.errors import CatalogueError
from scenarios.marked_yaml import MarkedTree, parse
from scenarios.schema import (
    FULL_SCORE,
    NEEDS_ENTRY,
    PUBLIC_SEED,
    Family,
    Scenario,
    ScenarioDefinition,
    Suite,
    SuitesFile,
)
from scenarios.templates import SolutionTemplate, TextTemplate
from scenarios.variants import first_error, instantiate, refuse_unheld_dialogues, repository_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scenarios.variants import Variant

Model = TypeVar("Model", bound=BaseModel)

__all__ = ["Catalogue", "CatalogueError", "load_catalogue", "load_scenario"]

LARGEST_FILE_BYTES: Final = 256 * 1024
LARGEST_PACK_FILE_BYTES: Final = 8 * 1024 * 1024
Place = Literal["core", "community", "pack"]
FEWEST_WRONG_SOLUTIONS: Final[Mapping[Place, int]] = {"core": 2, "community": 2, "pack": 0}
FAMILIES: Final = frozenset(get_args(Family))
EXTENSION_OF: Final[Mapping[str, str]] = {
    "python": ".py",
    "sql": ".sql",
    "bash": ".sh",
    "javascript": ".js",
    "text": ".md",
}
HEADER: Final = re.compile(
    r"(?:#|--|//|<!--) score: (?P<score>\d+(?:\.\d{1,4})?)(?: - (?P<note>[^\n]*?))?(?: *-->)?(?:\n|$)"
)
DIALOGUE: Final = "tests/dialogue.yaml"
DIALOGUE_EXTENSION: Final = ".yaml"
FIXTURE: Final = re.compile(r"tests/(?:[a-z0-9_-]+\.sql|[a-z][a-z0-9_]*\.py)")
SOLUTION_NAME: Final = re.compile(r"solutions/(?P<name>reference|wrong_[a-z0-9_]+)(?P<extension>\.[a-z]+)")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All scenarios by id and all suites by name. `errors` is filled only when loading kept going."""

    scenarios: Mapping[str, Scenario]
    suites: Mapping[str, Suite]
    errors: tuple[CatalogueError, ...] = ()

    def variant(self, scenario_id: str, version: int, seed: int) -> Variant:
        """The variant of a scenario version. Raises LookupError when the catalogue holds another version or none."""
        scenario = self.scenarios[scenario_id]
        if scenario.version != version:
            raise LookupError(f"the catalogue holds version {scenario.version} of {scenario_id}, not {version}")
        return instantiate(scenario, seed)


@dataclass(slots=True)
class _Loading:
    """What has been read so far, and how a fault is met: raised, or noted when loading keeps going."""

    keep_going: bool
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    folder_of_canary: dict[str, Path] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    errors: list[CatalogueError] = field(default_factory=list)

    def meet(self, error: CatalogueError) -> None:
        if not self.keep_going:
            raise error
        self.errors.append(error)

    def add(self, folder: Path, place: Place) -> None:
        try:
            scenario = load_scenario(folder, place)
            refuse_twin(scenario, self.scenarios, self.folder_of_canary)
        except CatalogueError as error:
            self.broken.add(f"{folder.parent.name}/{folder.name}")
            self.meet(error)
        else:
            self.scenarios[scenario.id] = scenario
            self.folder_of_canary[scenario.canary] = folder


def load_catalogue(root: Path, *, packs: Path | None = None, keep_going: bool = False) -> Catalogue:
    """The catalogue under `root`: suites.yaml, core/<family>/<slug>/ and community/<handle>/<slug>/.

    `packs` is a folder of imported packs, <pack>/<slug>/ with a suites.yaml each; it may be absent.
    Ids, canaries and names of suites are unique over all of it.
    Raises CatalogueError for the first fault; with `keep_going` faults are collected, and what is broken is left out.
    """
    loading = _Loading(keep_going)
    suites: dict[str, Suite] = {}
    core, community = root / "core", root / "community"
    if not core.is_dir():
        loading.meet(CatalogueError(core, 1, "(folder)", "there is no such folder"))
    homes: list[tuple[Path, Place]] = [(core, "core"), (community, "community"), *pack_homes(packs)]
    for home, place in homes:
        try:
            for folder in scenario_folders(home, place):
                loading.add(folder, place)
        except CatalogueError as error:
            loading.meet(error)
    for file in (root / "suites.yaml", *(home / "suites.yaml" for home, _ in pack_homes(packs))):
        try:
            add_suites(suites, file, loading)
        except CatalogueError as error:
            loading.meet(error)
    return Catalogue(loading.scenarios, suites, tuple(loading.errors))


def pack_homes(packs: Path | None) -> list[tuple[Path, Place]]:
    """The folders of packs; one that begins with a dot is being written."""
    if packs is None or not packs.is_dir():
        return []
    return [(home, "pack") for home in listed(packs) if not home.name.startswith(".")]


def scenario_folders(home: Path, place: Place) -> Iterator[Path]:
    """A pack holds its scenarios, core and community hold folders of them (families, handles)."""
    if place != "pack" and not home.is_dir():
        return
    owners = [home] if place == "pack" else listed(home)
    for owner in owners:
        refuse_link(owner)
        if not owner.is_dir():
            raise CatalogueError(owner, 1, "(file)", f"unexpected: {home.name} holds folders of scenarios")
        if place != "core" and owner.name in FAMILIES:
            raise CatalogueError(owner, 1, "(folder)", "the name of a family, which only core's scenarios have")
        yield from (item for item in listed(owner) if place != "pack" or item.name != "suites.yaml")


def listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise CatalogueError(folder, 1, "(folder)", f"can't be read: {error.strerror}") from None


def load_scenario(folder: Path, place: Place = "core") -> Scenario:
    """One scenario folder, checked whole: its public variant is made once. Raises CatalogueError."""
    files = read_folder(folder, LARGEST_PACK_FILE_BYTES if place == "pack" else LARGEST_FILE_BYTES)
    tree = parse(folder / "scenario.yaml", required(folder, files, "scenario.yaml"))
    definition = validated(ScenarioDefinition, tree)
    refuse_wrong_place(definition, folder, tree, place)
    scenario = Scenario(
        **dict(definition),
        content_sha256=content_sha256(files | generated(definition)),
        directory=folder,
        prompt_template=prompt_of(definition, folder, files),
        checks_template=checks_of(definition, folder, files),
        dialogue_template=dialogue_of(folder, files),
        fixtures=fixtures_of(definition, folder, files),
        solution_templates=solutions_of(definition, folder, files, FEWEST_WRONG_SOLUTIONS[place]),
    )
    refuse_equal_solutions(scenario)
    refuse_unheld_dialogues(instantiate(scenario))
    return scenario


def read_folder(folder: Path, largest_bytes: int = LARGEST_FILE_BYTES) -> dict[str, str]:
    """Every file of the folder by its path in it, in one order on every machine."""
    refuse_link(folder)
    if not folder.is_dir():
        raise CatalogueError(folder, 1, "(file)", "unexpected: a family's folder holds one folder per scenario")
    return dict(sorted(read_files(folder, "", largest_bytes)))


def read_files(folder: Path, prefix: str, largest_bytes: int) -> Iterator[tuple[str, str]]:
    for path in listed(folder):
        refuse_link(path)
        name = f"{prefix}{path.name}"
        if path.is_dir() and name in {"tests", "solutions"}:
            yield from read_files(path, f"{name}/", largest_bytes)
        else:
            refuse_unexpected(path, name)
            yield name, read_text(path, largest_bytes)


def refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise CatalogueError(path, 1, "(file)", "a symbolic link is not allowed: put the file itself here")


def refuse_unexpected(path: Path, name: str) -> None:
    expected = name in {"scenario.yaml", "prompt.md", "tests/checks.yaml", DIALOGUE}
    if not (expected or FIXTURE.fullmatch(name) or SOLUTION_NAME.fullmatch(name)):
        reason = "unexpected: a scenario holds scenario.yaml, prompt.md, tests/ and solutions/{reference,wrong_*}"
        raise CatalogueError(path, 1, "(file)", reason)


def read_text(path: Path, largest_bytes: int = LARGEST_FILE_BYTES) -> str:
    try:
        if path.exists() and not path.is_file():
            raise CatalogueError(path, 1, "(file)", "no regular file")
        if path.stat().st_size > largest_bytes:
            raise CatalogueError(path, 1, "(file)", f"larger than {largest_bytes // 1024} KiB")
        data = path.read_bytes()
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogueError(path, line, "(file)", f"not UTF-8: byte {data[error.start]:#04x}") from None
    except OSError as error:
        raise CatalogueError(path, 1, "(file)", f"can't be read: {error.strerror}") from None


def required(folder: Path, files: Mapping[str, str], name: str) -> str:
    if name not in files:
        raise CatalogueError(folder / name, 1, "(file)", "missing")
    if not files[name].strip():
        raise CatalogueError(folder / name, 1, "(file)", "empty")
    return files[name]


def validated(model: type[Model], tree: MarkedTree) -> Model:
    try:
        return model.model_validate_json(json.dumps(tree.value))
    except ValidationError as error:
        raise first_error(tree, error) from None


def refuse_wrong_place(definition: ScenarioDefinition, folder: Path, tree: MarkedTree, kind: Place) -> None:
    place = f"{folder.parent.name}/{folder.name}"
    if definition.id != place:
        raise tree.error(("id",), f"{definition.id!r} lies in the folder {place!r}: one of them is wrong")
    if kind == "pack" and not definition.source:
        raise tree.error(("source",), "missing: a pack's scenario says where it comes from")
    if kind == "core" and definition.family != folder.parent.name:
        raise tree.error(("family",), f"{definition.family!r} lies in the folder {folder.parent.name!r}")


def generated(definition: ScenarioDefinition) -> dict[str, str]:
    """What is made for the public variant, as one more file: it changes with the generator and not with the folder."""
    if definition.repository is None:
        return {}
    return {"(repository)": json.dumps(repository_values(definition.repository, PUBLIC_SEED), sort_keys=True)}


def content_sha256(files: Mapping[str, str]) -> str:
    """Names and contents with their lengths, so that no two folders read the same."""
    digest = hashlib.sha256()
    for name, text in files.items():
        for part in (name.encode(), text.encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def prompt_of(definition: ScenarioDefinition, folder: Path, files: Mapping[str, str]) -> TextTemplate:
    text = required(folder, files, "prompt.md")
    if definition.canary in text:
        line = text[: text.index(definition.canary)].count("\n") + 1
        raise CatalogueError(folder / "prompt.md", line, "canary", "must not be sent to a model: take it out")
    return TextTemplate(folder / "prompt.md", text)


def checks_of(definition: ScenarioDefinition, folder: Path, files: Mapping[str, str]) -> MarkedTree:
    file = folder / "tests" / "checks.yaml"
    text = required(folder, files, "tests/checks.yaml")
    if definition.canary not in text:
        raise CatalogueError(file, 1, "canary", f"a published file carries it: add the line `# {definition.canary}`")
    return parse(file, text)


def dialogue_of(folder: Path, files: Mapping[str, str]) -> MarkedTree | None:
    return parse(folder / DIALOGUE, required(folder, files, DIALOGUE)) if DIALOGUE in files else None


def fixtures_of(definition: ScenarioDefinition, folder: Path, files: Mapping[str, str]) -> dict[str, TextTemplate]:
    found = {
        name.removeprefix("tests/"): TextTemplate(folder / name, text)
        for name, text in files.items()
        if FIXTURE.fullmatch(name)
    }
    takes_modules = definition.language == "python" and definition.grader.kind in NEEDS_ENTRY
    for name, template in found.items():
        if name.endswith(".py") and not takes_modules:
            raise CatalogueError(
                template.path, 1, "(file)", "unexpected: only answers in Python with an entry import it"
            )
    return found


def solutions_of(
    definition: ScenarioDefinition, folder: Path, files: Mapping[str, str], fewest_wrong: int
) -> tuple[SolutionTemplate, ...]:
    """The reference first, then the wrong ones by name."""
    extension = DIALOGUE_EXTENSION if DIALOGUE in files else EXTENSION_OF[definition.language]
    required(folder, files, f"solutions/reference{extension}")
    solutions = tuple(
        solution_of(folder / name, extension, text) for name, text in files.items() if name.startswith("solutions/")
    )
    wrong_count = len(solutions) - 1
    if wrong_count < fewest_wrong:
        reason = f"{wrong_count} wrong solutions (wrong_*{extension}), at least {fewest_wrong} are needed"
        raise CatalogueError(folder / "solutions", 1, "(folder)", reason)
    return solutions


def solution_of(file: Path, extension: str, text: str) -> SolutionTemplate:
    if file.suffix != extension:
        raise CatalogueError(file, 1, "(file)", f"a solution of this scenario ends in {extension}")
    header = HEADER.match(text)
    if header is None:
        raise CatalogueError(file, 1, "score", "the first line must be a comment such as `score: 4.5 - what is wrong`")
    score = float(header["score"])
    if file.stem == "reference" and score != FULL_SCORE:
        raise CatalogueError(file, 1, "score", f"the reference scores 10, not {score:g}")
    if file.stem != "reference" and score >= FULL_SCORE:
        raise CatalogueError(file, 1, "score", f"a wrong solution scores less than 10, not {score:g}")
    template = TextTemplate(file, text[header.end() :], first_line=2)
    return SolutionTemplate(
        name=file.stem,
        template=template,
        expected_score=score,
        note=(header["note"] or "").strip(),
        turns=parse(file, text) if extension == DIALOGUE_EXTENSION else None,
    )


def refuse_equal_solutions(scenario: Scenario) -> None:
    by_text = sorted(scenario.solution_templates, key=lambda solution: solution.template.text)
    for one, other in pairwise(by_text):
        if one.template.text.strip() == other.template.text.strip():
            raise CatalogueError(other.template.path, 2, "(file)", f"the same text as {one.template.path.name}")


def refuse_twin(scenario: Scenario, scenarios: Mapping[str, Scenario], folder_of_canary: Mapping[str, Path]) -> None:
    """An id names the folder, so only a handle and a pack may share one; a copied folder shows by its canary."""
    twin = scenarios.get(scenario.id)
    others = {"id": None if twin is None else twin.directory, "canary": folder_of_canary.get(scenario.canary)}
    for name, other in others.items():
        if other is not None:
            file = scenario.directory / "scenario.yaml"
            raise parse(file, read_text(file)).error((name,), f"duplicate: {other / 'scenario.yaml'} has the same")


def add_suites(suites: dict[str, Suite], file: Path, loading: _Loading) -> None:
    """Add the suites of a file; one that holds a broken scenario is left out without a second complaint."""
    refuse_link(file)
    if not file.is_file():
        raise CatalogueError(file, 1, "(file)", "missing")
    tree = parse(file, read_text(file))
    for index, suite in enumerate(validated(SuitesFile, tree).suites):
        if suite.name in suites:
            raise tree.error(("suites", index, "name"), f"duplicate suite {suite.name!r}")
        refuse_unknown_members(suite, index, tree, loading.scenarios.keys() | loading.broken)
        if loading.broken.isdisjoint(suite.scenario_ids):
            suites[suite.name] = suite


def refuse_unknown_members(suite: Suite, index: int, tree: MarkedTree, known: set[str]) -> None:
    for position, scenario_id in enumerate(suite.scenario_ids):
        place = ("suites", index, "scenario_ids", position)
        if scenario_id not in known:
            raise tree.error(place, f"there is no scenario {scenario_id!r}")
        if scenario_id in suite.scenario_ids[:position]:
            raise tree.error(place, f"{scenario_id!r} is listed twice")
