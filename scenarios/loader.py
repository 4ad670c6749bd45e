"""Reads the catalogue from disk and refuses what is broken, with file, line, field and reason.

Not here: what a field may hold (schema), nor what a seed makes of a scenario (variants).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from scenarios.errors import CatalogueError
from scenarios.marked_yaml import MarkedTree, parse
from scenarios.schema import FULL_SCORE, NEEDS_ENTRY, Family, Origin, Scenario, ScenarioDefinition, Suite, SuitesFile
from scenarios.templates import SolutionTemplate, TextTemplate
from scenarios.variants import first_error, instantiate

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from scenarios.variants import Variant

Model = TypeVar("Model", bound=BaseModel)

__all__ = ["Catalogue", "CatalogueError", "load_catalogue", "load_scenario"]

LARGEST_FILE_BYTES: Final = 256 * 1024
FEWEST_WRONG_SOLUTIONS: Final[Mapping[Origin, int]] = {"core": 2, "community": 2, "pack": 0}
"""A public task set seldom comes with wrong answers."""

FAMILIES: Final = frozenset(get_args(Family))
HOLDS: Final[Mapping[Origin, str]] = {"core": "one folder per family", "community": "one folder per handle"}
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
    suites: dict[str, Suite] = field(default_factory=dict)
    folder_of_canary: dict[str, Path] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    errors: list[CatalogueError] = field(default_factory=list)

    def meet(self, error: CatalogueError) -> None:
        if not self.keep_going:
            raise error
        self.errors.append(error)

    def add_all(self, folders: Iterable[Path], origin: Origin) -> None:
        try:
            for folder in folders:
                self.add(folder, origin)
        except CatalogueError as error:
            self.meet(error)

    def add_suites(self, file: Path) -> None:
        try:
            self.suites |= load_suites(file, self.scenarios, self.broken, self.suites)
        except CatalogueError as error:
            self.meet(error)

    def add(self, folder: Path, origin: Origin) -> None:
        try:
            scenario = load_scenario(folder, origin)
            refuse_twin(scenario, self.scenarios, self.folder_of_canary)
        except CatalogueError as error:
            self.broken.add(f"{folder.parent.name}/{folder.name}")
            self.meet(error)
        else:
            self.scenarios[scenario.id] = scenario
            self.folder_of_canary[scenario.canary] = folder


def load_catalogue(root: Path, packs: Path | None = None, *, keep_going: bool = False) -> Catalogue:
    """The catalogue under `root` (suites.yaml, core/<family>/<slug>/, community/<handle>/<slug>/) and in `packs`.

    `packs` holds <pack>/suites.yaml and <pack>/<slug>/; it and community/ may be absent. Ids, canaries and names of
    suites are unique over all of it. Raises CatalogueError for the first fault; with `keep_going` faults are
    collected, and what is broken is left out.
    """
    loading = _Loading(keep_going)
    loading.add_all(scenario_folders(root / "core", "core"), "core")
    if (root / "community").exists():
        loading.add_all(scenario_folders(root / "community", "community"), "community")
    loading.add_suites(root / "suites.yaml")
    for pack in pack_folders(packs):
        loading.add_all(folders_of_pack(pack), "pack")
        loading.add_suites(pack / "suites.yaml")
    return Catalogue(loading.scenarios, loading.suites, tuple(loading.errors))


def scenario_folders(place: Path, origin: Origin) -> Iterator[Path]:
    if not place.is_dir():
        raise CatalogueError(place, 1, "(folder)", "there is no such folder")
    for group in listed(place):
        refuse_link(group)
        if not group.is_dir():
            raise CatalogueError(group, 1, "(file)", f"unexpected: {origin} holds {HOLDS[origin]}")
        if origin != "core":
            refuse_name_of_family(group)
        yield from listed(group)


def pack_folders(packs: Path | None) -> list[Path]:
    """The folders of packs; a name that begins with a dot is one that is being written."""
    if packs is None or not packs.is_dir():
        return []
    return [folder for folder in listed(packs) if not folder.name.startswith(".")]


def folders_of_pack(pack: Path) -> Iterator[Path]:
    refuse_link(pack)
    refuse_name_of_family(pack)
    if not pack.is_dir():
        raise CatalogueError(pack, 1, "(file)", "unexpected: there is one folder per pack")
    yield from (path for path in listed(pack) if path.name != "suites.yaml")


def refuse_name_of_family(folder: Path) -> None:
    if folder.name in FAMILIES:
        raise CatalogueError(folder, 1, "(folder)", "the name of a family, which only core's scenarios have")


def listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise CatalogueError(folder, 1, "(folder)", f"can't be read: {error.strerror}") from None


def load_scenario(folder: Path, origin: Origin = "core") -> Scenario:
    """One scenario folder, checked whole: its public variant is made once. Raises CatalogueError."""
    files = read_folder(folder)
    tree = parse(folder / "scenario.yaml", required(folder, files, "scenario.yaml"))
    definition = validated(ScenarioDefinition, tree)
    refuse_wrong_place(definition, folder, origin, tree)
    scenario = Scenario(
        **dict(definition),
        content_sha256=content_sha256(files),
        origin=origin,
        directory=folder,
        prompt_template=prompt_of(definition, folder, files),
        checks_template=checks_of(definition, folder, files),
        dialogue_template=dialogue_of(folder, files),
        fixtures=fixtures_of(definition, folder, files),
        solution_templates=solutions_of(definition, folder, files),
    )
    refuse_few_solutions(scenario)
    refuse_equal_solutions(scenario)
    instantiate(scenario)
    return scenario


def read_folder(folder: Path) -> dict[str, str]:
    """Every file of the folder by its path in it, in one order on every machine."""
    refuse_link(folder)
    if not folder.is_dir():
        raise CatalogueError(folder, 1, "(file)", "unexpected: a family's folder holds one folder per scenario")
    return dict(sorted(read_files(folder, "")))


def read_files(folder: Path, prefix: str) -> Iterator[tuple[str, str]]:
    for path in listed(folder):
        refuse_link(path)
        name = f"{prefix}{path.name}"
        if path.is_dir() and name in {"tests", "solutions"}:
            yield from read_files(path, f"{name}/")
        else:
            refuse_unexpected(path, name)
            yield name, read_text(path)


def refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise CatalogueError(path, 1, "(file)", "a symbolic link is not allowed: put the file itself here")


def refuse_unexpected(path: Path, name: str) -> None:
    expected = name in {"scenario.yaml", "prompt.md", "tests/checks.yaml", DIALOGUE}
    if not (expected or FIXTURE.fullmatch(name) or SOLUTION_NAME.fullmatch(name)):
        reason = "unexpected: a scenario holds scenario.yaml, prompt.md, tests/ and solutions/{reference,wrong_*}"
        raise CatalogueError(path, 1, "(file)", reason)


def read_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise CatalogueError(path, 1, "(file)", "no regular file")
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise CatalogueError(path, 1, "(file)", f"larger than {LARGEST_FILE_BYTES // 1024} KiB")
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


def refuse_wrong_place(definition: ScenarioDefinition, folder: Path, origin: Origin, tree: MarkedTree) -> None:
    place = f"{folder.parent.name}/{folder.name}"
    if definition.id != place:
        raise tree.error(("id",), f"{definition.id!r} lies in the folder {place!r}: one of them is wrong")
    if origin == "core" and definition.family != folder.parent.name:
        raise tree.error(("family",), f"{definition.family!r} lies in the folder {folder.parent.name!r}")
    if origin == "pack" and definition.source is None:
        raise tree.error(("source",), "field required: whose task it is, and where it was published")


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
    definition: ScenarioDefinition, folder: Path, files: Mapping[str, str]
) -> tuple[SolutionTemplate, ...]:
    """The reference first, then the wrong ones by name."""
    extension = DIALOGUE_EXTENSION if DIALOGUE in files else EXTENSION_OF[definition.language]
    required(folder, files, f"solutions/reference{extension}")
    return tuple(
        solution_of(folder / name, extension, text) for name, text in files.items() if name.startswith("solutions/")
    )


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


def refuse_few_solutions(scenario: Scenario) -> None:
    fewest, wrong_count = FEWEST_WRONG_SOLUTIONS[scenario.origin], len(scenario.solution_templates) - 1
    if wrong_count < fewest:
        reason = f"{wrong_count} wrong solutions (wrong_*), at least {fewest} are needed"
        raise CatalogueError(scenario.directory / "solutions", 1, "(folder)", reason)


def refuse_equal_solutions(scenario: Scenario) -> None:
    by_text = sorted(scenario.solution_templates, key=lambda solution: solution.template.text)
    for one, other in pairwise(by_text):
        if one.template.text.strip() == other.template.text.strip():
            raise CatalogueError(other.template.path, 2, "(file)", f"the same text as {one.template.path.name}")


def refuse_twin(scenario: Scenario, scenarios: Mapping[str, Scenario], folder_of_canary: Mapping[str, Path]) -> None:
    """An id names the folder, so a handle and a pack may share one; a copied folder shows by its canary."""
    twin = scenarios.get(scenario.id)
    others = {"id": None if twin is None else twin.directory, "canary": folder_of_canary.get(scenario.canary)}
    for name, other in others.items():
        if other is not None:
            file = scenario.directory / "scenario.yaml"
            raise parse(file, read_text(file)).error((name,), f"duplicate: {other / 'scenario.yaml'} has the same")


def load_suites(
    file: Path, scenarios: Mapping[str, Scenario], broken: set[str], taken: Container[str] = ()
) -> dict[str, Suite]:
    """The suites by name; one that holds a broken scenario is left out without a second complaint."""
    refuse_link(file)
    if not file.is_file():
        raise CatalogueError(file, 1, "(file)", "missing")
    tree = parse(file, read_text(file))
    suites: dict[str, Suite] = {}
    for index, suite in enumerate(validated(SuitesFile, tree).suites):
        if suite.name in suites or suite.name in taken:
            raise tree.error(("suites", index, "name"), f"duplicate suite {suite.name!r}")
        refuse_unknown_members(suite, index, tree, scenarios.keys() | broken)
        if broken.isdisjoint(suite.scenario_ids):
            suites[suite.name] = suite
    return suites


def refuse_unknown_members(suite: Suite, index: int, tree: MarkedTree, known: set[str]) -> None:
    for position, scenario_id in enumerate(suite.scenario_ids):
        place = ("suites", index, "scenario_ids", position)
        if scenario_id not in known:
            raise tree.error(place, f"there is no scenario {scenario_id!r}")
        if scenario_id in suite.scenario_ids[:position]:
            raise tree.error(place, f"{scenario_id!r} is listed twice")
