"""How much of a scenario's published files an answer tells word by word: a trace of having been trained on them.

Not here: the flag that follows from it (marts), nor what an answer is worth.

Shared n-grams of 13 words are the measure by which training data is searched for benchmarks: Brown et al., Language
Models are Few-Shot Learners (2020), appendix C.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from scenarios.variants import instantiate

if TYPE_CHECKING:
    from scenarios.schema import Scenario
    from scenarios.variants import Variant

LENGTH: Final = 13
WORD: Final = re.compile(r"[^\W_]+|[^\w\s]")
LONGEST_ANSWER: Final = 200_000

Grams = frozenset[tuple[str, ...]]


def reference_overlap(variant: Variant, answer: str) -> float | None:
    """The share of the public reference's 13-grams that the answer holds and its own prompt does not.

    None where the reference has fewer than 13 words besides what the prompt shows.
    """
    wanted = told_grams(variant.scenario) - grams(variant.prompt)
    if not wanted:
        return None
    return round(len(wanted & grams(answer[:LONGEST_ANSWER])) / len(wanted), 4)


def tells_canary(scenario: Scenario, answer: str) -> bool:
    """Whether the answer holds the string that the scenario's published files carry and no prompt ever shows.

    It is random, so that only who has read those files can tell it. In any case of letters, as `reference_overlap`.
    """
    return scenario.canary in answer.lower()


@lru_cache(maxsize=1024)
def told_grams(scenario: Scenario) -> Grams:
    """The 13-grams that publishing the reference of the public variant tells, and its prompt does not."""
    public = instantiate(scenario)
    return grams(public.reference.text) - grams(public.prompt)


def grams(text: str) -> Grams:
    """Runs of 13 words; a word is letters and digits in lower case or one other sign, `_` separates."""
    words = WORD.findall(text.lower())
    return frozenset(zip(*(words[start:] for start in range(LENGTH)), strict=False))
