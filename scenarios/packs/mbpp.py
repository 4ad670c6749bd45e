"""MBPP: entry-level Python functions, asked in a sentence and three asserts (Austin et al. 2021).

Takes the published files mbpp.jsonl and sanitized-mbpp.json, or prepared rows.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from scenarios.packs.prepared import bug_of, is_prepared, licence_of, prepared_check, source_of
from scenarios.packs.python_code import entry_of
from scenarios.packs.rows import Row, read_rows
from scenarios.packs.task import Task, asked_for, fenced, slug_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LICENCE: Final = "CC-BY-4.0"
SOURCE: Final = "https://github.com/google-research/google-research/tree/master/mbpp"
CREATED: Final = date(2021, 8, 16)


def tasks(path: Path) -> Iterator[Task]:
    """The tasks in the order of the file. Raises CatalogueError for a row of another format."""
    for row in read_rows(path):
        yield prepared(row) if is_prepared(row) else published(row)


def published(row: Row) -> Task:
    tests = row.texts("test_list")
    if not tests:
        raise row.error("test_list", "missing or empty: the row has no test")
    before = [*row.texts("test_imports"), row.text("test_setup_code", default="")]
    tail = "\n".join(["", *filter(None, before), *tests, ""])
    return task_of(row, row.text("text", "prompt"), "\n".join(tests), {"tail": tail}, row.text("code"))


def prepared(row: Row) -> Task:
    question, _, tests = row.text("prompt").partition("\nassert")
    return task_of(row, question, f"assert{tests}" if tests else "", prepared_check(row), row.text("reference"))


def task_of(row: Row, question: str, tests: str, check: dict[str, Any], code: str) -> Task:
    entry = row.text("entry_point", default="") or entry_of(code, check["tail"])
    number = row.name().rpartition("/")[2]
    return Task(
        name=row.name(),
        slug=slug_of(number, entry or "task"),
        title=title_of(entry or f"task {number}"),
        prompt=worded(question, tests),
        check=check,
        reference=code,
        licence=licence_of(row, LICENCE),
        source=source_of(row, SOURCE),
        created=CREATED,
        family="code-generation",
        wrong=bug_of(row),
        entry=entry,
    )


def worded(question: str, tests: str) -> str:
    shown = f"It has to pass these tests:\n\n{fenced(tests, 'python')}\n\n" if tests else ""
    code = "the code without the tests, its imports included"
    return f"{question.strip()}\n\n{shown}{asked_for('python', code)}\n"
