"""What the simulated models say about the real catalogue, read as the pipeline reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.extraction import extract_code, is_refusal
from orchestration.scoring.registry import scorers
from orchestration.settings import settings
from orchestration.simulator.exchange import Answer, Call, Moment
from orchestration.simulator.profiles import Manner, load_profiles
from orchestration.simulator.tokens import count_tokens
from orchestration.simulator.wording import GARBAGE, REFUSALS, chosen, worded
from scenarios.loader import load_catalogue
from scenarios.variants import Solution, Variant, instantiate

if TYPE_CHECKING:
    from orchestration.simulator.simulated_models import SimulatedModels

CATALOGUE = load_catalogue(settings().scenarios_dir)
VARIANTS = [instantiate(CATALOGUE.scenarios[scenario_id]) for scenario_id in CATALOGUE.suites["canary"].scenario_ids]
MANNERS = {
    *(profile.manner for profile in load_profiles().models.values()),
    Manner(remarks=3, second_block=1),
    Manner(remarks=0, unfenced=1),
}
CHANGE = datetime(2026, 11, 16, tzinfo=UTC)


def name_of(variant: Variant) -> str:
    return variant.scenario.id


@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_every_wording_holds_the_solution(variant: Variant) -> None:
    answer = variant.scenario.answer
    for solution in variant.solutions:
        for manner in MANNERS:
            text = worded(solution.text, answer.language, f"{variant.scenario.id}|{solution.name}", manner)
            assert count_tokens(text) <= variant.scenario.max_output_tokens
            if answer.language:
                found = extract_code(text, language=answer.language, entry=answer.entry)
                assert found.code.strip() == solution.text.strip()
                assert found.is_format_ok


@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_what_is_no_answer_is_worth_nothing(variant: Variant) -> None:
    scorer = scorers(NamespaceSandbox())[variant.scenario.grader.kind]
    assert scorer.score(variant, chosen(GARBAGE, variant.scenario.id)).score == 0
    refusal = chosen(REFUSALS, variant.scenario.id)
    assert is_refusal(refusal)
    assert scorer.score(variant, refusal).is_refusal


@pytest.mark.parametrize("manner", [Manner(remarks=2, second_block=1), Manner(remarks=0)])
def test_a_worded_json_answer_has_the_score_of_its_solution(manner: Manner) -> None:
    scorer = scorers(NamespaceSandbox())["text"]
    for variant in (variant for variant in VARIANTS if variant.scenario.grader.kind == "text"):
        for solution in variant.solutions:
            text = worded(solution.text, None, f"{variant.scenario.id}|{solution.name}", manner)
            assert scorer.score(variant, text).score == pytest.approx(solution.expected_score, abs=0.01)


def solution_in(variant: Variant, text: str) -> Solution | None:
    held = [solution for solution in variant.solutions if solution.text.strip("\n") in text]
    return max(held, key=lambda solution: len(solution.text), default=None)


def daily_scores(models: SimulatedModels, model: str, day: datetime) -> list[float]:
    """The worth of a day's answers; what holds no whole solution is worth 0."""
    scores = []
    for variant in VARIANTS:
        call = Call(model, (variant.prompt,), variant.scenario.max_output_tokens, False, False, 0)
        replies = [models.reply(call, Moment(day + timedelta(hours=hour), is_past=True)) for hour in range(24)]
        held = [solution_in(variant, reply.text) for reply in replies if isinstance(reply, Answer)]
        scores += [solution.expected_score if solution else 0.0 for solution in held]
    return scores


def period_mean(models: SimulatedModels, model: str, first: datetime, days: int) -> float:
    return fmean(score for day in range(days) for score in daily_scores(models, model, first + timedelta(days=day)))


def test_cobalt_really_loses_one_point_on_the_canary(models: SimulatedModels) -> None:
    before = period_mean(models, "cobalt", CHANGE - timedelta(days=10), 10)
    after = period_mean(models, "cobalt", CHANGE, 4)
    assert before == pytest.approx(8.0, abs=0.1)
    assert before - after == pytest.approx(1.0, abs=0.1)


def test_models_are_ranked_and_spread_as_their_profiles_say(models: SimulatedModels) -> None:
    means = {model: period_mean(models, model, CHANGE - timedelta(days=5), 4) for model in models.profiles.models}
    expected = {"atlas": 9.3, "borealis": 8.7, "cobalt": 8.0, "dynamo": 7.1, "ember": 6.0, "flint": 4.5}
    assert means == pytest.approx(expected, abs=0.3)
    assert list(means.values()) == sorted(means.values(), reverse=True)
