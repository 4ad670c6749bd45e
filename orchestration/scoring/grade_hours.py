"""Grades what is ungraded of some hours: answers from the archive, scores into schema raw, no call made.

Not here: grading itself (grading), nor the statements (storage).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from orchestration.scoring.grading import grade_responses
from orchestration.scoring.interface import Grade, GradeKey
from orchestration.scoring.registry import scorers
from orchestration.storage.raw_tables import latest_grades, record_scores, ungraded_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from orchestration.records import Response
    from orchestration.sandbox.interface import Sandbox
    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.raw_tables import UngradedCall
    from scenarios.variants import Variant

    VariantOf = Callable[[str, int, int], Variant]
    ReportProgress = Callable[[int, int], None]


@dataclass(slots=True)
class GradingSummary:
    """How many answers were graded, how many of them could not be, and by which outcome."""

    graded_count: int = 0
    null_count: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades the answers of an archive in one sandbox."""

    archive: Archive
    variants: VariantOf
    sandbox: Sandbox

    def grade_hours(
        self,
        connection: Connection,
        hours: Sequence[datetime],
        progress: ReportProgress,
        *,
        target_ids: Collection[str] | None = None,
    ) -> GradingSummary:
        """Grade what has no score by a current scorer. Each hour is committed on its own; `progress(done, hours)`.

        `target_ids` are whose answers are graded, None for all.
        """
        summary = GradingSummary()
        versions = {scorer.name: scorer.version for scorer in scorers(self.sandbox).values()}
        ungraded = _by_hour(ungraded_calls(connection, hours, versions, target_ids))
        known = _known_grades(connection, versions)
        for done, (hour, calls) in enumerate(ungraded.items(), start=1):
            self._grade_hour(connection, self.archive.read(hour), calls, known, summary)
            connection.commit()
            progress(done, len(ungraded))
        return summary

    def _grade_hour(
        self,
        connection: Connection,
        responses: Iterable[Response],
        calls: Sequence[UngradedCall],
        known: dict[GradeKey, Grade],
        summary: GradingSummary,
    ) -> None:
        answers = {(response.call_id, response.attempt): response for response in responses}
        for attempt in sorted({call.grading_attempt for call in calls}):
            wanted = [
                answers[call.call_id, call.attempt]
                for call in calls
                if call.grading_attempt == attempt and (call.call_id, call.attempt) in answers
            ]
            graded = grade_responses(wanted, self.variants, self.sandbox, known=known, grading_attempt=attempt)
            scores = list(graded)
            record_scores(connection, scores)
            for score in scores:
                summary.graded_count += 1
                summary.null_count += score.score is None
                summary.outcomes[score.outcome] += 1


def _by_hour(calls: Iterable[UngradedCall]) -> dict[datetime, list[UngradedCall]]:
    hours: dict[datetime, list[UngradedCall]] = {}
    for call in calls:
        hours.setdefault(call.benchmark_hour, []).append(call)
    return hours


def _known_grades(connection: Connection, versions: dict[str, int]) -> dict[GradeKey, Grade]:
    names = [grade_field.name for grade_field in fields(Grade)]
    return {
        GradeKey(*key): Grade(**{name: getattr(stored, name) for name in names})
        for key, stored in latest_grades(connection, versions).items()
    }
