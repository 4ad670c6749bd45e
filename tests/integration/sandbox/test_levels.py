"""The proof of the level: what it says here, as an ordinary user, and when a layer is taken away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from orchestration.sandbox.interface import FunctionCall, FunctionRun, ProgramRun
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.sandbox.self_test import without
from orchestration.settings import PROJECT_ROOT, OperatorError

SYSTEM_PYTHON = Path("/usr/bin/python3")
ABI = sysconfig.get_config_var("SOABI")
IS_ALIKE = f"import sysconfig; raise SystemExit(sysconfig.get_config_var('SOABI') != {ABI!r})"
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


def as_ordinary_user(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """`aibaas sandbox ...` as nobody, with the system's Python: that of the tests may lie in the home of root."""
    if os.geteuid() != 0:
        pytest.skip("this is an ordinary user already: the other tests are the proof")
    if not SYSTEM_PYTHON.exists() or subprocess.run([SYSTEM_PYTHON, "-c", IS_ALIKE], check=False).returncode:
        pytest.skip("the system has no Python of this version")
    if any(not path.stat().st_mode & 0o001 for path in (PROJECT_ROOT, *PROJECT_ROOT.parents)):
        pytest.skip("the checkout lies where only root can enter")
    packages = os.pathsep.join((str(PROJECT_ROOT), sysconfig.get_path("purelib")))
    environment = {"PATH": os.defpath, "HOME": "/nonexistent", "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
    identity = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
    assert shutil.which("setpriv"), "setpriv is missing: apt-get install util-linux"
    return subprocess.run(
        [*identity, SYSTEM_PYTHON, "-P", "-m", "orchestration.cli", "sandbox", *arguments],
        env=environment, cwd="/", input=stdin, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


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
