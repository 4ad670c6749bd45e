"""The catalogue as rows: what is recorded of a scenario is its public variant's prompt, and no more than is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.collection.catalogue_rows import LONGEST_PROMPT, scenario_rows
from scenarios.loader import Catalogue, load_scenario
from scenarios.variants import instantiate

CORE = Path(__file__).resolve().parents[3] / "scenarios" / "core"
NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.mark.parametrize("folder", ["sql/monthly-net-revenue", "long-context/settings-in-force"])
def test_the_prompt_is_that_of_the_public_variant_and_is_cut_where_it_is_long(folder: str) -> None:
    scenario = load_scenario(CORE / folder)
    (row,) = scenario_rows(Catalogue({scenario.id: scenario}, {}), NOW)
    public, fresh = (instantiate(scenario, seed).prompt for seed in (0, 1))
    assert row.public_prompt == public[:LONGEST_PROMPT]
    assert row.public_prompt_length == len(public)
    assert (len(public) > LONGEST_PROMPT) is folder.startswith("long-context")
    assert row.public_prompt != fresh[:LONGEST_PROMPT]
