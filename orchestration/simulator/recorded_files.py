"""Reads published answers of real models, and the tasks that they answer, from files given by path.

Not here: how they are served (recorded_models) and judged (replay).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

DEFAULT_TIMEOUT_S = 10.0
LANGUAGES = ("python", "javascript")

TaskKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RecordedTask:
    """A published task: its prompt, and the test that is run after (and `before`) a candidate's code."""

    task_id: str
    language: str
    entry: str | None
    prompt: str
    before: str
    after: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One published answer. `published` is its publisher's verdict, None where there is none.

    `sample` counts a model's answers to one task, from 1.
    """

    task: RecordedTask
    model: str
    text: str
    published: bool | None
    note: str | None
    sample: int

    @property
    def prompt(self) -> str:
        """What is sent: a line that names the row, and the task's prompt."""
        again = f", sample {self.sample}" if self.sample > 1 else ""
        return f"Task {self.task.task_id} ({self.task.language}){again}\n\n{self.task.prompt}"


@dataclass(frozen=True, slots=True)
class _Row:
    """One object of a file, with its place for complaints."""

    place: str
    fields: Mapping[str, Any]

    def text(self, *names: str, default: str | None = None) -> str:
        """The first of `names` that the row has. Raises OperatorError when it is no text, or absent without default."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str):
                return value
            if value is not None:
                raise OperatorError(f"{self.place}: {name}: expected a text, found {type(value).__name__}")
        if default is None:
            raise OperatorError(f"{self.place}: {' or '.join(names)}: missing")
        return default

    def verdict(self) -> bool | None:
        value = self.fields.get("published")
        if value is None or isinstance(value, bool):
            return value
        raise OperatorError(f"{self.place}: published: expected true or false, found {value!r}")

    def seconds(self, name: str, default: float) -> float:
        value = self.fields.get(name)
        if value is None:
            return default
        if isinstance(value, int | float) and value > 0:
            return float(value)
        raise OperatorError(f"{self.place}: {name}: expected a number above 0, found {value!r}")


def read_tasks(path: Path) -> dict[TaskKey, RecordedTask]:
    """Tasks by id and language, from JSON lines or a JSON list, compressed or not. Raises OperatorError."""
    tasks: dict[TaskKey, RecordedTask] = {}
    for row in _rows(path):
        task = _task(row)
        key = (task.task_id, task.language)
        if key in tasks:
            raise OperatorError(f"{row.place}: task {task.task_id!r} ({task.language}) is there twice")
        tasks[key] = task
    return tasks


def read_answers(path: Path, tasks: Mapping[TaskKey, RecordedTask]) -> list[RecordedAnswer]:
    """Answers to `tasks`, in the order of the file. Raises OperatorError for a row without its task."""
    samples: Counter[tuple[str, TaskKey]] = Counter()
    answers = []
    for row in _rows(path):
        key, model = (row.text("task_id", "task", "id"), row.text("language", default="python")), row.text("model")
        if key not in tasks:
            raise OperatorError(f"{row.place}: task_id: the tasks have no {key[0]!r} ({key[1]})")
        samples[model, key] += 1
        answers.append(_answer(row, tasks[key], model, samples[model, key]))
    return answers


def _answer(row: _Row, task: RecordedTask, model: str, sample: int) -> RecordedAnswer:
    return RecordedAnswer(
        task=task,
        model=model,
        text=row.text("answer", default="" if "answer" in row.fields else None),
        published=row.verdict(),
        note=row.text("note", default="") or None,
        sample=sample,
    )


def _task(row: _Row) -> RecordedTask:
    return RecordedTask(
        task_id=row.text("id", "task"),
        language=_language(row),
        entry=row.text("entry_point", "function", default="") or None,
        prompt=row.text("prompt", default="") or _composed_prompt(row),
        before=row.text("pre", default=""),
        after=row.text("tail"),
        timeout_s=row.seconds("timeout_s", DEFAULT_TIMEOUT_S),
    )


def _language(row: _Row) -> str:
    language = row.text("language", default="python")
    if language not in LANGUAGES:
        raise OperatorError(f"{row.place}: language: {language!r} can't be judged, only {' and '.join(LANGUAGES)}")
    return language


def _composed_prompt(row: _Row) -> str:
    """The prompt of a task that states its parts only."""
    wanted = (
        f"Write a {row.text('language', default='python')} function {row.text('signature')} {row.text('input')} "
        f"that returns {row.text('output')}."
    )
    fact = row.text("fact", default="")
    return f"{wanted}\n\n{fact}" if fact else wanted


def _rows(path: Path) -> Iterator[_Row]:
    text = _read(path)
    listed = text.lstrip().startswith("[")
    found = list(_listed_rows(path, text) if listed else _line_rows(path, text))
    if not found:
        raise OperatorError(f"{path}: there are no rows in it")
    yield from found


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8")
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise OperatorError(f"{path}: is damaged: it can't be decompressed") from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path}: is not text in UTF-8") from None
    except OSError as error:
        raise OperatorError(f"{path}: can't be read: {error.strerror}") from None


def _listed_rows(path: Path, text: str) -> Iterator[_Row]:
    for number, fields in enumerate(_parsed(text, str(path)), start=1):
        yield _checked(fields, f"{path}: row {number}")


def _line_rows(path: Path, text: str) -> Iterator[_Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _checked(_parsed(line, f"{path}:{number}"), f"{path}:{number}")


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise OperatorError(f"{place}: not JSON: {error}") from None


def _checked(fields: Any, place: str) -> _Row:
    if not isinstance(fields, dict):
        raise OperatorError(f"{place}: expected an object, found {type(fields).__name__}")
    return _Row(place, fields)
