"""Answers that are tests, on implementations with and without a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orchestration.scoring.registry import scorers
from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from scenarios.variants import Variant

ANSWER = {"kind": "code", "language": "python", "entry": "clamp"}
FILES = {
    "limits.py": "def clamp(x, low, high):\n    if low > high:\n        raise ValueError('limits')\n"
    "    return max(low, min(high, x))\n",
    "other.py": "def clamp(x, low, high):\n    if high < low:\n        raise ValueError\n"
    "    return low if x < low else high if x > high else x\n",
}
RIGHT = {"name": "passes on a right one", "weight": 0, "implementation": "limits.py"}
CHECKS: list[dict[str, Any]] = [
    RIGHT,
    {
        "name": "no check",
        "weight": 1,
        "implementation": "limits.py",
        "change": {"before": "low > high", "after": "False"},
        "needs": ["passes on a right one"],
    },
    {
        "name": "no upper limit",
        "weight": 3,
        "implementation": "limits.py",
        "change": {"before": "min(high, x)", "after": "x"},
        "needs": ["passes on a right one"],
    },
]
UPPER = "from limits import clamp\ndef test_upper():\n    assert clamp(9, 0, 5) == 5\n"
ORDER = "import pytest\ndef test_order():\n    with pytest.raises(ValueError):\n        clamp(1, 5, 0)\n"
CASES = """
import pytest
import limits

@pytest.mark.parametrize("x, expected", [(9, 5), (-1, 0), pytest.param(3, 3)])
def test_each(x, expected):
    assert limits.clamp(x, 0, 5) == pytest.approx(expected)
"""
UNITTEST = """
import unittest
from limits import clamp

class Clamp(unittest.TestCase):
    def test_order(self):
        self.assertRaises(ValueError, clamp, 1, 5, 0)
"""
CLASS = """
from limits import clamp

class TestClamp:
    def setup_method(self):
        self.high = 5

    def test_upper(self):
        assert clamp(9, 0, self.high) == 5
"""
MARKED_CLASS = """
import pytest
from limits import clamp

@pytest.mark.parametrize("case", [{"x": 9, "expected": 5}, {"x": 3, "expected": 3}])
class TestClamp:
    def setup_method(self, method):
        self.name = method.__name__

    @pytest.mark.parametrize("low", [0, 1])
    def test_each(self, case, low):
        assert self.name == "test_each"
        assert clamp(case["x"], low, 5) == case["expected"]
"""
DATACLASS = """
from dataclasses import dataclass
from limits import clamp

@dataclass
class Case:
    x: int
    expected: int

def test_upper():
    case = Case(9, 5)
    assert clamp(case.x, 0, 5) == case.expected
"""


@pytest.mark.parametrize(
    ("tests", "points"),
    [
        (UPPER, 7.5),
        (UPPER + ORDER, 10.0),
        (CASES, 7.5),
        (UNITTEST, 2.5),
        (CLASS, 7.5),
        (DATACLASS, 7.5),
        (MARKED_CLASS, 7.5),
        ("def test_nothing():\n    pass\n", 0.0),
        ("x = 1\n", 0.0),
        ("def test_all():\n    assert False\n", 0.0),
        (UPPER + "\nimport sys\nsys.exit(0)\n", 0.0),
        ("import os\ndef test_end():\n    os._exit(1)\n", 0.0),
        ("def test_wrong():\n    from limits import clamp\n    assert clamp(9, 0, 5) == 9\n", 0.0),
    ],
)
def test_the_score_is_the_share_of_mistakes_found(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant], tests: str, points: float
) -> None:
    variant = variant_of("tests", ANSWER, CHECKS, FILES, limits={"wall_s": 2.0})
    grade = scorers(sandbox)["tests"].score(variant, f"```python\n{tests}```\n")
    assert (grade.score, grade.reason) == (points, None)


def test_several_files_stand_for_one_module(sandbox: NamespaceSandbox, variant_of: Callable[..., Variant]) -> None:
    """A test of what is left open, here the message, passes on one right implementation and not on the other."""
    second = {"name": "passes on another", "weight": 0, "implementation": "other.py", "module": "limits"}
    needy = [{**check, "needs": [RIGHT["name"], second["name"]]} for check in CHECKS[1:]]
    variant = variant_of("tests", ANSWER, [RIGHT, second, *needy], FILES)
    scorer = scorers(sandbox)["tests"]
    picky = ORDER.replace("(ValueError)", "(ValueError, match='limits')")
    assert scorer.score(variant, f"```python\n{UPPER + ORDER}```\n").score == 10.0
    assert scorer.score(variant, f"```python\n{UPPER + picky}```\n").score == 0.0


def test_tests_cannot_see_the_text_of_what_they_judge(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant]
) -> None:
    """What tells the right one from a mistake other than by its behaviour would be found on all or on none."""
    peeks = """
import inspect, pathlib
from limits import clamp

def test_peek():
    seen = []
    for look in (
        inspect.getsource,
        lambda f: f.__code__,
        lambda f: f.__code__.co_code,
        lambda f: f.__globals__,
        lambda f: f.__builtins__,
        lambda f: f.__closure__,
        lambda f: f.__get__(1).__func__.__code__,
    ):
        try:
            seen.append(look(clamp))
        except BaseException:
            pass
    for path in ("limits.py", "answer.py"):
        try:
            seen.append(pathlib.Path(path).read_text())
        except OSError:
            pass
    assert seen == []
"""
    variant = variant_of("tests", ANSWER, CHECKS, FILES)
    grade = scorers(sandbox)["tests"].score(variant, f"```python\n{peeks}```\n")
    assert {check.name for check in grade.checks if check.passed} == {"passes on a right one"}


@pytest.mark.parametrize(
    ("check", "place", "reason"),
    [
        ({"implementation": "none.py"}, "[1].implementation", "is no file of the tests folder"),
        ({"implementation": "limits.py", "change": {"before": "low", "after": "x"}}, "before", "stands 3 times"),
        ({"implementation": "limits.py", "needs": ["gone"]}, "[1].needs[0]", "is no check that needs nothing itself"),
    ],
)
def test_a_check_that_cannot_work_is_refused(
    variant_of: Callable[..., Variant], check: dict[str, Any], place: str, reason: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        variant_of("tests", ANSWER, [RIGHT, {"name": "second", "weight": 1, **check}], FILES)
    assert place in str(refused.value)
    assert reason in str(refused.value)
