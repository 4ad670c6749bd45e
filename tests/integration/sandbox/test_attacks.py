"""Every attack of the corpus is contained, and honest programs pass beside it.

Not here: the attacks (support.attacks), what is planted and watched (support.stakeout).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.attack_corpus import (
    INPUTS,
    Attack,
    Honest,
    own_attacks,
    own_honest,
    run_attack,
    run_function,
    shared_attacks,
    shared_honest,
)
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


@pytest.mark.parametrize("honest", [*own_honest(), *shared_honest()], ids=lambda honest: honest.name)
def test_an_honest_program_passes(honest: Honest, sandbox: NamespaceSandbox) -> None:
    seen = run_function(sandbox, honest.code, honest.tests)
    assert seen.passed, seen.text
