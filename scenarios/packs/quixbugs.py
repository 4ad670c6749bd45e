"""QuixBugs: classic algorithms in Python, each with a bug on one line (Lin et al. 2017).

Takes a checkout of the repository, or prepared rows. The published tests are written for pytest, of which they use
little: that much stands in their test. Older checkouts have JSON test cases only, which are calls with values.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from scenarios.errors import CatalogueError
from scenarios.packs.prepared import bug_of, licence_of, prepared_check, source_of
from scenarios.packs.python_code import definitions, split_docstring
from scenarios.packs.rows import Row, read_rows, read_text
from scenarios.packs.task import LeftOut, Task, asked_for, fenced, slug_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LICENCE: Final = "MIT"
SOURCE: Final = "https://github.com/jkoppel/QuixBugs"
CREATED: Final = date(2017, 10, 22)
LARGEST_EXACT: Final = 10**18
"""The numbers that a scenario's YAML holds as numbers are smaller."""

PYTEST: Final = """\

import json as _json
import sys as _sys
import types as _types


class _Skipped(Exception):
    pass


class _Approx:
    def __init__(self, expected, abs):
        self.expected, self.allowed = expected, abs

    def __eq__(self, found):
        return -self.allowed <= found - self.expected <= self.allowed


def _parametrize(_names, rows):
    def decorate(test):
        test.rows = rows
        return test

    return decorate


def _skip(_reason):
    raise _Skipped


def _module(name, **names):
    _sys.modules[name] = _types.ModuleType(name)
    _sys.modules[name].__dict__.update(names)


_module("pytest", use_correct=False, run_slow=False, skip=_skip, approx=_Approx)
_sys.modules["pytest"].mark = _types.SimpleNamespace(parametrize=_parametrize)
_module("load_testdata", load_json_testcases=lambda _name: _json.loads(_CASES))
_module("python_programs")
_module("python_programs.ENTRY", ENTRY=ENTRY)
"""

RUNNER: Final = """\

for _name, _test in list(globals().items()):
    if _name.startswith("test") and callable(_test) and _name != "ENTRY":
        for _row in getattr(_test, "rows", [()]):
            try:
                _test(*_row)
            except _Skipped:
                pass
"""

NODE: Final = """\

_module("node")
vars(_sys.modules["node"])["__name__"] = "__main__"
exec(_NODE, vars(_sys.modules["node"]))
"""
"""The answer may look into objects of the tests' own module only."""


def tasks(path: Path) -> Iterator[Task | LeftOut]:
    """The tasks by name. Raises CatalogueError for what is neither a checkout nor rows."""
    if not path.is_dir():
        for row in read_rows(path):
            yield prepared(row)
        return
    programs = path / "python_programs"
    for folder in (programs, path / "correct_python_programs", path / "json_testcases"):
        if not folder.is_dir():
            raise CatalogueError(folder, 1, "(folder)", "missing: name the folder of a whole checkout of QuixBugs")
    for file in sorted(programs.glob("*.py")):
        if file.stem != "node" and not file.stem.endswith("_test"):
            yield published(path, file)


def prepared(row: Row) -> Task:
    bug = bug_of(row)
    if bug is None:
        raise row.error("mutant", "missing: what is to be mended")
    promise = row.text("prompt").strip().strip('"').strip("\n")
    entry = row.text("entry_point")
    return Task(
        name=row.name(),
        slug=slug_of(entry),
        title=title_of(entry),
        prompt=worded(bug, promise),
        check=prepared_check(row),
        reference=row.text("reference"),
        licence=licence_of(row, LICENCE),
        source=source_of(row, SOURCE),
        created=CREATED,
        family="bug-fixing",
        wrong=bug,
        entry=entry,
    )


def published(checkout: Path, file: Path) -> Task | LeftOut:
    entry = file.stem
    bug, promise = split_docstring(read_text(file))
    solution = checkout / "correct_python_programs" / file.name
    if not solution.is_file():
        return LeftOut(entry, f"no {solution.parent.name}/{solution.name}")
    if entry not in definitions(bug):
        return LeftOut(entry, f"{file.name} defines no {entry}")
    check = check_of(checkout, entry)
    if check is None:
        return LeftOut(entry, "no test in python_testcases nor in json_testcases")
    return Task(
        name=entry,
        slug=slug_of(entry),
        title=title_of(entry),
        prompt=worded(bug, promise),
        check=check,
        reference=split_docstring(read_text(solution))[0],
        licence=LICENCE,
        source=f"{entry} of {SOURCE}",
        created=CREATED,
        family="bug-fixing",
        wrong=bug,
        entry=entry,
        grader="function" if "calls" in check else "asserts",
    )


def worded(bug: str, promise: str) -> str:
    """The bug stands above its promise in one block, as in the published files."""
    code = f'{bug.strip(chr(10))}\n\n\n"""\n{promise}\n"""'
    whole = asked_for("python", "the whole function, mended")
    return f"This Python function has a bug on one line. Mend it.\n\n{fenced(code, 'python')}\n\n{whole}\n"


def check_of(checkout: Path, entry: str) -> dict[str, Any] | None:
    cases = checkout / "json_testcases" / f"{entry}.json"
    test = checkout / "python_testcases" / f"test_{entry}.py"
    if test.is_file():
        text = read_text(test)
        node = read_text(test.with_name("node.py")) if "from node import" in text else None
        return {"tail": pytest_tail(entry, read_cases(cases) if cases.is_file() else [], text, node)}
    if cases.is_file():
        return {"calls": [call_of(cases, *case) for case in read_cases(cases)]}
    return None


def pytest_tail(entry: str, cases: list[list[Any]], test: str, node: str | None) -> str:
    texts = [f"\n_CASES = {json.dumps(cases)!r}", PYTEST.replace("ENTRY", entry)]
    if node is not None:
        texts += [f"_NODE = {node!r}", NODE]
    return "\n".join([*texts, test.strip(), RUNNER.replace("ENTRY", entry)])


def read_cases(file: Path) -> list[list[Any]]:
    """Pairs of arguments and the expected value, one a line."""
    cases = []
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            given, expected = json.loads(line)
        except (ValueError, TypeError):
            raise CatalogueError(file, number, "(case)", "expected a JSON list of arguments and a value") from None
        cases.append([given if isinstance(given, list) else [given], expected])
    return cases


def call_of(file: Path, given: list[Any], expected: Any) -> dict[str, Any]:
    if not is_exact([given, expected]):
        reason = "a number of more than 18 digits: take a checkout with python_testcases"
        raise CatalogueError(file, 1, "(case)", reason)
    return {"args": given, "expected": expected}


def is_exact(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(is_exact, value))
    if isinstance(value, dict):
        return all(map(is_exact, value.values()))
    return not isinstance(value, int) or abs(value) < LARGEST_EXACT
