"""Grades what is ungraded of some hours: answers from the archive, scores into schema raw, no call made.

Not here: grading itself (grading), nor the statements (storage).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

from orchestration.records import Selection
from orchestration.scoring.grading import grade_responses
from orchestration.scoring.interface import Grade, GradeKey
from orchestration.scoring.registry import scorers
from orchestration.storage.raw_tables import latest_grades, record_scores, ungraded_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from orchestration.records import Response
    from orchestration.sandbox.interface import Sandbox
    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.raw_tables import UngradedCall
    from scenarios.variants import Variant

    VariantOf = Callable[[str, int, int], Variant]
    ReportProgress = Callable[[int, int], None]

HOURS_AT_ONCE: Final = 24


@dataclass(slots=True)
class GradingSummary:
    """How many answers were graded, how many of them could not be, and by which outcome."""

    graded_count: int = 0
    null_count: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades the answers of an archive in one sandbox, those of the selection."""

    archive: Archive
    variants: VariantOf
    sandbox: Sandbox
    selection: Selection = Selection()  # noqa: RUF009 - frozen

    def grade_hours(
        self, connection: Connection, hours: Sequence[datetime], progress: ReportProgress
    ) -> GradingSummary:
        """Grade what has no score by a current scorer. Each hour is committed on its own; `progress(done, hours)`.

        Memory holds one day of hours, their answers' known grades and one hour of answers, however long the range is.
        """
        summary = GradingSummary()
        versions = {scorer.name: scorer.version for scorer in scorers(self.sandbox).values()}
        for done in range(0, len(hours), HOURS_AT_ONCE):
            chunk = hours[done : done + HOURS_AT_ONCE]
            ungraded = ungraded_calls(connection, chunk, versions, self.selection)
            known = _known_grades(connection, versions, ungraded)
            by_hour = _by_hour(ungraded)
            for number, hour in enumerate(chunk, start=done + 1):
                if hour in by_hour:
                    self._grade_hour(connection, self.archive.read(hour), by_hour[hour], known, summary)
                    connection.commit()
                progress(number, len(hours))
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


def _known_grades(
    connection: Connection, versions: dict[str, int], calls: Iterable[UngradedCall]
) -> dict[GradeKey, Grade]:
    """What current scorers made of answers like those of the calls."""
    answers = {call.answer_sha256 for call in calls}
    names = [grade_field.name for grade_field in fields(Grade)]
    return {
        GradeKey(*key): Grade(**{name: getattr(stored, name) for name in names})
        for key, stored in latest_grades(connection, versions, answers).items()
    }
