"""Exercism's practice exercises in Python and JavaScript, each with the track's own tests.

Takes a practice folder, a track, a checkout of the polyglot benchmark (both tracks), or rows of their files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from scenarios.errors import CatalogueError
from scenarios.packs import exercism_javascript, exercism_python
from scenarios.packs.prepared import language_of, licence_of, source_of
from scenarios.packs.rows import Row, read_rows, read_text
from scenarios.packs.task import LeftOut, Task, UnsuitedError, asked_for, fenced, slug_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scenarios.packs.task import Language

LICENCE: Final = "MIT"
CREATED: Final = date(2024, 12, 20)
"""The day on which the polyglot benchmark put these exercises together."""

EXAMPLE_OF: Final[dict[Language, str]] = {"python": ".meta/example.py", "javascript": ".meta/proof.ci.js"}
TESTS_OF: Final[dict[Language, str]] = {"python": "*_test.py", "javascript": "*.spec.js"}
WHOLE: Final[dict[Language, str]] = {
    "python": "all of the module, which uses the standard library only",
    "javascript": "all of the code as a plain script: names at the top level, no `import`, no `export`",
}
WAYS_TO_EXERCISES: Final = ("", "practice", "exercises/practice", "*/exercises/practice")


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise's files by name, as its track has them."""

    slug: str
    language: Language
    instructions: str
    stub: Mapping[str, str]
    example: Mapping[str, str]
    tests: Mapping[str, str]


def tasks(path: Path) -> Iterator[Task | LeftOut]:
    """The tasks by language and name. Raises CatalogueError for what holds no exercise."""
    if path.is_dir():
        for folder in exercise_folders(path):
            if language := language_of_folder(folder):
                source = f"{folder.name} of https://github.com/exercism/{language}"
                yield task_of(exercise_in(folder, language), source, LICENCE)
        return
    for row in read_rows(path):
        yield task_of(exercise_of(row), source_of(row, "Exercism"), licence_of(row, LICENCE))


def exercise_folders(path: Path) -> list[Path]:
    for way in WAYS_TO_EXERCISES:
        places = sorted(path.glob(way)) if way else [path]
        folders = [path] if not way else [folder for place in places for folder in sorted(place.iterdir())]
        found = [folder for folder in folders if folder.is_dir() and language_of_folder(folder)]
        if found:
            return found
    reason = f"no practice exercise in it: one holds {' or '.join(EXAMPLE_OF.values())}"
    raise CatalogueError(path, 1, "(folder)", reason)


def language_of_folder(folder: Path) -> Language | None:
    return next((language for language, example in EXAMPLE_OF.items() if (folder / example).is_file()), None)


def exercise_in(folder: Path, language: Language) -> Exercise:
    listed = config_of(folder)
    solution = listed.get("solution") or [f"{folder.name}.js" if language == "javascript" else python_file(folder)]
    tests = listed.get("test") or [path.name for path in sorted(folder.glob(TESTS_OF[language]))]
    pages = [folder / ".docs" / f"{page}.md" for page in ("introduction", "instructions", "instructions.append")]
    return Exercise(
        slug=folder.name,
        language=language,
        instructions="\n\n".join(read_text(page).strip() for page in pages if page.is_file()),
        stub={name: read_text(folder / name) if (folder / name).is_file() else "" for name in solution},
        example={solution[0]: read_text(folder / EXAMPLE_OF[language])},
        tests={name: read_text(folder / name) for name in tests},
    )


def python_file(folder: Path) -> str:
    return f"{folder.name.replace('-', '_')}.py"


def config_of(folder: Path) -> dict[str, list[str]]:
    file = folder / ".meta" / "config.json"
    if not file.is_file():
        return {}
    try:
        files: dict[str, list[str]] = json.loads(read_text(file))["files"]
    except (ValueError, KeyError, TypeError):
        raise CatalogueError(file, 1, "files", "expected the lists of an exercise's files") from None
    return files


def exercise_of(row: Row) -> Exercise:
    return Exercise(
        slug=row.name().rpartition("/")[2],
        language=language_of(row),
        instructions=row.text("instructions"),
        stub=files_of(row, "stub"),
        example=files_of(row, "reference"),
        tests=files_of(row, "tests"),
    )


def files_of(row: Row, name: str) -> dict[str, str]:
    value = row.fields.get(name)
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise row.error(name, "expected the texts of files by their names")
    return value


def task_of(exercise: Exercise, source: str, licence: str) -> Task | LeftOut:
    name = f"{exercise.language}/{exercise.slug}"
    try:
        stub, reference, check = parts_of(exercise)
    except UnsuitedError as error:
        return LeftOut(name, str(error))
    return Task(
        name=name,
        slug=slug_of(exercise.language, exercise.slug),
        title=title_of(exercise.slug),
        prompt=worded(exercise, stub),
        check=check,
        reference=reference,
        licence=licence,
        source=source,
        created=CREATED,
        family="code-generation",
        language=exercise.language,
    )


def parts_of(exercise: Exercise) -> tuple[str, str, dict[str, Any]]:
    """The stub, the solution and the check. Raises UnsuitedError for what one file of code can't answer."""
    if len(exercise.stub) != 1 or len(exercise.example) != 1:
        raise UnsuitedError("its answer is several files")
    ((file, stub),) = exercise.stub.items()
    (example,) = exercise.example.values()
    if exercise.language == "python":
        return stub, example, {"tail": exercism_python.tail(file, exercise.tests)}
    spec = exercism_javascript.Spec.of(file, exercise.tests)
    return spec.plain(stub), spec.plain(example), {"tail": spec.tail()}


def worded(exercise: Exercise, stub: str) -> str:
    start = f"Start from this:\n\n{fenced(stub, exercise.language)}\n\n" if stub.strip() else ""
    return f"{exercise.instructions.strip()}\n\n{start}{asked_for(exercise.language, WHOLE[exercise.language])}\n"
