"""Small mistakes that a machine puts into a reference are noticed, for a few scenarios that are quick to grade.

Not here: all the others; `./aibaas scenarios mutants` tries them by hand, which takes a quarter of an hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.scoring.mutants import EQUIVALENTS_FILE, read_equivalents, survey
from scenarios.loader import load_catalogue
from scenarios.schema import SCHEMA_FILE

if TYPE_CHECKING:
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox

CATALOGUE = load_catalogue(SCHEMA_FILE.parent)
EXPLAINED = read_equivalents(SCHEMA_FILE.parent)
QUICK = ("bug-fixing/off-by-one-pager", "bug-fixing/alert-routing-rules", "security/dns-tunnel-flag")


@pytest.mark.parametrize("scenario_id", QUICK)
def test_every_mistake_in_a_reference_is_noticed_or_explained(scenario_id: str, sandbox: NamespaceSandbox) -> None:
    explained = EXPLAINED.get(scenario_id, {})
    found = survey(CATALOGUE.scenarios[scenario_id], sandbox, seed=0, most=20, equivalents=explained)
    assert found.drawn >= 15
    assert found.holds
    assert (found.survivors, found.stale) == ((), ())


def test_explanations_are_of_scenarios_that_exist() -> None:
    assert set(EXPLAINED) <= set(CATALOGUE.scenarios), EQUIVALENTS_FILE
