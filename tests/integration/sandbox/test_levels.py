"""The proof of the level: what it says here, as an ordinary user, and when a layer is taken away."""

from __future__ import annotations

import json

import pytest

from orchestration.sandbox.interface import FunctionCall, FunctionRun, ProgramRun
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.sandbox.self_test import without
from orchestration.settings import OperatorError
from tests.support.ordinary_user import as_ordinary_user

TRIVIAL = FunctionRun("def f(x): return x", "f", (FunctionCall((7,)),))


@pytest.mark.parametrize(
    ("layer", "word"), [("seccomp", "seccomp"), ("landlock", "landlock"), ("pid_namespace", "namespaces: pid")]
)
def test_without_a_layer_nothing_is_graded(layer: str, word: str) -> None:
    with NamespaceSandbox(level="A", layers=without(layer)) as weakened:
        result = weakened.call_function(TRIVIAL)
        assert (result.outcome, result.values[0].outcome) == ("refused", "refused")
        assert word in result.reason
        assert "To mend it" in result.reason
        with pytest.raises(OperatorError, match="nothing is graded"):
            weakened.proven()


def test_every_check_of_the_whole_isolation_holds(sandbox: NamespaceSandbox) -> None:
    assert sandbox.level == "A"
    assert len(sandbox.proof.checks) > 20
    assert all(check.held for check in sandbox.proof.checks)


@pytest.mark.parametrize("level", ["A", "B"])
def test_an_ordinary_user_has_both_levels(level: str) -> None:
    result = as_ordinary_user("doctor", "--level", level)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == f"level {level}"
    assert "BROKEN" not in result.stdout


def test_an_ordinary_user_grades_as_root_does() -> None:
    calls = [{"args": [2, 3], "expected": 6}, {"args": ["a", 2], "expected": "aa"}]
    code = "import sqlite3, hashlib\ndef f(a, b): return a * b"
    request = {"id": 1, "language": "python", "code": code, "entry": "f", "calls": calls}
    result = as_ordinary_user("grade", stdin=json.dumps(request))
    assert result.returncode == 0, result.stderr
    graded = json.loads(result.stdout)
    assert (graded["outcome"], graded["passed"], graded["total"]) == ("ok", 2, 2)


def test_level_b_refuses_what_it_cannot_confine(monkeypatch: pytest.MonkeyPatch, sandbox: NamespaceSandbox) -> None:
    with NamespaceSandbox() as opened:
        proof = sandbox.proof
        monkeypatch.setitem(opened.__dict__, "proof", type(proof)("B", "level A does not hold (of this test)", ()))
        result = opened.run_program(ProgramRun("echo hello", "bash"))
    assert (result.outcome, result.stdout) == ("refused", "")
    assert "bash needs level A" in result.reason
