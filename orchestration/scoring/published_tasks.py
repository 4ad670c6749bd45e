"""Grades an answer to a task that others published, by that task's own test.

Not here: scenarios of the catalogue (function, program, sql, text, asserts), nor reading the files (cli).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.interface import AssertsRun, RunLimits
from orchestration.scoring.extraction import extract_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.sandbox.interface import FunctionLanguage, Outcome, Sandbox

DEFAULT_WALL_S: Final = 10.0
MEMORY_MB: Final = 2048
"""The limit under which the published verdicts were checked."""

OUTPUT_KB: Final = 256


@dataclass(frozen=True, slots=True)
class TaskVerdict:
    """Whether an answer passes a published task's test; None when the machine failed, with a `reason`."""

    passed: bool | None
    outcome: Outcome
    reason: str
    wall_ms: float | None


def grade_task_answer(task: Mapping[str, Any], answer: str, sandbox: Sandbox) -> TaskVerdict:
    """Judge a raw answer to a row of a task set.

    The row has `tail`, and where it applies `pre`, `language` (python or javascript), `entry_point` or `function`,
    `prompt` and `timeout_s`. An answer that does not define the entry continues `prompt` when that is code which does.
    Raises ValueError for a row in another language or without a test.
    """
    language = language_of(task)
    entry = entry_of(task)
    code = extract_code(answer, language=language, entry=entry, prefix=code_prefix(task, entry)).code
    return grade_task_code(task, code, sandbox)


def grade_task_code(task: Mapping[str, Any], code: str, sandbox: Sandbox) -> TaskVerdict:
    """Judge code as it stands: a reference solution, a mutant."""
    run = AssertsRun(
        code=code,
        before=task.get("pre") or "",
        after=task["tail"],
        language=language_of(task),
        entry=entry_of(task),
        limits=RunLimits(
            wall_s=float(task.get("timeout_s") or DEFAULT_WALL_S), memory_mb=MEMORY_MB, output_kb=OUTPUT_KB
        ),
    )
    result = sandbox.run_asserts(run)
    passed = None if result.outcome in {"infrastructure", "refused"} else result.is_ok
    return TaskVerdict(passed, result.outcome, result.reason, result.wall_ms)


def entry_of(task: Mapping[str, Any]) -> str | None:
    return task.get("entry_point") or task.get("function")


def language_of(task: Mapping[str, Any]) -> FunctionLanguage:
    language = task.get("language", "python")
    if language == "python":
        return "python"
    if language == "javascript":
        return "javascript"
    raise ValueError(f"a task in {language!r} can't be graded: python or javascript")


def code_prefix(task: Mapping[str, Any], entry: str | None) -> str:
    """The task's prompt where it is the beginning of the code that is asked for."""
    prompt = task.get("prompt") or ""
    return prompt if entry and f"def {entry}" in prompt else ""
