"""QuixBugs (jkoppel/QuixBugs, MIT): a checkout with python_programs, correct_python_programs and json_testcases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from scenarios.packs.published import whole_row
from scenarios.packs.rows import parsed, read, read_rows
from scenarios.packs.task import PackError, PackTask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE: Final = "https://github.com/jkoppel/QuixBugs"
COMPARING: Final = """

def _plain(value):
    return [_plain(item) for item in value] if hasattr(value, '__next__') or type(value) in (list, tuple) else value


def _same(found, wanted):
    if isinstance(wanted, float):
        return abs(found - wanted) <= 0.01
    return found == wanted


for _arguments, _wanted in {cases!r}:
    assert _same(_plain({entry}(*_arguments)), _plain(_wanted))
"""


def tasks(path: Path) -> Iterator[PackTask]:
    """The programs of a checkout, or the rows of a file. Raises PackError for another form."""
    if not path.is_dir():
        for row in read_rows(path):
            task = whole_row(row, family="bug-fixing", source=SOURCE)
            if task is None:
                raise row.error("a row without a test: name the checkout of QuixBugs, or a file with whole tests")
            yield task
        return
    correct = path / "correct_python_programs"
    if not correct.is_dir() or not (path / "python_programs").is_dir():
        raise PackError(f"{path}: no checkout of QuixBugs: it holds python_programs and correct_python_programs")
    for file in sorted(correct.glob("*.py")):
        if "_test" not in file.stem and file.stem != "node":
            yield task_of(path, file.stem)


def task_of(checkout: Path, name: str) -> PackTask:
    slug = name.replace("_", "-")
    cases_file = checkout / "json_testcases" / f"{name}.json"
    if not cases_file.is_file():
        return PackTask(slug=slug, unusable="its test builds objects in Python, there is no file of values")
    cases = [
        as_case(parsed(cases_file, number, line), cases_file)
        for number, line in enumerate(read(cases_file).splitlines(), 1)
        if line.strip()
    ]
    buggy = read(checkout / "python_programs" / f"{name}.py")
    return PackTask(
        slug=slug,
        title=f"The one defect of {name}",
        family="bug-fixing",
        prompt=(
            f"This Python program has one defect, on one line. Its intent is in the text behind it.\n\n```python\n"
            f"{buggy.strip()}\n```\n\nAnswer with one fenced Python code block that contains the mended program.\n"
        ),
        entry=name,
        tail=COMPARING.format(cases=cases, entry=name),
        reference=read(checkout / "correct_python_programs" / f"{name}.py"),
        source=SOURCE,
    )


def as_case(case: object, file: Path) -> tuple[list[object], object]:
    """Arguments and what is expected. A single argument stands without its list in the file."""
    if not isinstance(case, list) or len(case) != 2:  # noqa: PLR2004 (arguments and result)
        raise PackError(f"{file}: a case is a list of arguments and result, not {json.dumps(case)[:60]}")
    arguments, wanted = case
    return (arguments if isinstance(arguments, list) else [arguments]), wanted
