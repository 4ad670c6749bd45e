"""What is asked of the look of code, beside what it does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.scoring.python_structure import describe
from orchestration.scoring.registry import scorers

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from scenarios.variants import Variant

ANSWER = {"kind": "code", "language": "python", "entry": "solve"}
CALLS = {"name": "adds", "weight": 1, "calls": [{"args": [1], "expected": 2}]}

BRANCHES = """
def solve(n):
    '''Docs.'''
    if n > 1 and n < 9:
        for i in range(n):
            while i:
                i -= 1
    elif n == 0:
        return 1
    elif n == 1:
        return [x for x in range(3) if x][0] + 1
    else:
        try:
            return n
        except ValueError:
            return 2
    return n + 1
"""
REPEATS = """
def a(x):
    total = 0
    for item in x:
        total += item.price
    return total

def b(rows):
    amount = 1
    for row in rows:
        amount += row.cost
    return amount * 2
"""


def test_measures_are_those_of_their_definitions() -> None:
    measured = json.loads(describe(BRANCHES))["functions"]["solve"]
    # if, and, for, while, elif, elif, comprehension, its if, except: 9 decisions
    assert measured == {"complexity": 10, "nesting": 3, "statements": 12, "parameters": 1}


@pytest.mark.parametrize(
    ("code", "clone"),
    [
        (REPEATS, 3),
        (REPEATS.replace("amount += row.cost", "amount *= row.cost"), 0),
        ("x = 1\ny = 2\n", 0),
        ("a = f(1)\nb = g(a)\nc = f(2)\nd = g(c)\n", 2),
        ("import a\nimport b\n\ndef f():\n    import a\n    import b\n", 0),
    ],
)
def test_a_clone_is_what_copying_leaves_equal(code: str, clone: int) -> None:
    assert json.loads(describe(code))["clone"] == clone


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import datetime as dt\ndt.datetime.utcnow()", {"datetime", "datetime.datetime.utcnow"}),
        ("from datetime import datetime\nnow = datetime.utcnow\nnow()", {"datetime.datetime.utcnow"}),
        (
            "import sqlite3\nwith sqlite3.connect('x') as db:\n    db.execute('select 1').fetchall()",
            {"sqlite3.connect", "sqlite3.connect().__enter__().execute().fetchall"},
        ),
        (
            "import sqlite3\nfrom contextlib import closing\nwith closing(sqlite3.connect('x')) as db:\n    db.close()",
            {"contextlib.closing", "sqlite3.connect().close"},
        ),
        ("from pydantic import Field\nclass A:\n    x: Annotated[int, Field(gt=0)]", {"pydantic.Field"}),
        ("import a\ndef f(x: a.B[a.C]) -> a.D: ...", {"a.B", "a.C", "a.D"}),
        ("import httpx\ndef f() -> httpx.Client: ...\nf().get('x')", {"httpx.Client().get", "f"}),
        ("import polars as pl\ndef f(df: pl.DataFrame):\n    return df.melt()", {"polars.DataFrame().melt"}),
        ("def f(df: 'pl.DataFrame'):\n    df.x()\nimport polars as pl", set()),
        ("def eval(x): ...\neval('1')", {"eval"}),
        ("for pickle in []:\n    pickle.loads()", set()),
        ("import a.b.c\na.b.c.d(e=1)", {"a.b.c", "a.b.c.d"}),
        ("from . import x\nx.y", {"..x.y"}),
    ],
)
def test_names_are_followed_to_where_they_come_from(code: str, names: set[str]) -> None:
    assert names <= {name for name, *_ in json.loads(describe(code))["uses"]}


@pytest.mark.parametrize(
    ("check", "code", "passes"),
    [
        ({"kind": "structure", "measure": "complexity", "at_most": 2}, "def solve(n): return n + 1", True),
        ({"kind": "structure", "measure": "complexity", "at_most": 9}, BRANCHES, False),
        ({"kind": "structure", "measure": "complexity", "of": "other", "at_most": 9}, BRANCHES, False),
        ({"kind": "structure", "measure": "clone", "at_most": 2}, REPEATS, False),
        ({"kind": "uses", "none_of": ["pickle"]}, "import pickle\ndef solve(n): return n + 1", False),
        ({"kind": "uses", "none_of": ["pick"]}, "import pickle\ndef solve(n): return n + 1", True),
        ({"kind": "uses", "all_of": ["math.floor"]}, "import math\ndef solve(n): return math.floor(n) + 1", True),
        (
            {"kind": "uses", "all_of": ["subprocess.run"], "keywords": ["timeout"]},
            "import subprocess\ndef solve(n): return subprocess.run([], check=True)",
            False,
        ),
        ({"kind": "structure", "measure": "nesting", "at_most": 2}, "def solve(n) return", False),
        ({"kind": "structure", "measure": "nesting", "at_most": 2}, f"def solve(n): return {'(' * 5000}1", False),
    ],
)
def test_code_is_judged_by_its_look(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant], check: dict[str, Any], code: str, passes: bool
) -> None:
    variant = variant_of("function", ANSWER, [CALLS, {"name": "look", "weight": 1, **check}])
    grade = scorers(sandbox)["function"].score(variant, f"```python\n{code}\n```")
    assert grade.score is not None
    assert {item.name: item.passed for item in grade.checks}["look"] == passes


def test_a_look_that_needs_the_behaviour_earns_nothing_without_it(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant]
) -> None:
    look = {"name": "look", "weight": 9, "kind": "structure", "measure": "nesting", "at_most": 0, "needs": ["adds"]}
    variant = variant_of("function", ANSWER, [CALLS, look])
    scorer = scorers(sandbox)["function"]
    assert scorer.score(variant, "def solve(n): return n + 1").score == 10
    assert scorer.score(variant, "def solve(n): return n").score == 0


def test_modules_of_the_scenario_can_be_imported(sandbox: NamespaceSandbox, variant_of: Callable[..., Variant]) -> None:
    variant = variant_of("function", ANSWER, [CALLS], {"counting.py": "def step():\n    return 1\n"})
    scorer = scorers(sandbox)["function"]
    code = "from __future__ import annotations\nfrom counting import step\ndef solve(n): return n + step()"
    assert scorer.score(variant, code).score == 10
    assert scorer.score(variant, "import counting\ndef solve(n): return n + counting.leap()").score == 0
