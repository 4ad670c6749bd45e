"""Scores answers that are tests: they must pass on right implementations and fail on those with a mistake.

Not here: how tests are found and run (tests_in_cell), nor how they and the implementation are kept apart (sandbox).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestration.sandbox.interface import AssertsRun
from orchestration.scoring.checking import UNGRADABLE, Judged, grade_of, grade_of_no_answer, run_limits
from orchestration.scoring.extraction import extract_code
from scenarios.checks import ImplementationCheck

if TYPE_CHECKING:
    from orchestration.sandbox.interface import AssertsResult, Sandbox
    from orchestration.scoring.interface import Grade
    from scenarios.variants import Variant

RUNNING: Final = Path(__file__).with_name("tests_in_cell.py")


@dataclass(frozen=True, slots=True)
class AnswerTestsScorer:
    """The implementation is in another cell, so that tests can tell one from another by its behaviour alone."""

    sandbox: Sandbox
    name: str = "tests"
    version: int = 1

    def score(self, variant: Variant, answer: str) -> Grade:
        nothing = grade_of_no_answer(variant, answer)
        if nothing:
            return nothing
        extracted = extract_code(answer, language="python")
        checks = [check for check in variant.checks if isinstance(check, ImplementationCheck)]
        runs = [self.run(variant, check, extracted.code) for check in checks]
        judged = [judge(check, run) for check, run in zip(checks, runs, strict=True)]
        return grade_of(judged, runs, is_format_ok=extracted.is_format_ok)

    def run(self, variant: Variant, check: ImplementationCheck, tests: str) -> AssertsResult:
        text = variant.modules[check.file_stem]
        if check.change:
            text = text.replace(check.change.before, check.change.after)
        scenario = variant.scenario
        program = program_of(check.module or check.file_stem, tests)
        return self.sandbox.run_asserts(
            AssertsRun(text, program, limits=run_limits(scenario.limits), entry=scenario.answer.entry)
        )


def program_of(module: str, tests: str) -> str:
    """A program that ends well where every test passes. What the implementation offers is `module`'s."""
    return (
        f"_offered = {{name: value for name, value in globals().items() if name[0] != '_'}}\n"
        f"_running = {{'__name__': 'running'}}\n"
        f"exec(compile({running_code()!r}, 'running.py', 'exec'), _running)\n"
        f"_running['offer_module']({module!r}, _offered)\n"
        f"_running['offer_pytest']()\n"
        f"_tests = _running['offer_module']('test_answer', {{}}).__dict__\n"
        f"exec(compile({tests!r}, 'test_answer.py', 'exec'), _tests)\n"
        f"_running['run_tests'](_tests)\n"
    )


@lru_cache(maxsize=1)
def running_code() -> str:
    return RUNNING.read_text(encoding="utf-8")


def judge(check: ImplementationCheck, run: AssertsResult) -> Judged:
    """A mistake is found however the tests end on it; what the machine did proves nothing."""
    if run.outcome in UNGRADABLE:
        return Judged(check, 0.0, run.outcome, run.reason)
    if check.is_mutant:
        return Judged(check, 0.0, "wrong", "the tests pass on it") if run.is_ok else Judged(check, 1.0, "ok")
    return Judged(check, 1.0, "ok") if run.is_ok else Judged(check, 0.0, run.outcome, run.reason)
