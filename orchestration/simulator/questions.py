"""Finds which scenario a prompt asks, from the text alone, as nothing in a request says it.

Not here: what is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from scenarios.variants import instantiate, values_for_seed, variant_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenarios.schema import Scenario
    from scenarios.variants import Variant

MOST_VARIANTS = 512
"""Of one scenario; a seed beyond them asks a question that the simulator does not know."""


@dataclass(frozen=True)
class Question:
    """A variant of a scenario and the hash of its normalised prompt."""

    variant: Variant
    prompt_sha256: str


def normalised(prompt: str) -> str:
    """The words of a prompt, whatever white space lies between them."""
    return " ".join(prompt.split())


def _known_prompts(scenarios: Iterable[Scenario]) -> Iterator[tuple[str, Scenario, int]]:
    for scenario in scenarios:
        for seed in range(min(variant_count(scenario), MOST_VARIANTS)):
            yield normalised(scenario.prompt_template.render(values_for_seed(scenario, seed))), scenario, seed


class QuestionIndex:
    """The prompts of all variants of a catalogue."""

    def __init__(self, scenarios: Iterable[Scenario]) -> None:
        self._by_prompt: dict[str, tuple[Scenario, int]] = {}
        for prompt, scenario, seed in _known_prompts(scenarios):
            self._by_prompt.setdefault(prompt, (scenario, seed))
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, prompt: str) -> Question | None:
        """The question that `prompt` is, or the longest one that it contains."""
        text = normalised(prompt)
        known = text if text in self._by_prompt else self._longest_within(text)
        if known is None:
            return None
        scenario, seed = self._by_prompt[known]
        return Question(instantiate(scenario, seed), sha256(known.encode()).hexdigest())

    def _longest_within(self, text: str) -> str | None:
        return max((known for known in self._by_prompt if known in text), key=len, default=None)
