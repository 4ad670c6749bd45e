"""Every reference scores 10, every wrong solution what its header says, and what is no answer nothing.

Not here: how the graders work (tests of orchestration.scoring).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.scoring.proof import flaws_of, seeds_of
from scenarios.loader import load_catalogue
from scenarios.schema import SCHEMA_FILE

if TYPE_CHECKING:
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox

CATALOGUE = load_catalogue(SCHEMA_FILE.parent)
OTHERS = [CATALOGUE.scenarios[scenario_id] for scenario_id in CATALOGUE.suites["canary"].scenario_ids[::4]]
SEEDS = {"tests": 1}
"""Of the slow kinds the public variant alone, of others a fresh one too; `./aibaas scenarios prove` tries more."""


@pytest.mark.parametrize("scenario_id", sorted(CATALOGUE.scenarios))
def test_a_scenario_measures_what_it_says(scenario_id: str, sandbox: NamespaceSandbox) -> None:
    scenario = CATALOGUE.scenarios[scenario_id]
    assert list(flaws_of(scenario, seeds_of(scenario, SEEDS.get(scenario.grader.kind, 2)), sandbox, OTHERS)) == []
