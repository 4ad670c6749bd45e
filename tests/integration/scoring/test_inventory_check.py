"""Answers whose names are looked up: what is credited, what is listed, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orchestration.scoring.registry import scorers
from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from scenarios.variants import Variant

ANSWER = {"kind": "code", "language": "python", "entry": "solve"}
NAMES = {"name": "names", "weight": 1, "kind": "inventory", "packages": ["python"]}
SDK = {"depots.py": "class Depot:\n    def find(self, code): ...\ndef connect(url) -> Depot: ...\n"}


def check(**changes: Any) -> list[dict[str, Any]]:
    return [{**NAMES, **changes}]


@pytest.mark.parametrize(
    ("code", "score", "detail"),
    [
        ("import json\ndef solve(x):\n    return json.loads(x)", 10, None),
        ("import json\ndef solve(x):\n    return json.parse(x)", 5, "invented: json.parse (line 3)"),
        ("def solve(x):\n    return len(x)", 0, "nothing of python, depots is used"),
        ("import depots\ndef solve(x):\n    return depots.connect(x).find(x)", 10, None),
        (
            "import depots, httpx\ndef solve(x):\n    return depots.connect(x).get(httpx.get(x))",
            5,
            "invented: httpx is not offered (line 1), depots.Depot.get (line 3)",
        ),
        ("def solve(x) return", 0, "the code can't be read: SyntaxError"),
    ],
)
def test_the_share_is_that_of_the_names_that_hold(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant], code: str, score: float, detail: str | None
) -> None:
    variant = variant_of("function", ANSWER, check(share="fraction"), SDK)
    grade = scorers(sandbox)["function"].score(variant, f"```python\n{code}\n```")
    (result,) = grade.checks
    assert grade.score == score
    assert (result.detail or "").startswith(detail or "")


def test_without_fractions_one_invented_name_costs_the_whole_check(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant]
) -> None:
    scorer = scorers(sandbox)["function"]
    code = "import json\ndef solve(x):\n    return json.loads(json.dumps(x, pretty=True))"
    code = code.replace("pretty", "skipkeys")
    assert scorer.score(variant_of("function", ANSWER, check()), code).score == 10
    wrong = code.replace("json.loads(", "json.load_string(")
    assert scorer.score(variant_of("function", ANSWER, check()), wrong).score == 0


def test_a_check_names_inventories_that_there_are(variant_of: Callable[..., Variant]) -> None:
    with pytest.raises(CatalogueError, match="there is no inventory of 'numpy': click, fastapi"):
        variant_of("function", ANSWER, check(packages=["python", "numpy"]))


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("pl.scan_csv(x).sort('a').group_by('b', maintain_order=True)", True),
        ("pl.scan_csv(x).sort('a').group_by('b')", False),
        ("pl.scan_csv(x).group_by('b', maintain_order=True).agg()", True),
        ("x.group_by('b', maintain_order=True)", False),
        ("pl.scan_csv(x).group_by('b', maintain_order=True).agg().melt()", False),
    ],
)
def test_a_name_is_found_whatever_leads_there(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant], body: str, passes: bool
) -> None:
    uses = {
        "kind": "uses", "all_of": ["polars.LazyFrame.group_by"], "keywords": ["maintain_order"],
        "none_of": ["polars.LazyFrame.melt"], "packages": ["polars"],
    }  # fmt: skip
    variant = variant_of("function", ANSWER, [{"name": "names", "weight": 1, **uses}])
    code = f"import polars as pl\ndef solve(x):\n    return {body}"
    assert scorers(sandbox)["function"].score(variant, code).score == 10 * passes


def test_a_module_that_stands_in_for_a_package_does_not_say_what_the_package_has(
    sandbox: NamespaceSandbox, variant_of: Callable[..., Variant]
) -> None:
    stand_in = {"httpx.py": "def get(url): ...\ndef fetch(url): ...\n"}
    variant = variant_of("function", ANSWER, check(packages=["httpx"]), stand_in)
    scorer = scorers(sandbox)["function"]
    assert scorer.score(variant, "import httpx\ndef solve(x):\n    return httpx.get(x, timeout=3)").score == 10
    assert scorer.score(variant, "import httpx\ndef solve(x):\n    return httpx.fetch(x)").score == 0


def test_a_way_that_is_no_file_of_the_tests_folder_is_refused(variant_of: Callable[..., Variant]) -> None:
    checks = [{"name": "led", "weight": 1, "through": "trial.run", "calls": [{"args": [], "expected": 1}]}]
    with pytest.raises(CatalogueError, match=r"'trial\.run' is of no Python file of the tests folder"):
        variant_of("function", ANSWER, checks)
