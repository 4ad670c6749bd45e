"""Proves many scenarios at once, as an importer needs it.

Not here: what has to hold (proof), nor writing scenarios (scenarios.packs).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from orchestration.scoring.proof import flaws_of, seeds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orchestration.sandbox.interface import Sandbox
    from scenarios.schema import Scenario


def flaws_of_each(scenarios: Iterable[Scenario], sandbox: Sandbox, done: Callable[[], None]) -> dict[str, list[str]]:
    """What does not hold for the public variant of each scenario, by id; `done` is called after each."""

    def prove(scenario: Scenario) -> tuple[str, list[str]]:
        flaws = [flaw.what for flaw in flaws_of(scenario, seeds_of(scenario, 1), sandbox, ())]
        done()
        return scenario.id, list(dict.fromkeys(flaws))

    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="proof") as pool:
        return dict(pool.map(prove, scenarios))
