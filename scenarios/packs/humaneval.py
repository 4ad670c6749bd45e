"""HumanEval: Python functions to complete, each with a hand-written test (Chen et al. 2021).

Takes the published file HumanEval.jsonl(.gz), or prepared rows, also those of HumanEvalPack with their bugs.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from scenarios.packs.prepared import bug_of, is_prepared, language_of, licence_of, prepared_check, source_of
from scenarios.packs.rows import Row, read_rows
from scenarios.packs.task import Task, asked_for, fenced, slug_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scenarios.packs.task import Language

LICENCE: Final = "MIT"
SOURCE: Final = "https://github.com/openai/human-eval"
CREATED: Final = date(2021, 7, 7)
NAMES: Final[dict[Language, str]] = {"python": "Python", "javascript": "JavaScript"}


def tasks(path: Path) -> Iterator[Task]:
    """The tasks in the order of the file. Raises CatalogueError for a row of another format."""
    for row in read_rows(path):
        yield prepared(row) if is_prepared(row) else published(row)


def published(row: Row) -> Task:
    entry, start = row.text("entry_point"), row.text("prompt")
    test = row.text("test")
    if "def check(" not in test:
        raise row.error("test", "defines no check(candidate)")
    return Task(
        name=row.name(),
        slug=slug_of(row.name().rpartition("/")[2], entry),
        title=title_of(entry),
        prompt=completion_prompt(start, "python"),
        check={"tail": f"\n{test}\n\ncheck({entry})\n"},
        reference=start + row.text("canonical_solution"),
        licence=licence_of(row, LICENCE),
        source=source_of(row, SOURCE),
        created=CREATED,
        family="code-generation",
        entry=entry,
    )


def prepared(row: Row) -> Task:
    entry, language = row.text("entry_point"), language_of(row)
    number = row.name().rpartition("/")[2]
    return Task(
        name=row.name(),
        slug=slug_of(number, entry) if language == "python" else slug_of(language, number, entry),
        title=title_of(entry),
        prompt=completion_prompt(row.text("prompt"), language),
        check=prepared_check(row),
        reference=row.text("reference"),
        licence=licence_of(row, LICENCE),
        source=source_of(row, SOURCE),
        created=CREATED,
        family="code-generation",
        wrong=bug_of(row),
        language=language,
        entry=entry,
    )


def completion_prompt(start: str, language: Language) -> str:
    whole = "all of this code with the function completed, imports and further functions included"
    return (
        f"Complete the last function of this {NAMES[language]} code.\n\n"
        f"{fenced(start, language)}\n\n{asked_for(language, whole)}\n"
    )
