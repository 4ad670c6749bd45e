"""What every published scenario and the canary suite promise, beyond being loadable.

Not here: whether solutions score what they say (test_solutions_score_what_they_say).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from orchestration.simulator.tokens import count_tokens
from scenarios.loader import load_catalogue
from scenarios.schema import PUBLIC_SEED, SCHEMA_FILE
from scenarios.variants import instantiate, values_for_seed, variant_count

if TYPE_CHECKING:
    from scenarios.schema import Scenario

CATALOGUE = load_catalogue(SCHEMA_FILE.parent)
LARGEST_SPREAD, SMALL = 1.15, 12
"""How much longer the longest reference may be than the shortest: as a factor, and in tokens."""
EVERY = pytest.mark.parametrize("scenario_id", sorted(CATALOGUE.scenarios))


def test_the_canary_suite_has_two_scenarios_of_each_of_its_families() -> None:
    suite = CATALOGUE.suites["canary"]
    families = Counter(CATALOGUE.scenarios[scenario_id].family for scenario_id in suite.scenario_ids)
    assert (suite.cadence, suite.variants) == ("hourly", "public")
    assert families == dict.fromkeys(
        ("code-generation", "bug-fixing", "sql", "data-wrangling", "shell-config", "code-review"), 2
    )


def test_an_hour_of_the_canary_suite_takes_at_most_forty_thousand_tokens_of_a_target() -> None:
    variants = [
        instantiate(CATALOGUE.scenarios[scenario_id]) for scenario_id in CATALOGUE.suites["canary"].scenario_ids
    ]
    assert sum(count_tokens(variant.prompt) + variant.scenario.max_output_tokens for variant in variants) <= 40_000


def test_difficulties_and_languages_are_mixed() -> None:
    scenarios = CATALOGUE.scenarios.values()
    assert {scenario.difficulty for scenario in scenarios} == {"easy", "medium", "hard"}
    assert {scenario.language for scenario in scenarios} >= {"python", "javascript", "sql", "bash", "text"}


@EVERY
def test_difficulty_stays_where_it_is_over_fifty_seeds(scenario_id: str) -> None:
    """The reference stays as long and the known solutions stay worth the same, whatever the seed."""
    scenario = CATALOGUE.scenarios[scenario_id]
    variants = [instantiate(scenario, seed) for seed in range(min(50, variant_count(scenario)))]
    sizes = [count_tokens(variant.reference.text) for variant in variants]
    assert len(variants) >= 3
    assert max(sizes) <= LARGEST_SPREAD * min(sizes) + SMALL
    assert len({tuple(solution.expected_score for solution in variant.solutions) for variant in variants}) == 1
    assert len({len(variant.checks) for variant in variants}) == 1


@EVERY
def test_a_scenario_gives_partial_credit_in_steps(scenario_id: str) -> None:
    """A check of weight 0 is only needed by others, and none of the steps."""
    variant = instantiate(CATALOGUE.scenarios[scenario_id])
    weights = [check.weight for check in variant.checks if check.weight]
    assert 6 <= len(weights) <= 12
    assert max(weights) <= sum(weights) / 5


@EVERY
def test_wrong_solutions_differ_in_worth(scenario_id: str) -> None:
    wrong = [item for item in instantiate(CATALOGUE.scenarios[scenario_id]).solutions if item.name != "reference"]
    scores = [item.expected_score for item in wrong]
    assert len(wrong) >= 3
    assert len(set(scores)) == len(scores)
    assert max(scores) >= 7.5
    assert min(scores) <= 5
    assert all(item.note for item in wrong)


def without_repository(scenario: Scenario, prompt: str) -> str:
    """The text that says what to do; a generated repository is the material for it, and long on purpose."""
    listing = values_for_seed(scenario, PUBLIC_SEED)["repository"]["listing"] if scenario.repository else ""
    assert listing in prompt
    return prompt.replace(listing, "")


@EVERY
def test_a_prompt_says_in_what_form_to_answer_and_holds_no_canary(scenario_id: str) -> None:
    scenario = CATALOGUE.scenarios[scenario_id]
    prompt = instantiate(scenario).prompt
    assert re.search(r"Answer\s+with\s+(?:one\s+fenced|one\s+JSON|the\s+JSON)", prompt)
    assert scenario.canary not in prompt
    assert 150 <= len(without_repository(scenario, prompt).split()) <= 500
    assert prompt.isascii()


@EVERY
def test_solutions_are_not_given_away_by_the_prompt(scenario_id: str) -> None:
    variant = instantiate(CATALOGUE.scenarios[scenario_id])
    assert all(item.text.strip() not in variant.prompt for item in variant.solutions)


@EVERY
def test_no_placeholder_is_left_in_any_variant(scenario_id: str) -> None:
    scenario = CATALOGUE.scenarios[scenario_id]
    for seed in range(variant_count(scenario)):
        variant = instantiate(scenario, seed)
        assert not re.search(r"\{\{[a-z]", variant.prompt + "".join(item.text for item in variant.solutions))
        assert not re.search(r"\{\{[a-z]", repr(variant.checks))


@EVERY
def test_every_value_of_every_parameter_changes_the_task(scenario_id: str) -> None:
    scenario = CATALOGUE.scenarios[scenario_id]
    variants = [instantiate(scenario, seed) for seed in range(variant_count(scenario))]
    assert len({variant.prompt for variant in variants}) == len(variants)


def test_the_catalogue_loads_in_its_share_of_two_seconds_for_120_scenarios() -> None:
    instantiate.cache_clear()
    start = time.process_time()
    load_catalogue(SCHEMA_FILE.parent)
    assert time.process_time() - start < 2.0 * len(CATALOGUE.scenarios) / 120
