"""Finds rows of schema raw that contradict what the tables promise; where all is well there are none.

Not here: whether the archive holds the same (archive_verification), nor what is made of a finding (defs.checks).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from psycopg import sql

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

Hours = tuple[datetime, datetime] | None
"""From the first to before the second; None is every hour."""

MOST_SHOWN: Final = 10
_BEGINNING, _END = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

# One question has one call; an answer that stands twice would count twice.
_DOUBLED = """
SELECT benchmark_hour, target_id, scenario_id, variant_seed, sample_index, attempt, count(*) AS rows
FROM raw.responses WHERE benchmark_hour >= %(first)s AND benchmark_hour < %(end)s
GROUP BY benchmark_hour, target_id, scenario_id, scenario_version, variant_seed, sample_index, attempt
HAVING count(*) > 1
"""
_UNPLANNED = """
SELECT benchmark_hour, target_id, scenario_id, variant_seed, sample_index, attempt
FROM raw.responses AS response
WHERE benchmark_hour >= %(first)s AND benchmark_hour < %(end)s AND NOT EXISTS (
    SELECT FROM raw.planned_calls AS planned
    WHERE planned.benchmark_hour = response.benchmark_hour AND planned.call_id = response.call_id
)
"""
_PLANNED_HOURS = """
SELECT DISTINCT benchmark_hour FROM raw.planned_calls
WHERE benchmark_hour >= %(first)s AND benchmark_hour < %(end)s ORDER BY benchmark_hour
"""
_SCORES = """
SELECT score.benchmark_hour, response.target_id, response.scenario_id, score.scorer, score.scorer_version, score.score
FROM raw.scores AS score
LEFT JOIN raw.responses AS response USING (benchmark_hour, call_id, attempt)
WHERE score.benchmark_hour >= %(first)s AND score.benchmark_hour < %(end)s AND {fault}
"""
_OUT_OF_RANGE = _SCORES.format(
    fault="(score.score NOT BETWEEN 0 AND 10 OR score.score = 'NaN' OR (score.score IS NULL AND score.reason IS NULL))"
)
_WITHOUT_ANSWER = _SCORES.format(fault="response.status IS DISTINCT FROM 'answered'")


def doubled_responses(connection: Connection, hours: Hours) -> list[str]:
    """Attempts that stand under several call ids."""
    return _found(connection, _DOUBLED, hours)


def unplanned_responses(connection: Connection, hours: Hours) -> list[str]:
    """Responses to calls that no plan has."""
    return _found(connection, _UNPLANNED, hours)


def scores_out_of_range(connection: Connection, hours: Hours) -> list[str]:
    """Scores that are neither 0 to 10 nor null with a reason."""
    return _found(connection, _OUT_OF_RANGE, hours)


def scores_without_answer(connection: Connection, hours: Hours) -> list[str]:
    """Scores of responses that failed, or that there are none of."""
    return _found(connection, _WITHOUT_ANSWER, hours)


def planned_hours_of(connection: Connection, hours: Hours) -> list[datetime]:
    """The planned ones of the hours, oldest first."""
    first, end = hours or (_BEGINNING, _END)
    return [row[0] for row in connection.execute(_PLANNED_HOURS, {"first": first, "end": end})]


def _found(connection: Connection, query: str, hours: Hours) -> list[str]:
    """Each row in words; past the first ten the number of the others."""
    first, end = hours or (_BEGINNING, _END)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query), {"first": first, "end": end})
        rows = [" ".join(map(str, row)) for row in cursor]
    more = len(rows) - MOST_SHOWN
    return [*rows[:MOST_SHOWN], f"and {more} more"] if more > 0 else rows
