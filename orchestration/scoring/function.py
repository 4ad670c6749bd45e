"""Scores answers that define a function: its calls' values are compared outside the sandbox.

Not here: running the calls (sandbox), nor the rules of equality (comparison).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from orchestration.sandbox.interface import FunctionCall, FunctionRun
from orchestration.scoring.checking import Judged, grade_of, grade_of_no_answer, run_limits
from orchestration.scoring.comparison import Comparison
from orchestration.scoring.extraction import extract_code
from orchestration.scoring.inventory import judge_inventory, resolved
from orchestration.scoring.modules_in_cell import THROUGH, beside, through
from orchestration.scoring.resumption import run_all
from orchestration.scoring.structure import judge_structure, structure_of
from scenarios.checks import FunctionCheck, InventoryCheck, UsesCheck

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestration.sandbox.interface import (
        CallResult,
        FunctionLanguage,
        FunctionResult,
        Outcome,
        Sandbox,
        SandboxRun,
    )
    from orchestration.scoring.interface import Grade
    from orchestration.scoring.structure import Structure
    from scenarios.checks import Call
    from scenarios.variants import Variant


@dataclass(frozen=True, slots=True)
class FunctionScorer:
    sandbox: Sandbox
    name: str = "function"
    version: int = 5

    def score(self, variant: Variant, answer: str) -> Grade:
        nothing = grade_of_no_answer(variant, answer)
        if nothing:
            return nothing
        wanted = variant.scenario.answer
        extracted = extract_code(answer, language=wanted.language or "python", entry=wanted.entry)
        called, call_runs = self.judge_calls(variant, extracted.code)
        read, read_runs = self.judge_code(variant, extracted.code)
        judged = [(called | read)[check.name] for check in variant.checks]
        return grade_of(judged, [*call_runs, *read_runs], is_format_ok=extracted.is_format_ok)

    def judge_calls(self, variant: Variant, code: str) -> tuple[dict[str, Judged], Sequence[SandboxRun]]:
        checks = [check for check in variant.checks if isinstance(check, FunctionCheck)]
        judged: dict[str, Judged] = {}
        runs: list[SandboxRun] = []
        for way in dict.fromkeys(check.through for check in checks):
            called = [check for check in checks if check.through == way]
            made, results = all_calls(self.sandbox, run_of(variant, code, called, way))
            judged |= {item.check.name: item for item in judge_all(called, results)}
            runs += made
        return judged, runs

    def judge_code(self, variant: Variant, code: str) -> tuple[dict[str, Judged], Sequence[SandboxRun]]:
        checks = [check for check in variant.checks if not isinstance(check, FunctionCheck)]
        if not checks:
            return {}, []
        structure = structure_of(code, self.sandbox, run_limits(variant.scenario.limits))
        judged = [judge_look(check, structure, variant.modules) for check in checks]
        return {item.check.name: item for item in judged}, [structure.run]


def run_of(variant: Variant, code: str, checks: Sequence[FunctionCheck], way: str | None) -> FunctionRun:
    """The calls of checks that go the same way."""
    wanted = variant.scenario.answer
    entry, code = wanted.entry or "", beside(variant.modules, code)
    return FunctionRun(
        code=through(way, code, entry) if way else code,
        entry=THROUGH if way else entry,
        calls=tuple(FunctionCall(tuple(call.args), call.kwargs) for check in checks for call in check.calls),
        language=cast("FunctionLanguage", wanted.language or "python"),
        limits=run_limits(variant.scenario.limits),
    )


def judge_look(check: Any, structure: Structure, modules: Mapping[str, str]) -> Judged:
    """A check of code that is not run."""
    if isinstance(check, InventoryCheck):
        return judge_inventory(check, structure, modules)
    if isinstance(check, UsesCheck) and check.packages:
        structure = replace(structure, uses=[*structure.uses, *resolved(structure.uses, check.packages, modules)])
    return judge_structure(check, structure)


def all_calls(sandbox: Sandbox, run: FunctionRun) -> tuple[list[FunctionResult], list[CallResult]]:
    """Every call's result, from as many runs as it took."""

    def run_from(start: int) -> tuple[FunctionResult, tuple[CallResult, ...], bool]:
        result = sandbox.call_function(replace(run, calls=run.calls[start:]))
        return result, result.values, result.is_loaded

    return run_all(len(run.calls), run_from)


def judge_all(checks: list[FunctionCheck], results: list[CallResult]) -> list[Judged]:
    judged = []
    position = 0
    for check in checks:
        part = results[position : position + len(check.calls)]
        position += len(check.calls)
        judged.append(judge(check, part))
    return judged


def judge(check: FunctionCheck, results: list[CallResult]) -> Judged:
    """The share of a check: all calls or nothing, or the fraction of calls that hold."""
    failures = [failure for call, result in zip(check.calls, results, strict=True) if (failure := fault(call, result))]
    if not failures:
        return Judged(check, 1.0, "ok")
    share = 1 - len(failures) / len(check.calls) if check.share == "fraction" else 0.0
    outcome, detail = failures[0]
    return Judged(check, share, outcome, f"{detail} ({len(failures)} of {len(check.calls)} calls failed)")


def fault(call: Call, result: CallResult) -> tuple[Outcome, str] | None:
    """What is wrong with a call's result, None when it is as expected."""
    if call.must_raise:
        if call.expected_exception in result.exception:
            return None
        if result.outcome == "ok":
            return "wrong", "no exception was raised"
    elif result.outcome == "ok":
        expected: Any = call.expected
        return None if Comparison(call.tolerance).equal(expected, result.value) else ("wrong", "another value")
    named = f"{result.exception[0]}: {result.message}" if result.exception else result.outcome
    return result.outcome, named
