from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.simulator.exchange import Answer, Call, Failure, Moment
from orchestration.simulator.simulated_models import SimulatedModels
from orchestration.simulator.tokens import count_tokens
from orchestration.simulator.wording import GENERIC
from scenarios.variants import Variant, instantiate

if TYPE_CHECKING:
    from scenarios.loader import Catalogue

ANCHOR = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
FORTNIGHT = [ANCHOR - timedelta(hours=hour) for hour in range(14 * 24, 0, -1)]


def asked(models: SimulatedModels, model: str, text: str, at: datetime, **changes: int) -> Answer | Failure:
    call = Call(model, (text,), changes.get("max_tokens"), False, False, changes.get("sample", 0))
    return models.reply(call, Moment(at, is_past=True))


def worth(variant: Variant, answer: Answer) -> float:
    """The score that an answer of the small catalogue deserves; what is cut deserves none."""
    if answer.finish_reason != "stop":
        return 0.0
    lines = {line.strip() for line in answer.text.splitlines()}
    found = [s.expected_score for s in variant.solutions if s.text.strip().splitlines()[-1].strip() in lines]
    return found[0] if found else 0.0


def scores(models: SimulatedModels, catalogue: Catalogue, model: str, hours: list[datetime]) -> list[float]:
    variants = [instantiate(scenario) for scenario in catalogue.scenarios.values()]
    replies = [(variant, asked(models, model, variant.prompt, at)) for variant in variants for at in hours]
    return [worth(variant, reply) for variant, reply in replies if isinstance(reply, Answer)]


@pytest.mark.parametrize(("model", "mean"), [("atlas", 9.3), ("borealis", 8.7), ("dynamo", 7.1), ("flint", 4.5)])
def test_the_mean_of_a_fortnight_is_the_skill(
    models: SimulatedModels, catalogue: Catalogue, model: str, mean: float
) -> None:
    assert fmean(scores(models, catalogue, model, FORTNIGHT)) == pytest.approx(mean, abs=0.1)


def test_cobalt_really_gets_worse_by_one_point(models: SimulatedModels, catalogue: Catalogue) -> None:
    before = fmean(scores(models, catalogue, "cobalt", FORTNIGHT[: 10 * 24]))
    after = fmean(scores(models, catalogue, "cobalt", FORTNIGHT[10 * 24 :]))
    assert before == pytest.approx(8.0, abs=0.1)
    assert before - after == pytest.approx(1.0, abs=0.1)


def test_answers_do_not_depend_on_the_order_of_the_calls(models: SimulatedModels, catalogue: Catalogue) -> None:
    prompts = [instantiate(scenario).prompt for scenario in catalogue.scenarios.values()]
    calls = [(model, prompt, at) for model in ("ember", "flint") for prompt in prompts for at in FORTNIGHT[:40]]
    first = {call: asked(models, *call) for call in calls}
    random.Random(3).shuffle(calls)
    again = SimulatedModels(models.profiles, list(catalogue.scenarios.values()), models.timeline)
    assert all(asked(again, *call) == first[call] for call in calls)


def test_samples_and_minutes_of_an_hour(models: SimulatedModels, catalogue: Catalogue) -> None:
    prompt = instantiate(catalogue.scenarios["sql/task-4"]).prompt
    at = FORTNIGHT[30]
    later = asked(models, "ember", prompt, at + timedelta(minutes=25))
    assert isinstance(later, Answer)
    assert isinstance(first := asked(models, "ember", prompt, at), Answer)
    assert later.text == first.text
    texts = {reply.text for n in range(9) if isinstance(reply := asked(models, "ember", prompt, at, sample=n), Answer)}
    assert len(texts) > 1


def test_another_process_draws_the_same() -> None:
    program = (
        "from datetime import UTC, datetime; from orchestration.simulator.draws import *;"
        "print(draws_of(CallKey(1, 'm', 's', 'p', datetime(2026, 1, 2, 3, tzinfo=UTC), 0)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=PROJECT_ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1


def test_calls_fail_at_about_the_stated_rates(models: SimulatedModels, catalogue: Catalogue) -> None:
    prompts = [instantiate(scenario).prompt for scenario in catalogue.scenarios.values()]
    replies = [asked(models, "ember", prompt, at) for prompt in prompts for at in FORTNIGHT]
    statuses = Counter(reply.status for reply in replies if isinstance(reply, Failure))
    assert statuses[503] == 7 * 12
    assert statuses[429] / len(replies) == pytest.approx(0.015, abs=0.005)
    assert statuses[500] / len(replies) == pytest.approx(0.008, abs=0.004)


def test_an_answer_is_cut_at_the_limit(models: SimulatedModels, catalogue: Catalogue) -> None:
    reply = asked(models, "atlas", instantiate(catalogue.scenarios["sql/task-5"]).prompt, FORTNIGHT[3], max_tokens=9)
    assert isinstance(reply, Answer)
    assert reply.finish_reason == "length"
    assert reply.output_tokens <= 9


def test_usage_counts_what_was_said(models: SimulatedModels, catalogue: Catalogue) -> None:
    prompt = instantiate(catalogue.scenarios["sql/task-5"]).prompt
    for model, thinks in (("atlas", True), ("borealis", False)):
        reply = asked(models, model, prompt, FORTNIGHT[3])
        assert isinstance(reply, Answer)
        assert reply.output_tokens - reply.reasoning_tokens == count_tokens(reply.text)
        assert (reply.reasoning_tokens > 0) is thinks
        assert 0 < reply.first_token_ms < reply.latency_ms


def test_a_past_call_starts_within_its_hour(models: SimulatedModels, catalogue: Catalogue) -> None:
    prompt = instantiate(catalogue.scenarios["sql/task-5"]).prompt
    for at in FORTNIGHT[:50]:
        for late in (timedelta(0), timedelta(minutes=59, seconds=59)):
            started = at + late + timedelta(seconds=asked(models, "ember", prompt, at + late).started_after_s)
            assert at <= started < at + timedelta(hours=1)


def test_an_unknown_prompt_is_answered_politely(models: SimulatedModels) -> None:
    reply = asked(models, "atlas", "What is the weather like?", FORTNIGHT[1])
    assert isinstance(reply, Answer)
    assert reply.text == GENERIC


def test_the_fingerprint_changes_with_the_degradation(models: SimulatedModels) -> None:
    replies = [asked(models, "cobalt", "hello", at) for at in FORTNIGHT]
    fingerprints = [reply.fingerprint for reply in replies if isinstance(reply, Answer)]
    assert len(set(fingerprints)) == 2
    assert len(set(fingerprints[: 9 * 24])) == 1


def test_an_unknown_model_is_not_found(models: SimulatedModels) -> None:
    reply = asked(models, "zircon", "hello", FORTNIGHT[1])
    assert isinstance(reply, Failure)
    assert (reply.status, reply.code) == (404, "model_not_found")
