"""What the checks of a scenario make of small mistakes in its reference: noticed, not noticed, or no mistake at all.

Not here: the mistakes (mutations), those that people wrote (proof), nor tests that are graded by mutants (tests).
"""

from __future__ import annotations

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import yaml

from orchestration.scoring.extraction import extract_code
from orchestration.scoring.mutations import RULES, code_mutants, text_mutants
from orchestration.scoring.proof import as_answered
from orchestration.scoring.registry import scorers
from orchestration.scoring.tests import AnswerTestsScorer
from orchestration.scoring.text import MISSING, json_in
from orchestration.settings import OperatorError
from scenarios.checks import ImplementationCheck
from scenarios.dialogue import read, written
from scenarios.schema import FULL_SCORE
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from orchestration.sandbox.interface import Sandbox
    from orchestration.scoring.mutations import Mutant
    from scenarios.dialogue import Turn
    from scenarios.schema import Scenario
    from scenarios.variants import Variant

KILLED_SHARE: Final = 0.8
EQUIVALENTS_FILE: Final = "equivalent_mutants.yaml"


@dataclass(frozen=True, slots=True)
class Survey:
    """What became of the mutants of one scenario: `survivors` score 10 and nobody has said why they may.

    `made` counts all, `drawn` those that were graded and are programs; `stale` were explained without need.
    """

    scenario_id: str
    made: int
    drawn: int
    survivors: tuple[str, ...]
    equivalents: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def killed(self) -> int:
        return self.drawn - len(self.survivors) - len(self.equivalents)

    @property
    def holds(self) -> bool:
        """Whether at least 80% of those that are not equivalent are noticed."""
        return self.killed >= KILLED_SHARE * (self.drawn - len(self.equivalents))


def survey(scenario: Scenario, sandbox: Sandbox, *, seed: int, most: int, equivalents: Mapping[str, str]) -> Survey:
    """Grade at most `most` mutants of the reference; `equivalents` explains changes that may score 10."""
    variant = instantiate(scenario, seed)
    made = list(mutants_of(variant))
    drawn = drawn_evenly(made, most, scenario.id)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        verdicts = pool.map(lambda mutant: is_noticed(variant, mutant, sandbox), drawn)
        noticed = {mutant.change: verdict for mutant, verdict in zip(drawn, verdicts, strict=True)}
    return judged(scenario.id, [mutant.change for mutant in made], noticed, equivalents)


def judged(
    scenario_id: str, made: Sequence[str], noticed: Mapping[str, bool | None], equivalents: Mapping[str, str]
) -> Survey:
    """`noticed` says of the drawn changes what is_noticed does. An explanation has to fit a change that may survive."""
    alive = [change for change, verdict in noticed.items() if verdict is False]
    may_live = {change for change in made if noticed.get(change, False) is False}
    return Survey(
        scenario_id=scenario_id,
        made=len(made),
        drawn=sum(verdict is not None for verdict in noticed.values()),
        survivors=tuple(change for change in alive if change not in equivalents),
        equivalents=tuple(change for change in alive if change in equivalents),
        stale=tuple(change for change in equivalents if change not in may_live),
    )


def drawn_evenly(made: Sequence[Mutant], most: int, key: str) -> list[Mutant]:
    """One of each of `most` equal stretches of the text, always the same ones."""
    if len(made) <= most:
        return list(made)
    start = random.Random(key).random()  # noqa: S311 - no secret
    return [made[int((index + start) * len(made) / most)] for index in range(most)]


def is_noticed(variant: Variant, mutant: Mutant, sandbox: Sandbox) -> bool | None:
    """Whether a mutant scores less than 10; where answers are tests, whether the reference's tests fail on it.

    None where it may be no program: it scores 0, and was made by rules that know no grammar. Raises OperatorError when
    the machine could not grade it.
    """
    check = judged_implementation(variant)
    if check is not None:
        changed = replace(variant, modules={**variant.modules, check.file_stem: mutant.text})
        return not AnswerTestsScorer(sandbox).run(changed, check, variant.reference.text).is_ok
    grade = scorers(sandbox)[variant.scenario.grader.kind].score(variant, as_answered(variant, mutant.text))
    if grade.score is None:
        raise OperatorError(f"{variant.scenario.id}: {mutant.change}: not graded ({grade.reason}); start it again")
    return None if grade.score == 0 and variant.scenario.language in RULES else grade.score != FULL_SCORE


def judged_implementation(variant: Variant) -> ImplementationCheck | None:
    """The first right implementation that tests are judged by: its mutants count, not those of the tests' own data."""
    checks = (check for check in variant.checks if isinstance(check, ImplementationCheck) and check.change is None)
    return next(checks, None)


def mutants_of(variant: Variant) -> Iterator[Mutant]:
    """All mutants, each once, in the order of the text. The language's engine has to be installed.

    Of a dialogue the last answer is changed, in what it holds; of tests the implementation that they judge.
    """
    if check := judged_implementation(variant):
        yield from code_mutants(variant.modules[check.file_stem], "python")
        return
    turns = read(variant.reference.text, is_dialogue=variant.dialogue is not None)
    held = held_in(turns[-1].text, variant)
    seen = {held}
    language = variant.scenario.language
    for mutant in text_mutants(held) if language == "text" else code_mutants(held, language):
        if mutant.text not in seen:
            seen.add(mutant.text)
            yield replace(mutant, text=mutant.text if variant.dialogue is None else said_at_last(turns, mutant.text))


def held_in(answer: str, variant: Variant) -> str:
    """The code or JSON of a dialogue's last answer; any other answer as it is."""
    if variant.dialogue is None:
        return answer
    language = variant.scenario.language
    if language != "text":
        return extract_code(answer, language=language, entry=variant.scenario.answer.entry).code
    found = json_in(answer)
    return answer if found is MISSING else json.dumps(found)


def said_at_last(turns: Sequence[Turn], text: str) -> str:
    return written((*turns[:-1], turns[-1].model_copy(update={"text": text})))


def read_equivalents(scenarios_dir: Path) -> Mapping[str, Mapping[str, str]]:
    """Scenario id -> change -> why it is none. Raises OperatorError for a file of another form."""
    file = scenarios_dir / EQUIVALENTS_FILE
    if not file.exists():
        return {}
    found = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    try:
        return {name: {entry["change"]: entry["why"] for entry in entries} for name, entries in found.items()}
    except (AttributeError, KeyError, TypeError):
        raise OperatorError(f"{file}: expected scenario ids with lists of `change` and `why`") from None
