"""HumanEval+: the functions of HumanEval with many more inputs (Liu et al. 2023, EvalPlus).

Takes the published HumanEvalPlus.jsonl(.gz), where what is expected is what the published solution returns, the form
with a `test` of its own where that needs no package, or rows of inputs with the text of each output.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from scenarios.packs.humaneval import completion_prompt
from scenarios.packs.prepared import bug_of, licence_of, source_of
from scenarios.packs.python_code import packages_needed
from scenarios.packs.rows import Row, read_rows
from scenarios.packs.task import LeftOut, Task, slug_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LICENCE: Final = "Apache-2.0"
SOURCE: Final = "https://github.com/evalplus/humanevalplus_release"
CREATED: Final = date(2023, 5, 2)
MANY_ANSWERS: Final = {"find_zero": "any root is right, and the published inputs know one"}

COMPARISON: Final = '''\
def _agrees(found, expected):
    """EvalPlus's rule: equal, or floats within the tolerance and a relative 1e-7."""
    if isinstance(expected, float) or (_ATOL and isinstance(expected, int) and not isinstance(expected, bool)):
        if not isinstance(found, (int, float)):
            return False
        allowed = (_ATOL or 1e-6) + 1e-7 * abs(expected)
        return bool(found == expected or abs(found - expected) <= allowed or (found != found and expected != expected))
    if isinstance(expected, (list, tuple)):
        if not isinstance(found, type(expected)) or len(found) != len(expected):
            return False
        return all(_agrees(one, other) for one, other in zip(found, expected))
    return bool(found == expected)


def _shown(value):
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
'''

KNOWN_OUTPUTS: Final = """\
for _inputs, _expected in zip(_INPUTS, _OUTPUTS):
    _found = ENTRY(*_copy.deepcopy(_inputs))
    assert _agrees(_found, _expected), "ENTRY(*" + _shown(_inputs) + ") is another value"
"""

REFERENCE_OUTPUTS: Final = """\
_reference = {}
exec(_REFERENCE, _reference)

for _inputs in _INPUTS:
    _expected = _reference["ENTRY"](*_copy.deepcopy(_inputs))
    _found = ENTRY(*_copy.deepcopy(_inputs))
    assert _agrees(_found, _expected), "ENTRY(*" + _shown(_inputs) + ") is another value"
"""


def tasks(path: Path) -> Iterator[Task | LeftOut]:
    """The tasks in the order of the file. Raises CatalogueError for a row of another format."""
    for row in read_rows(path):
        entry, name = row.text("entry_point"), row.name()
        if not name.startswith("HumanEval/"):
            raise row.error("task_id", f"{name!r} is no task of HumanEval+: for MBPP take `import mbpp`")
        check, start = check_of(row, entry), row.text("prompt")
        if isinstance(check, LeftOut):
            yield check
            continue
        yield Task(
            name=name,
            slug=slug_of(name.rpartition("/")[2], entry),
            title=title_of(entry),
            prompt=completion_prompt(start, "python"),
            check=check,
            reference=reference_of(row),
            licence=licence_of(row, LICENCE),
            source=source_of(row, SOURCE),
            created=CREATED,
            family="code-generation",
            wrong=bug_of(row),
            entry=entry,
        )


def reference_of(row: Row) -> str:
    if "reference" in row.fields:
        return row.text("reference")
    return row.text("prompt") + row.text("canonical_solution")


def check_of(row: Row, entry: str) -> dict[str, Any] | LeftOut:
    if entry in MANY_ANSWERS:
        return LeftOut(row.name(), MANY_ANSWERS[entry])
    if "outputs_repr" in row.fields:
        return {"tail": test_of(row, entry, inputs(row, "inputs"), row.texts("outputs_repr"))}
    if "base_input" in row.fields:
        return {"tail": test_of(row, entry, [*inputs(row, "base_input"), *inputs(row, "plus_input")], None)}
    return published_check(row, entry)


def inputs(row: Row, name: str) -> list[Any]:
    """Lists of arguments, which some releases write as JSON text."""
    value = row.fields.get(name)
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except (json.JSONDecodeError, RecursionError):
        raise row.error(name, "not JSON") from None
    if not isinstance(value, list) or not all(isinstance(item, list) for item in value):
        raise row.error(name, "expected a list of lists of arguments")
    return value


def tolerance(row: Row) -> float:
    value = row.fields.get("atol", 0)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise row.error("atol", f"expected a number, found {value!r}") from None


def test_of(row: Row, entry: str, given: list[Any], outputs: list[str] | None) -> str:
    """The published inputs as a test that asserts; `outputs` are Python texts, without them the solution tells."""
    if not given:
        raise row.error("base_input", "empty: the row has no test")
    if outputs is not None and len(outputs) != len(given):
        raise row.error("outputs_repr", f"{len(outputs)} outputs of {len(given)} inputs")
    head = ["", "import copy as _copy", "", 'inf, nan = float("inf"), float("nan")', f"_ATOL = {tolerance(row)!r}"]
    lists = listed("_INPUTS", map(repr, given))
    if outputs is None:
        lists += ["", f"_REFERENCE = {reference_of(row)!r}"]
    else:
        lists += listed("_OUTPUTS", outputs)
    body = (REFERENCE_OUTPUTS if outputs is None else KNOWN_OUTPUTS).replace("ENTRY", entry)
    return "\n".join([*head, *lists, "", "", COMPARISON, "", body])


def listed(name: str, texts: Iterator[str] | list[str]) -> list[str]:
    return [f"{name} = [", *(f"    {text}," for text in texts), "]"]


def published_check(row: Row, entry: str) -> dict[str, Any] | LeftOut:
    test = row.text("test")
    if packages := packages_needed(test):
        needs = f"its test needs the package {', '.join(packages)}"
        return LeftOut(row.name(), f"{needs}: take the file HumanEvalPlus.jsonl.gz, whose inputs need none")
    return {"tail": f"\n{test}\n\ncheck({entry})\n"}
