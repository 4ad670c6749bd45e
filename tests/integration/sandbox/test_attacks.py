"""Every attack of the corpus is contained, and honest programs pass beside it.

Not here: the attacks (support.attacks), what is planted and watched (support.stakeout).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.attack_corpus import (
    INPUTS,
    TESTS,
    Attack,
    Honest,
    own_attacks,
    own_honest,
    run_attack,
    run_function,
    shared_attacks,
    shared_honest,
)
from tests.support.ordinary_user import IDENTITY, as_ordinary_user
from tests.support.stakeout import Stakeout, stakeout, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox

HONEST = Honest("before and after", "def solve(a, b): return a * b + 1")
TRIES = 3
"""Other programs of this machine share its memory and processors: what is measured has to be exceeded each time."""


@pytest.fixture(scope="module")
def planted() -> Iterator[Stakeout]:
    folder = Path(tempfile.mkdtemp(prefix="aibaas-stakeout-"))
    with stakeout(folder, len(INPUTS)) as found:
        yield found
    shutil.rmtree(folder)


def test_the_corpus_is_large_and_of_every_kind() -> None:
    attacks = own_attacks()
    assert len(attacks) >= 120
    assert len({attack.name for attack in attacks}) == len(attacks)
    assert len(own_honest()) >= 20


@pytest.mark.parametrize("attack", [*own_attacks(), *shared_attacks()], ids=lambda attack: attack.name)
def test_an_attack_is_contained(attack: Attack, sandbox: NamespaceSandbox, planted: Stakeout) -> None:
    assert run_function(sandbox, HONEST.code).passed
    violated: list[str] = []
    for _ in range(TRIES):
        planted.heard.clear()
        with watching() as watch:
            seen = [run_attack(sandbox, attack, planted.filled(attack.code)) for _ in range(attack.repeat)]
        assert run_function(sandbox, HONEST.code).passed
        violated = planted.violations(attack.must, seen, watch)
        if not violated:
            return
    pytest.fail(f"{violated}: {watch}\n{seen[-1].text[:3000]}")


@pytest.mark.parametrize("level", ["A", "B"])
def test_an_ordinary_user_is_as_safe(level: str, planted: Stakeout) -> None:
    """The whole corpus through the command, with an honest program behind each attack and a bystander of that user."""
    attacks = [attack for attack in [*own_attacks(), *shared_attacks()] if attack.language == "python"]
    codes = [code for attack in attacks for code in (planted.filled(attack.code), HONEST.code)]
    lines = [json.dumps(request_of(number, code)) for number, code in enumerate(codes)]
    planted.heard.clear()
    with subprocess.Popen([*IDENTITY, "sleep", "600"]) as bystander:
        corpus = "\n".join(lines).replace(planted.places["SENTINEL"], str(bystander.pid))
        result = as_ordinary_user("grade", "--level", level, stdin=corpus, AIBAAS_PLANTED=planted.canary)
        assert bystander.poll() is None
        bystander.kill()
    assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["outcome"] for row in rows[1::2]] == ["ok"] * len(attacks)
    attacked = dict(zip([attack.name for attack in attacks], rows[::2], strict=True))
    assert [name for name, row in attacked.items() if row["passed"] == row["total"]] == []
    assert [name for name, row in attacked.items() if row["outcome"] in {"infrastructure", "refused"}] == []
    assert planted.canary not in result.stdout + result.stderr
    assert planted.heard == set()
    assert [name for name, row in attacked.items() if "H4_DONE" in row["stdout"]] == []


def request_of(number: int, code: str) -> dict[str, Any]:
    calls = [{"args": args, "expected": expected} for args, expected in TESTS]
    return {"id": number, "language": "python", "code": code, "entry": "solve", "calls": calls, "limits": {"wall_s": 2}}


@pytest.mark.parametrize("honest", [*own_honest(), *shared_honest()], ids=lambda honest: honest.name)
def test_an_honest_program_passes(honest: Honest, sandbox: NamespaceSandbox) -> None:
    seen = run_function(sandbox, honest.code, honest.tests)
    assert seen.passed, seen.text
