"""What every scorer shares: the passed share of each check, and the grade that the shares make.

Not here: how a check is judged (function, program, sql, text, asserts).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from orchestration.records import CheckResult
from orchestration.sandbox.interface import RunLimits
from orchestration.sandbox.text import escaped
from orchestration.scoring.extraction import is_empty, is_refusal, repeats_prompt
from orchestration.scoring.interface import EMPTY, INFRASTRUCTURE, REFUSAL, REFUSED, UNCHANGED, Grade
from scenarios.schema import FULL_SCORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestration.sandbox.interface import Outcome, SandboxRun
    from scenarios.schema import Limits
    from scenarios.variants import Variant

LONGEST_DETAIL: Final = 200
UNGRADABLE: Final = frozenset({"infrastructure", "refused"})


class WeightedCheck(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def weight(self) -> float: ...

    @property
    def needs(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One check of one answer: the share of its weight that is earned, and why not all."""

    check: WeightedCheck
    share: float
    outcome: Outcome
    detail: str | None = None

    @property
    def result(self) -> CheckResult:
        passed = self.share >= 1
        detail = None if passed or not self.detail else escaped(self.detail)[:LONGEST_DETAIL]
        return CheckResult(self.check.name, self.check.weight, passed, detail)


def grade_of_no_answer(variant: Variant, answer: str) -> Grade | None:
    """The grade of an answer without anything to judge, None when there is something.

    The prompt's own code, handed back unchanged, is nothing: it may pass what was never broken.
    """
    if is_empty(answer):
        return Grade(score=0.0, outcome="wrong", reason=EMPTY, is_refusal=True, is_format_ok=False)
    if is_refusal(answer):
        return Grade(score=0.0, outcome="wrong", reason=REFUSAL, is_refusal=True, is_format_ok=False)
    if repeats_prompt(answer, variant.prompt):
        return Grade(score=0.0, outcome="wrong", reason=UNCHANGED, is_format_ok=False)
    return None


def grade_of(judged: Sequence[Judged], runs: Sequence[SandboxRun], *, is_format_ok: bool) -> Grade:
    """10 x earned weight / whole weight; None when the machine or the isolation failed in any run."""
    judged = with_needs(judged)
    wall_ms = [run.wall_ms for run in runs if run.wall_ms is not None]
    memory = [run.peak_memory_kb for run in runs if run.peak_memory_kb is not None]
    ends = [run.outcome for run in runs] + [item.outcome for item in judged]
    ungradable = next((end for end in ends if end in UNGRADABLE), None)
    failed: Outcome = next((item.outcome for item in judged if item.share < 1), "ok")
    return Grade(
        score=None if ungradable else score_of(judged),
        outcome=ungradable or failed,
        reason={None: None, "refused": REFUSED}.get(ungradable, INFRASTRUCTURE),
        is_format_ok=is_format_ok,
        checks=() if ungradable else tuple(item.result for item in judged),
        wall_ms=round(sum(wall_ms), 3) if wall_ms else None,
        peak_memory_kb=max(memory, default=None),
    )


def with_needs(judged: Sequence[Judged]) -> list[Judged]:
    """A check earns nothing where one that it needs has failed."""
    failed = {item.check.name for item in judged if item.share < 1}
    return [
        replace(item, share=0.0, outcome="wrong", detail=f"needs: {missed}")
        if (missed := next((name for name in item.check.needs if name in failed), None)) and item.share > 0
        else item
        for item in judged
    ]


def score_of(judged: Sequence[Judged]) -> float:
    whole = sum(item.check.weight for item in judged)
    return round(FULL_SCORE * sum(item.check.weight * item.share for item in judged) / whole, 4)


def run_limits(limits: Limits) -> RunLimits:
    return RunLimits(wall_s=limits.wall_s, memory_mb=limits.memory_mb, output_kb=limits.output_kb)
