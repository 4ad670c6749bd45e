"""HumanEval+ and MBPP+ (evalplus, Apache-2.0): rows with prompt, canonical_solution, entry_point, inputs and atol.

The expected outputs are those of the reference, which runs beside the test and never in the answer's process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.packs.published import asked, slug_of, whole_row
from scenarios.packs.rows import read_rows
from scenarios.packs.task import PackTask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from scenarios.packs.rows import Row

SOURCE: Final = "https://github.com/evalplus/evalplus"
COMPARING: Final = """
import copy as _copy
import math as _math


def _same(found, wanted, tolerance):
    if isinstance(wanted, float) or (tolerance and isinstance(wanted, int)):
        return isinstance(found, (int, float)) and (
            found == wanted or _math.isclose(found, wanted, rel_tol=1e-7, abs_tol=tolerance or 1e-6)
        )
    if isinstance(wanted, (list, tuple)) and type(found) is type(wanted):
        return len(found) == len(wanted) and all(_same(a, b, tolerance) for a, b in zip(found, wanted))
    return found == wanted


_reference = {"__name__": "reference"}
exec(compile(REFERENCE, "reference.py", "exec"), _reference)
for _arguments in INPUTS:
    _wanted = _reference["ENTRY"](*_copy.deepcopy(_arguments))
    assert _same(ENTRY(*_copy.deepcopy(_arguments)), _wanted, TOLERANCE)
"""


def tasks(path: Path) -> Iterator[PackTask]:
    """Raises PackError for a file of another form."""
    for row in read_rows(path):
        yield whole_row(row, family="code-generation", source=SOURCE) or task_of(row)


def task_of(row: Row) -> PackTask:
    entry = row.text("entry_point")
    inputs = [*listed(row, "base_input", "inputs"), *listed(row, "plus_input")]
    if not inputs:
        raise row.error("a row without inputs: is this the right set?")
    return PackTask(
        slug=slug_of(row.text("task_id", "id")),
        title=entry,
        prompt=asked(row.text("prompt"), "python"),
        entry=entry,
        tail=test_of(entry, reference_of(row), inputs, float(row.fields.get("atol") or 0)),
        reference=reference_of(row),
        licence="Apache-2.0",
        source=SOURCE,
    )


def listed(row: Row, *names: str) -> list[Any]:
    """The first of these fields that is a list; its items are argument lists."""
    found: list[Any] = next((row.fields[name] for name in names if isinstance(row.fields.get(name), list)), [])
    return [item for item in found if isinstance(item, list)]


def reference_of(row: Row) -> str:
    if "reference" in row.fields:
        return row.text("reference")
    return row.text("prompt") + row.text("canonical_solution")


def test_of(entry: str, reference: str, inputs: list[Any], tolerance: float) -> str:
    parts = {"REFERENCE": repr(reference), "INPUTS": repr(inputs), "ENTRY": entry, "TOLERANCE": repr(tolerance)}
    text = COMPARING
    for name, value in parts.items():
        text = text.replace(name, value) if name not in {"REFERENCE", "INPUTS"} else text
    return text.replace("REFERENCE", parts["REFERENCE"], 1).replace("INPUTS", parts["INPUTS"], 1)
