"""Scores answers that are scripts: one fresh run per check, its outputs compared outside the sandbox.

Not here: running the script (sandbox).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from orchestration.sandbox.interface import ProgramRun
from orchestration.sandbox.text import escaped
from orchestration.scoring.checking import Judged, grade_of, grade_of_no_answer, run_limits
from orchestration.scoring.extraction import extract_code
from scenarios.checks import ProgramCheck

if TYPE_CHECKING:
    from orchestration.sandbox.interface import ProgramLanguage, ProgramResult, Sandbox
    from orchestration.scoring.interface import Grade
    from scenarios.variants import Variant


@dataclass(frozen=True, slots=True)
class ProgramScorer:
    sandbox: Sandbox
    name: str = "program"
    version: int = 3

    def score(self, variant: Variant, answer: str) -> Grade:
        nothing = grade_of_no_answer(variant, answer)
        if nothing:
            return nothing
        language = variant.scenario.answer.language or "python"
        extracted = extract_code(answer, language=language)
        checks = [check for check in variant.checks if isinstance(check, ProgramCheck)]
        runs = [self._run(check, variant, extracted.code) for check in checks]
        judged = [judge(check, run) for check, run in zip(checks, runs, strict=True)]
        return grade_of(judged, runs, is_format_ok=extracted.is_format_ok)

    def _run(self, check: ProgramCheck, variant: Variant, code: str) -> ProgramResult:
        return self.sandbox.run_program(
            ProgramRun(
                code=code,
                language=cast("ProgramLanguage", variant.scenario.answer.language or "python"),
                stdin=check.stdin,
                argv=check.argv,
                files=check.files,
                wanted_files=tuple(check.expected_files),
                limits=run_limits(variant.scenario.limits),
            )
        )


def judge(check: ProgramCheck, run: ProgramResult) -> Judged:
    if not run.is_ok:
        return Judged(check, 0.0, run.outcome, run.reason)
    fault = first_fault(check, run)
    return Judged(check, 0.0, "wrong", fault) if fault else Judged(check, 1.0, "ok")


def first_fault(check: ProgramCheck, run: ProgramResult) -> str | None:
    """What differs first, without saying what was expected."""
    if run.exit_code != check.expected_exit:
        lines = run.stderr.strip().splitlines()
        return f"exit {run.exit_code}" + (f": {lines[-1]}" if lines else "")
    if check.expected_stdout is not None and not same_text(check, check.expected_stdout, run.stdout):
        return "another output"
    for path, expected in check.expected_files.items():
        actual = run.files.get(path)
        if (expected is None) != (actual is None):
            return f"{path} is missing" if actual is None else f"{path} is still there"
        if expected is not None and actual is not None and not same_text(check, expected, actual):
            return f"{path} differs"
    return None


def same_text(check: ProgramCheck, expected: str, actual: str) -> bool:
    """The sandbox hands out escaped text, so the expected text is escaped as well."""
    if check.normalise == "none":
        return escaped(expected) == actual
    return without_trailing_space(escaped(expected)) == without_trailing_space(actual)


def without_trailing_space(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()
