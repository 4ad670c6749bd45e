"""Scores answers by a published task's own test, which asserts.

Not here: how the test and the answer are kept apart (sandbox).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from orchestration.sandbox.interface import AssertsRun
from orchestration.scoring.checking import Judged, grade_of, grade_of_no_answer, run_limits
from orchestration.scoring.extraction import extract_code
from scenarios.checks import AssertsCheck

if TYPE_CHECKING:
    from orchestration.sandbox.interface import AssertsResult, FunctionLanguage, Sandbox
    from orchestration.scoring.interface import Grade
    from scenarios.variants import Variant


@dataclass(frozen=True, slots=True)
class AssertsScorer:
    sandbox: Sandbox
    name: str = "asserts"
    version: int = 3

    def score(self, variant: Variant, answer: str) -> Grade:
        nothing = grade_of_no_answer(variant, answer)
        if nothing:
            return nothing
        wanted = variant.scenario.answer
        language = cast("FunctionLanguage", wanted.language or "python")
        extracted = extract_code(answer, language=language, entry=wanted.entry)
        limits = run_limits(variant.scenario.limits)
        checks = [check for check in variant.checks if isinstance(check, AssertsCheck)]
        runs: list[AssertsResult] = []
        judged: list[Judged] = []
        for check in checks:
            missed = failed_needs(check, judged)
            if missed is None:
                run = AssertsRun(extracted.code, check.tail, check.pre, language, limits, wanted.entry)
                runs.append(self.sandbox.run_asserts(run))
            judged.append(judge(check, runs[-1]) if missed is None else Judged(check, 0.0, "wrong", f"needs: {missed}"))
        return grade_of(judged, runs, is_format_ok=extracted.is_format_ok)


def failed_needs(check: AssertsCheck, judged: list[Judged]) -> str | None:
    """A check that this one needs and that has failed: then this one is not run, as an answer may hang in each."""
    return next((item.check.name for item in judged if item.share < 1 and item.check.name in check.needs), None)


def judge(check: AssertsCheck, run: AssertsResult) -> Judged:
    return Judged(check, 1.0, "ok") if run.is_ok else Judged(check, 0.0, run.outcome, run.reason)
