"""Proves that a scenario measures what it says: its own solutions, and what must never be worth anything.

Not here: whether its files are well formed (scenarios.loader), nor how answers are graded (the scorers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from orchestration.scoring.registry import scorers
from scenarios.schema import PUBLIC_SEED
from scenarios.skeleton import unwritten_in
from scenarios.variants import instantiate, variant_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from orchestration.sandbox.interface import Sandbox
    from orchestration.scoring.interface import Grade, Scorer
    from scenarios.schema import Scenario
    from scenarios.variants import Solution, Variant

NOTHING: Final = 1.0
"""The most that an answer to something else may score."""

RUNS: Final = 3
LONGEST_GRADING_MS: Final = 5000.0
REFUSAL: Final = "I'm sorry, but I can't help with that."


class Fault(NamedTuple):
    """What does not hold, and the line of the file where it can be mended."""

    file: Path
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that does not hold for a variant of a scenario."""

    scenario_id: str
    seed: int
    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.scenario_id}, seed {self.seed}: {self.what}"


def seeds_of(scenario: Scenario, count: int) -> range:
    """The public seed and the next ones, as far as they give other variants."""
    return range(min(count, variant_count(scenario)))


def flaws_of(scenario: Scenario, seeds: Sequence[int], sandbox: Sandbox, others: Sequence[Scenario]) -> Iterator[Flaw]:
    """Everything that does not hold.

    Nothing is left to be written. For each seed: the reference scores 10, three times over; each wrong solution what
    its header says; an empty answer, code that does nothing, a refusal, the echoed prompt and the references of
    `others` at most 1; none takes over 5 s to grade.
    """
    scorer = scorers(sandbox)[scenario.grader.kind]
    for file, line in unwritten_in(scenario):
        yield Flaw(scenario.id, PUBLIC_SEED, file, line, "this line is still to be written")
    for seed in seeds:
        variant = instantiate(scenario, seed)
        for fault in (*solution_faults(variant, scorer), *worthless_faults(variant, scorer, others)):
            yield Flaw(scenario.id, seed, *fault)


def solution_faults(variant: Variant, scorer: Scorer) -> Iterator[Fault]:
    """Each at the header of the solution, which says what it must score."""
    for solution, template in zip(variant.solutions, variant.scenario.solution_templates, strict=True):
        for what in solution_flaws(variant, solution, scorer):
            yield Fault(template.template.path, 1, what)


def solution_flaws(variant: Variant, solution: Solution, scorer: Scorer) -> Iterator[str]:
    answer = as_answered(variant, solution.text)
    for _ in range(RUNS if solution.name == variant.reference.name else 1):
        grade = scorer.score(variant, answer)
        if grade.score != solution.expected_score:
            yield f"{solution.name} scores {grade.score}, not {solution.expected_score:g}: {failed_checks(grade)}"
        if not grade.is_format_ok or grade.is_refusal:
            yield f"{solution.name} is not taken for an answer in the form that was asked for"
        if (grade.wall_ms or 0) > LONGEST_GRADING_MS:
            yield f"{solution.name} takes {grade.wall_ms:.0f} ms to grade"


def worthless_faults(variant: Variant, scorer: Scorer, others: Sequence[Scenario]) -> Iterator[Fault]:
    """Each at the first check that passes on an answer that is worth nothing."""
    checks = variant.scenario.checks_template
    places = {check.name: checks.lines[(index,)] for index, check in enumerate(variant.checks)}
    for what, answer in worthless_answers(variant, others).items():
        grade = scorer.score(variant, answer)
        if grade.score is None or grade.score > NOTHING:
            passed = [check.name for check in grade.checks if check.passed]
            line = min((places[name] for name in passed), default=1)
            yield Fault(checks.file, line, f"{what} scores {grade.score}: it passes {', '.join(passed) or 'no check'}")


def worthless_answers(variant: Variant, others: Sequence[Scenario]) -> Mapping[str, str]:
    own = variant.scenario.id
    references = {
        f"the reference of {other.id}": as_answered(instantiate(other), instantiate(other).reference.text)
        for other in others
        if other.id != own
    }
    nothing = {"an empty answer": "", "a refusal": REFUSAL, "the echoed prompt": variant.prompt}
    if variant.scenario.language != "text" and variant.dialogue is None:
        nothing["code that does nothing"] = as_answered(variant, "\n")
    return {**nothing, **references}


def as_answered(variant: Variant, text: str) -> str:
    """A solution in the form that the prompt asks for."""
    language = variant.scenario.language
    return text if language == "text" or variant.dialogue is not None else f"```{language}\n{text}```\n"


def failed_checks(grade: Grade) -> str:
    failed = [f"{check.name} ({check.detail})" for check in grade.checks if not check.passed]
    return "; ".join(failed) or grade.reason or grade.outcome
