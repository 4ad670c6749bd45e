from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.simulator.profiles import load_profiles
from orchestration.simulator.skills import SkillTable, mixture_of
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from scenarios.loader import Catalogue

PROFILES = load_profiles()


@pytest.fixture(scope="module")
def skills(catalogue: Catalogue) -> SkillTable:
    return SkillTable(PROFILES.models, PROFILES.seed, catalogue.scenarios.values())


def expected_mean(skills: SkillTable, catalogue: Catalogue, model: str, shift: float) -> float:
    """Over the twelve scenarios, with refusals, garbage and cut answers counted as 0."""
    variants = [instantiate(scenario) for scenario in catalogue.scenarios.values()]
    means = [skills.mixture(model, variant, shift).expected_score for variant in variants]
    return PROFILES.models[model].reliability.usable * sum(means) / len(means)


@pytest.mark.parametrize("wanted", [0.0, 0.4, 3.0, 6.5, 9.0, 9.9, 10.0])
def test_a_mixture_has_the_wanted_mean(wanted: float) -> None:
    mixture = mixture_of((2.0, 5.5, 8.0, 10.0), wanted)
    assert mixture.expected_score == pytest.approx(wanted, abs=0.01)
    assert sum(mixture.shares) == pytest.approx(1)
    assert all(share >= 0 for share in mixture.shares)


def test_a_mixture_uses_every_answer_and_picks_by_share() -> None:
    mixture = mixture_of((2.0, 5.5, 8.0, 10.0), 7.0)
    picked = [mixture.pick((index + 0.5) / 10_000) for index in range(10_000)]
    for index, share in enumerate(mixture.shares):
        assert picked.count(index) / 10_000 == pytest.approx(share, abs=0.001)
        assert share > 0.005
    assert mixture.pick(0.9999999999999999) == 4


@pytest.mark.parametrize(
    ("model", "mean"),
    [("atlas", 9.3), ("borealis", 8.7), ("cobalt", 8.0), ("dynamo", 7.1), ("ember", 6.0), ("flint", 4.5)],
)
def test_a_model_scores_what_its_profile_states(
    skills: SkillTable, catalogue: Catalogue, model: str, mean: float
) -> None:
    assert expected_mean(skills, catalogue, model, 0.0) == pytest.approx(mean, abs=0.02)


def test_a_degradation_moves_the_mean_of_the_scenarios_by_its_points(skills: SkillTable, catalogue: Catalogue) -> None:
    before, after = (expected_mean(skills, catalogue, "cobalt", shift) for shift in (0.0, -1.0))
    assert before - after == pytest.approx(1.0, abs=0.03)


def test_scenarios_of_a_family_differ_around_its_mean(skills: SkillTable, catalogue: Catalogue) -> None:
    pair = [instantiate(s) for s in catalogue.scenarios.values() if s.family == "sql"]
    one, other = (skills.expected_score("ember", variant, 0.0) for variant in pair)
    profile = PROFILES.models["ember"]
    assert one != other
    assert (one + other) / 2 == pytest.approx(profile.skill.of("sql") / profile.reliability.usable, abs=0.001)
