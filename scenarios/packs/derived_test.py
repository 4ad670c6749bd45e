"""The Python text of a test over derived inputs, and of what a cell runs to find them.

Not here: running it (orchestration.scoring), nor the inputs (neighbours).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.packs.published_use import Use

COMPARISON: Final = '''\
_TOLERANCE = TOLERANCE


def _agrees(found, expected):
    """Equal; or numbers within the tolerance; or sequences of equal items, a tuple like a list."""
    if isinstance(expected, (list, tuple)):
        if not isinstance(found, (list, tuple)) or len(found) != len(expected):
            return False
        return all(_agrees(one, other) for one, other in zip(found, expected))
    if found == expected:
        return True
    if isinstance(expected, float) or isinstance(found, float):
        numbers = isinstance(found, (int, float)) and isinstance(expected, (int, float))
        return numbers and abs(found - expected) <= _TOLERANCE * max(1, abs(expected))
    return False
'''

TEST: Final = """\
for _given, _expected in zip(_INPUTS, _OUTPUTS):
    _found = VIEW(ENTRY(*_copy.deepcopy(_given)))
    assert _agrees(_found, _expected), "ENTRY(*" + repr(_given)[:80] + ") is another value"
"""

RECORDER: Final = """\
import copy as _copy
import random as _random

_inputs, _depth, _called = [], [0], ENTRY


def _recorded(*args, **kwargs):
    if _depth[0] == 0:
        _inputs.append(None if kwargs else repr(_copy.deepcopy(args)))
    _depth[0] += 1
    try:
        return _called(*args, **kwargs)
    finally:
        _depth[0] -= 1


ENTRY = _recorded
_random.seed(0)
"""
"""Stands between the solution and the published test; what chance gives the test is the same each time."""

RECORDED: Final = """

def _published_inputs():
    return _inputs
"""

MEASURED: Final = """

import ast as _ast
import copy as _copy
import sys as _sys

_entry = ENTRY


class _TooMuchError(BaseException):
    pass


def _run(given, most):
    \"\"\"The value that is compared, and the lines of code that it took, at most `most`.\"\"\"
    work = [0]

    def trace(frame, event, argument):
        if event == "line":
            work[0] += 1
            if work[0] > most:
                raise _TooMuchError
        return trace

    given = _copy.deepcopy(given)
    _sys.settrace(trace)
    try:
        found = VIEW(_entry(*given))
    finally:
        _sys.settrace(None)
    return found, work[0]


def _outputs(inputs, most):
    \"\"\"Of each input the text of its output and its work, None where it has none.\"\"\"
    outputs = []
    for given in _ast.literal_eval(inputs):
        try:
            found, work = _run(given, most)
            outputs.append((repr(found), work))
        except (Exception, _TooMuchError):
            outputs.append(None)
    return outputs


def _differing(inputs, expected, most, published):
    \"\"\"The places of the inputs with another output, the first one alone where that is published.\"\"\"
    differing = []
    pairs = zip(_ast.literal_eval(inputs), _ast.literal_eval(expected))
    for place, (given, output) in enumerate(pairs):
        if differing and differing[0] < published:
            break
        try:
            agrees = _agrees(_run(given, most)[0], output)
        except (Exception, _TooMuchError):
            agrees = False
        if not agrees:
            differing.append(place)
    return differing
"""


def recording(before: str, reference: str, test: str, entry: str) -> str:
    """A module whose `_published_inputs` gives the inputs of the published test as Python texts."""
    return f"{before}{reference}\n{RECORDER.replace('ENTRY', entry)}{test}\n{RECORDED}"


def measuring(before: str, code: str, entry: str, use: Use) -> str:
    """A module whose `_outputs` and `_differing` run `code` on inputs."""
    return f"{before}{code}\n{worded(COMPARISON, entry, use)}{worded(MEASURED, entry, use)}"


def derived_test(entry: str, use: Use, inputs: Sequence[str], outputs: Sequence[str]) -> str:
    lists = [*listed("_INPUTS", inputs), *listed("_OUTPUTS", outputs)]
    head = ["", "import copy as _copy", "", *lists, "", "", COMPARISON, "", TEST]
    return worded("\n".join(head), entry, use)


def worded(text: str, entry: str, use: Use) -> str:
    return text.replace("ENTRY", entry).replace("VIEW(", f"{use.view}(").replace(" TOLERANCE", f" {use.tolerance!r}")


def listed(name: str, texts: Sequence[str]) -> list[str]:
    return [f"{name} = [", *(f"    {text}," for text in texts), "]"]
