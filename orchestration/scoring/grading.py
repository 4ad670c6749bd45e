"""Grades many responses: each distinct answer once, in a bounded pool, results in the order of the responses.

Not here: how one answer is graded (the scorers), nor where scores are stored (storage).
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from orchestration.records import Score
from orchestration.scoring.checking import UNGRADABLE
from orchestration.scoring.interface import (
    ANSWER_GONE,
    GRADER_FAILED,
    REFUSED,
    UNKNOWN_SCENARIO,
    Grade,
    GradeKey,
)
from orchestration.scoring.overlap import reference_overlap, tells_canary
from orchestration.scoring.registry import scorers
from orchestration.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence

    from orchestration.records import Response
    from orchestration.sandbox.interface import Sandbox
    from orchestration.scoring.interface import Scorer
    from scenarios.schema import Scenario
    from scenarios.variants import Variant

WEAKER_LEVEL: Final = "B"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to grade, and the variant it answers; no variant when the catalogue does not know it any more."""

    key: GradeKey
    variant: Variant | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Grading:
    """What all scores of one grading share."""

    attempt: int
    sandbox_level: str
    at: datetime


def grade_responses(
    responses: Iterable[Response],
    variants: Callable[[str, int, int], Variant],
    sandbox: Sandbox,
    *,
    known: MutableMapping[GradeKey, Grade],
    grading_attempt: int = 1,
) -> Iterator[Score]:
    """One score per answered response, in their order.

    `variants` gives the variant of a scenario id, version and seed, and raises LookupError for one that is gone: such a
    response scores None with the reason `unknown_scenario`, one whose answer's text is gone `answer_gone`. `known`
    grades are taken as they are, and grades that identical answers will have again are added to it.
    """
    by_kind = scorers(sandbox)
    answered = [response for response in responses if response.answer_sha256 is not None]
    tasks = [task_of(response, variants, by_kind) for response in answered]
    new = grade_tasks(tasks, by_kind, known, sandbox.level)
    known.update((key, grade) for key, grade in new.items() if grade.outcome not in UNGRADABLE)
    grading = Grading(grading_attempt, sandbox.level, datetime.now(UTC))
    for response, task in zip(answered, tasks, strict=True):
        yield score_of(response, task.key, known.get(task.key) or new[task.key], grading)


def task_of(response: Response, variants: Callable[[str, int, int], Variant], by_kind: Mapping[str, Scorer]) -> Task:
    identity = response.scenario_id, response.scenario_version, response.variant_seed
    answer = response.answer
    sha256 = response.answer_sha256 or ""
    try:
        variant = variants(*identity)
    except LookupError:
        return Task(GradeKey(*identity, sha256, "none", 0), None, answer)
    scorer = by_kind[variant.scenario.grader.kind]
    return Task(GradeKey(*identity, sha256, scorer.name, scorer.version), variant, answer)


def grade_tasks(
    tasks: Sequence[Task], by_kind: Mapping[str, Scorer], known: Mapping[GradeKey, Grade], sandbox_level: str
) -> dict[GradeKey, Grade]:
    """The grades of the distinct tasks that are not known yet; as many at once as there are processors."""
    distinct = {task.key: task for task in tasks if task.key not in known}
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="grading") as pool:
        grades = pool.map(lambda task: grade_task(task, by_kind, sandbox_level), distinct.values())
        return dict(zip(distinct, grades, strict=True))


def grade_task(task: Task, by_kind: Mapping[str, Scorer], sandbox_level: str) -> Grade:
    """One grade; a fault of our own is a logged null with its reason, so that one answer can't stop an hour."""
    if task.variant is None:
        return Grade(score=None, outcome="infrastructure", reason=UNKNOWN_SCENARIO)
    if task.answer is None:
        return Grade(score=None, outcome="infrastructure", reason=ANSWER_GONE)
    if is_too_weak(sandbox_level, task.variant.scenario):
        return Grade(score=None, outcome="refused", reason=REFUSED)
    try:
        grade = by_kind[task.key.scorer].score(task.variant, task.answer)
        overlap = reference_overlap(task.variant, task.answer)
        return replace(grade, reference_overlap=overlap, has_canary=tells_canary(task.variant.scenario, task.answer))
    except Exception:
        logger.exception("grading of an answer to %s failed", task.key.scenario_id)
        return Grade(score=None, outcome="infrastructure", reason=GRADER_FAILED)


def is_too_weak(sandbox_level: str, scenario: Scenario) -> bool:
    """Level B is for the project's own scenarios, unless the operator says otherwise."""
    return sandbox_level == WEAKER_LEVEL and not scenario.is_core and settings().sandbox_level_b == "core"


def score_of(response: Response, key: GradeKey, grade: Grade, grading: Grading) -> Score:
    return Score(
        benchmark_hour=response.benchmark_hour,
        call_id=response.call_id,
        attempt=response.attempt,
        scorer=key.scorer,
        scorer_version=key.scorer_version,
        grading_attempt=grading.attempt,
        score=grade.score,
        reason=grade.reason,
        outcome=grade.outcome,
        is_refusal=grade.is_refusal,
        is_truncated=response.finish_reason == "length",
        is_format_ok=grade.is_format_ok,
        checks=grade.checks,
        sandbox_level=grading.sandbox_level,
        wall_ms=grade.wall_ms,
        peak_memory_kb=grade.peak_memory_kb,
        tool_call_count=grade.tool_call_count,
        valid_tool_call_count=grade.valid_tool_call_count,
        reference_overlap=grade.reference_overlap,
        has_canary=grade.has_canary,
        graded_at=grading.at,
    )
