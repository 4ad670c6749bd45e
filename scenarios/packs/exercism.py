"""Exercism (MIT): a track's folder of practice exercises, or one exercise, with .docs, .meta and a unittest file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.packs.published import slug_of
from scenarios.packs.rows import read, read_rows
from scenarios.packs.task import PackError, PackTask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scenarios.packs.rows import Row

SOURCE: Final = "https://github.com/exercism"
BEFORE: Final = """
import sys as _sys

_offered = {{name: value for name, value in globals().items() if not name.startswith("_")}}
_module = _sys.modules[{module!r}] = type(_sys)({module!r})
_module.__dict__.update(_offered)
for _name, _text in {beside!r}.items():
    _module = _sys.modules[_name] = type(_sys)(_name)
    exec(compile(_text, _name + ".py", "exec"), _module.__dict__)
"""
AFTER: Final = """

import io as _io
import unittest as _unittest

_suite = _unittest.defaultTestLoader.loadTestsFromModule(_sys.modules["__main__"])
_result = _unittest.TextTestRunner(stream=_io.StringIO()).run(_suite)
assert _result.testsRun and _result.wasSuccessful()
"""


def tasks(path: Path) -> Iterator[PackTask]:
    """The exercises of a folder, or the rows of a file. Raises PackError for another form."""
    if not path.is_dir():
        yield from (task_of_row(row) for row in read_rows(path))
        return
    folders = [path] if (path / ".meta").is_dir() else sorted(item for item in path.iterdir() if item.is_dir())
    exercises = [folder for folder in folders if (folder / ".meta").is_dir()]
    if not exercises:
        raise PackError(f"{path}: no exercise: name a track's exercises/practice, or a file of rows")
    yield from (task_of_folder(folder) for folder in exercises)


def task_of_row(row: Row) -> PackTask:
    slug = slug_of(row.text("id"))
    parts = {name: row.fields.get(name) for name in ("stub", "reference", "tests")}
    if not all(isinstance(part, dict) for part in parts.values()):
        raise row.error("a row without stub, reference and tests by file name: is this the right set?")
    if row.text("language") != "python":
        return PackTask(slug=slug, unusable=f"its tests need {row.text('run', default='a test runner')[:60]}")
    return task_of(slug, row.text("instructions"), parts["stub"] or {}, parts["reference"] or {}, parts["tests"] or {})


def task_of_folder(folder: Path) -> PackTask:
    tests = sorted({*folder.glob("*_test.py"), *folder.glob("test_*.py")})
    if not tests:
        return PackTask(slug=slug_of(folder.name), unusable="no *_test.py: its tests need another test runner")
    example = next(
        (folder / ".meta" / name for name in ("example.py", "exemplar.py") if (folder / ".meta" / name).is_file()), None
    )
    if example is None:
        return PackTask(slug=slug_of(folder.name), unusable="no .meta/example.py to prove the test with")
    stubs = {file.name: read(file) for file in folder.glob("*.py") if file not in tests}
    module = folder.name.replace("-", "_")
    return task_of(
        slug_of(folder.name),
        read(folder / ".docs" / "instructions.md"),
        stubs,
        {f"{module}.py": read(example)},
        {file.name: read(file) for file in tests},
    )


def task_of(
    slug: str, instructions: str, stub: Mapping[str, str], reference: Mapping[str, str], tests: Mapping[str, str]
) -> PackTask:
    judging = [name for name in tests if name.endswith("_test.py")]
    if len(reference) != 1 or len(judging) != 1:
        return PackTask(slug=slug, unusable=f"it has several files: {', '.join((*reference, *tests))}")
    beside = {name.removesuffix(".py"): text for name, text in tests.items() if name not in judging}
    module = next(iter(reference)).removesuffix(".py")
    shown = "\n\n".join(f"{name}:\n\n```python\n{text.strip()}\n```" for name, text in stub.items())
    form = f"Answer with one fenced Python code block that contains the whole of {module}.py."
    return PackTask(
        slug=slug,
        title=slug.replace("-", " ").capitalize(),
        prompt=f"{instructions.strip()}\n\n{shown}\n\n{form}\n",
        tail=BEFORE.format(module=module, beside=beside) + tests[judging[0]] + AFTER,
        reference=next(iter(reference.values())),
        source=f"{SOURCE}/python/tree/main/exercises/practice/{slug}",
    )
