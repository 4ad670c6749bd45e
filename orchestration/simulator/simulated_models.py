"""The simulated models: what each says to a call, from its profile, the moment and the call's own draws.

Not here: HTTP and its waits (server), nor faults on demand (faults).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, NamedTuple

from orchestration.simulator.conditions import Timeline
from orchestration.simulator.draws import CallKey, Draws, draws_of, normal
from orchestration.simulator.exchange import Answer, Call, Failure, ListedModel, Moment, unknown_model
from orchestration.simulator.faults import FAILURES
from orchestration.simulator.profiles import load_profiles
from orchestration.simulator.questions import Question, QuestionIndex
from orchestration.simulator.skills import SkillTable, ranked_solutions
from orchestration.simulator.tokens import count_tokens, cut_tokens
from orchestration.simulator.wording import GARBAGE, GENERIC, REFUSALS, chosen, worded
from scenarios.dialogue import answers_of, read
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from orchestration.simulator.conditions import Conditions
    from orchestration.simulator.profiles import ModelProfile, Profiles
    from scenarios.dialogue import ToolCall
    from scenarios.schema import Scenario
    from scenarios.variants import Solution

LONGEST_START_DELAY_S = 40.0
"""How long after its scheduled time a past call starts at most; it never leaves its hour."""

CUT_SHARE = 0.4
"""How much of a truncated answer is left: too little to be worth anything."""


class Said(NamedTuple):
    """A text and why it ended, and the calls of tools that come with it."""

    text: str
    finish_reason: str = "stop"
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """One call with everything that its answer depends on."""

    call: Call
    moment: Moment
    profile: ModelProfile
    question: Question | None
    key: CallKey
    draws: Draws
    conditions: Conditions


def simulated_models(
    scenarios_dir: Path, *, events_anchor: date, seed: int | None = None, packs: Path | None = None
) -> SimulatedModels:
    """The models of profiles.yaml, asked about the catalogue in a directory. Raises OperatorError, CatalogueError."""
    profiles = load_profiles()
    if seed is not None:
        profiles = profiles.model_copy(update={"seed": seed})
    catalogue = load_catalogue(scenarios_dir, packs=packs)
    canary = catalogue.suites["canary"].scenario_ids
    return SimulatedModels(profiles, catalogue.scenarios.values(), Timeline(events_anchor), canary)


class SimulatedModels:
    """All models of the profiles, asked about one catalogue."""

    def __init__(
        self, profiles: Profiles, scenarios: Collection[Scenario], timeline: Timeline, canary: Collection[str] = ()
    ) -> None:
        self.profiles = profiles
        self.timeline = timeline
        self.questions = QuestionIndex(scenarios)
        self.skills = SkillTable(profiles.models, profiles.seed, scenarios, canary)
        self._conditions_of = lru_cache(maxsize=16_384)(self._conditions)

    def models(self) -> Sequence[ListedModel]:
        return [self._listed(name, profile) for name, profile in self.profiles.models.items()]

    def _listed(self, name: str, profile: ModelProfile) -> ListedModel:
        prices = self.timeline.prices(profile)
        return ListedModel(name, prices[0].valid_from, prices)

    def reply(self, call: Call, moment: Moment) -> Answer | Failure:
        if call.model not in self.profiles.models:
            return unknown_model(call.model)
        occasion = self._occasion(call, moment)
        return failure_of(occasion) or self._answer(occasion)

    def _occasion(self, call: Call, moment: Moment) -> Occasion:
        question = self._question(call)
        key = self._key(call, question, moment.at)
        return Occasion(
            call=call,
            moment=moment,
            profile=self.profiles.models[call.model],
            question=question,
            key=key,
            draws=draws_of(key),
            conditions=self._conditions_of(call.model, key.hour),
        )

    def _conditions(self, model: str, hour: datetime) -> Conditions:
        return self.timeline.conditions(model, self.profiles.models[model], self.profiles.seed, hour)

    def _question(self, call: Call) -> Question | None:
        """What the last message asks, else what any message or all of them together ask; in a dialogue the first."""
        if call.turn:
            return self.questions.find(call.texts[0])
        for text in (*reversed(call.texts), "\n".join(call.texts)):
            if question := self.questions.find(text):
                return question
        return None

    def _key(self, call: Call, question: Question | None, at: datetime) -> CallKey:
        return CallKey(
            seed=self.profiles.seed,
            model=call.model,
            scenario_id=question.variant.scenario.id if question else "",
            prompt_sha256=question.prompt_sha256 if question else sha256("\n".join(call.texts).encode()).hexdigest(),
            hour=at.replace(minute=0, second=0, microsecond=0),
            sample=call.sample,
        )

    def _answer(self, occasion: Occasion) -> Answer:
        call = occasion.call
        said = within_limit(self._say(occasion), call.max_tokens)
        tokens = count_tokens(said.text) + sum(count_tokens(call.arguments) for call in said.calls)
        thought = thought_tokens(occasion, tokens)
        first_token_ms, latency_ms = times_ms(occasion, thought, tokens)
        return Answer(
            identity=occasion.key.identity,
            text=said.text,
            finish_reason=said.finish_reason,
            input_tokens=8 + sum(count_tokens(text) for text in call.texts),
            output_tokens=tokens + thought,
            reasoning_tokens=thought,
            served_model=call.model,
            fingerprint=fingerprint(call.model, occasion.conditions.revision),
            started_after_s=start_delay_s(occasion),
            first_token_ms=first_token_ms,
            latency_ms=latency_ms,
            calls=said.calls,
        )

    def _say(self, occasion: Occasion) -> Said:
        """The words of an answer. One uniform number falls on a way to answer badly, or on one of the solutions."""
        if occasion.question is None:
            return Said(GENERIC)
        reliability, position = occasion.profile.reliability, occasion.draws.answer
        scenario_id = occasion.key.scenario_id
        if position < reliability.refusal:
            return Said(chosen(REFUSALS, scenario_id))
        position -= reliability.refusal
        if position < reliability.unparsable:
            return Said(chosen(GARBAGE, scenario_id))
        position -= reliability.unparsable
        if position < reliability.truncated:
            return _truncated(occasion, occasion.question)
        position -= reliability.truncated
        return self._solution(occasion, occasion.question, position / reliability.usable)

    def _solution(self, occasion: Occasion, question: Question, uniform: float) -> Said:
        shift = occasion.conditions.skill_shift
        index = self.skills.mixture(occasion.call.model, question.variant, shift).pick(uniform)
        if index == 0:
            return Said(chosen(GARBAGE, occasion.key.scenario_id))
        solution = ranked_solutions(question.variant)[index - 1]
        if question.variant.dialogue is not None:
            return _turn(occasion, solution)
        return Said(_worded(occasion, question, solution))


def _turn(occasion: Occasion, solution: Solution) -> Said:
    """The turn of a dialogue that the call has come to; behind the last one, that again."""
    turns = read(solution.text, is_dialogue=True)
    number = min(occasion.call.turn, len(turns) - 1)
    calls = tuple(
        call.model_copy(update={"id": f"call_{occasion.key.identity}_{number}_{index}"})
        for index, call in enumerate(turns[number].calls)
    )
    return Said(turns[number].text, "tool_calls" if calls else "stop", calls)


def _truncated(occasion: Occasion, question: Question) -> Said:
    if question.variant.dialogue is None:
        whole = _worded(occasion, question, question.variant.reference)
    else:
        whole = answers_of(read(question.variant.reference.text, is_dialogue=True))[-1]
    return Said(cut_tokens(whole, int(count_tokens(whole) * CUT_SHARE)), "length")


def _worded(occasion: Occasion, question: Question, solution: Solution) -> str:
    scenario = question.variant.scenario
    return worded(solution.text, scenario.answer.language, f"{scenario.id}|{solution.name}", occasion.profile.manner)


def within_limit(said: Said, max_tokens: int | None) -> Said:
    """What fits into `max_tokens`."""
    if max_tokens is None or count_tokens(said.text) <= max_tokens:
        return said
    return said._replace(text=cut_tokens(said.text, max_tokens), finish_reason="length")


def failure_of(occasion: Occasion) -> Failure | None:
    """How the call fails, if it does; asked again in the same hour it fails again."""
    name = _failure_name(occasion)
    if name is None:
        return None
    failure, draws = FAILURES[name], occasion.draws
    return replace(
        failure,
        latency_ms=round(failure.latency_ms * math.exp(0.3 * normal(draws.speed)), 3),
        started_after_s=start_delay_s(occasion),
    )


def _failure_name(occasion: Occasion) -> str | None:
    if occasion.conditions.is_out:
        return "503"
    reliability, position = occasion.profile.reliability, occasion.draws.failure
    for name, rate in (
        ("429", reliability.rate_limit),
        ("500", reliability.server_error),
        ("504", reliability.timeout),
    ):
        if position < rate:
            return name
        position -= rate
    return None


def times_ms(occasion: Occasion, thought: int, tokens: int) -> tuple[float, float]:
    """Time to the first token and to the last. Thinking comes before the first token."""
    speed, draws, slowness = occasion.profile.speed, occasion.draws, occasion.conditions.slowness
    wait = speed.first_token_ms * math.exp(speed.first_token_sigma * normal(draws.first_token)) * slowness
    pace = speed.tokens_per_s * math.exp(speed.tokens_per_s_sigma * normal(draws.speed)) / slowness
    first_token_ms = wait + 1000 * thought / pace
    return round(first_token_ms, 3), round(first_token_ms + 1000 * tokens / pace, 3)


def thought_tokens(occasion: Occasion, tokens: int) -> int:
    """Reasoning tokens, as many as the limit leaves room for."""
    mean, limit = occasion.profile.manner.reasoning_tokens, occasion.call.max_tokens
    thought = int(mean * math.exp(0.4 * normal(occasion.draws.reasoning)))
    return thought if limit is None else max(0, min(thought, limit - tokens))


def start_delay_s(occasion: Occasion) -> float:
    """How long after its moment the call starts, within the same hour; a live call starts at once."""
    if not occasion.moment.is_past:
        return 0.0
    left = 3600.0 - (occasion.moment.at - occasion.key.hour).total_seconds()
    return round(occasion.draws.start * min(LONGEST_START_DELAY_S, left) * 0.999, 6)


@lru_cache(maxsize=1024)
def fingerprint(model: str, revision: int) -> str:
    """The served system's fingerprint; it changes with each degradation, as a silent update would change it."""
    return f"fp_{blake2b(f'{model}|{revision}'.encode(), digest_size=5).hexdigest()}"
