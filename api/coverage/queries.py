"""The statements behind the coverage.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.database import Database, Row

# Of hours that were planned and not built, the series know the calls.
PLANNED: LiteralString = """(
    SELECT
        built.target_id, built.benchmark_hour, built.outcome, built.reason, built.call_count, built.is_simulated
    FROM marts.fct_coverage AS built
    UNION ALL
    SELECT
        scores.target_id, scores.benchmark_hour, 'missing', scores.reason, scores.planned_count, scores.is_simulated
    FROM marts.fct_scores_hourly AS scores
    WHERE scores.reason = 'not_built' AND scores.family = 'all'
)"""

SPAN: LiteralString = """
SELECT
    greatest(date_trunc('hour', now(), 'UTC') - interval '1 hour', max(coverage.benchmark_hour)) AS last_hour,
    max(coverage.benchmark_hour) AS last_built_hour,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_coverage AS coverage
"""

TARGETS: LiteralString = """
SELECT
    targets.target_id, targets.label, targets.provider, targets.is_simulated, targets.is_enabled,
    targets.disabled_reason
FROM marts.dim_targets AS targets
WHERE (%(target_id)s::text IS NULL OR targets.target_id = %(target_id)s)
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(is_simulated)s::boolean IS NULL OR targets.is_simulated = %(is_simulated)s)
    AND (%(after_target_id)s::text IS NULL OR targets.target_id > %(after_target_id)s)
ORDER BY targets.target_id ASC
LIMIT %(row_limit)s
"""

HOURS: LiteralString = f"""
SELECT
    coverage.target_id, coverage.benchmark_hour,
    sum(coverage.call_count)::bigint AS planned_count,
    coalesce(sum(coverage.call_count) FILTER (WHERE coverage.outcome = 'answered'), 0)::bigint AS answered_count,
    coalesce(sum(coverage.call_count) FILTER (WHERE coverage.outcome = 'late'), 0)::bigint AS late_count,
    (
        array_agg(coverage.reason ORDER BY coverage.call_count DESC, coverage.reason ASC)
        FILTER (WHERE coverage.outcome = 'missing')
    )[1] AS reason
FROM {PLANNED} AS coverage
WHERE coverage.target_id = any(%(target_ids)s)
    AND coverage.benchmark_hour BETWEEN %(first_hour)s AND %(last_hour)s
GROUP BY coverage.target_id, coverage.benchmark_hour
"""  # noqa: S608 - fixed text

CALENDAR: LiteralString = f"""
SELECT
    coverage.benchmark_hour,
    sum(coverage.call_count)::bigint AS planned_count,
    coalesce(sum(coverage.call_count) FILTER (WHERE coverage.outcome = 'answered'), 0)::bigint AS answered_count,
    coalesce(sum(coverage.call_count) FILTER (WHERE coverage.outcome = 'late'), 0)::bigint AS late_count,
    (
        array_agg(coverage.reason ORDER BY coverage.call_count DESC, coverage.reason ASC)
        FILTER (WHERE coverage.outcome = 'missing')
    )[1] AS reason,
    array_agg(DISTINCT coverage.is_simulated) AS simulated_flags
FROM {PLANNED} AS coverage
WHERE coverage.benchmark_hour BETWEEN %(first_hour)s AND %(last_hour)s
GROUP BY coverage.benchmark_hour
"""  # noqa: S608 - fixed text

REASONS: LiteralString = f"""
SELECT coverage.target_id, coverage.reason, sum(coverage.call_count)::bigint AS call_count
FROM {PLANNED} AS coverage
WHERE coverage.target_id = any(%(target_ids)s)
    AND coverage.benchmark_hour BETWEEN %(first_hour)s AND %(last_hour)s
    AND coverage.outcome = 'missing'
GROUP BY coverage.target_id, coverage.reason
ORDER BY coverage.target_id ASC, call_count DESC, coverage.reason ASC
"""  # noqa: S608 - fixed text


async def span(database: Database) -> Row:
    """The last hour that is over or planned, the last one that was built, and as of when: one row always."""
    row = await database.fetch_one(SPAN)
    return row or {}


async def target_rows(
    database: Database,
    *,
    target_id: str | None,
    provider: str | None,
    is_simulated: bool | None,
    after_target_id: str | None,
    row_limit: int,
) -> list[Row]:
    """Targets by id, behind `after_target_id`; None leaves a filter out."""
    filters = {"target_id": target_id, "provider": provider, "is_simulated": is_simulated}
    return await database.fetch_all(TARGETS, {**filters, "after_target_id": after_target_id, "row_limit": row_limit})


async def hour_rows(
    database: Database, target_ids: Sequence[str], first_hour: datetime, last_hour: datetime
) -> list[Row]:
    """Hours with a plan, both ends included; the reason is that of most missing calls."""
    return await database.fetch_all(HOURS, _within(target_ids, first_hour, last_hour))


async def calendar_rows(database: Database, first_hour: datetime, last_hour: datetime) -> list[Row]:
    """Hours with a plan, all targets together, both ends included."""
    return await database.fetch_all(CALENDAR, {"first_hour": first_hour, "last_hour": last_hour})


async def reason_rows(
    database: Database, target_ids: Sequence[str], first_hour: datetime, last_hour: datetime
) -> list[Row]:
    """Missing calls by reason, most first."""
    return await database.fetch_all(REASONS, _within(target_ids, first_hour, last_hour))


def _within(target_ids: Sequence[str], first_hour: datetime, last_hour: datetime) -> dict[str, object]:
    return {"target_ids": list(target_ids), "first_hour": first_hour, "last_hour": last_hour}
