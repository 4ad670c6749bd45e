"""The routes of the coverage.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import TypeAdapter

from api.coverage import queries
from api.coverage.schemas import (
    CalendarQuery,
    CoverageCalendar,
    CoverageList,
    CoverageMeta,
    CoverageQuery,
    CoveredHour,
    ModelCoverage,
)
from api.database import CurrentDatabase, Row
from api.envelope import simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.known_values import refuse_unknown_values
from api.pagination import split_page
from api.parameters import ListedId, simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/coverage",
    route_class=PublishedRoute,
    tags=["status"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

POSITION: TypeAdapter[tuple[str]] = TypeAdapter(tuple[ListedId])
HOUR = timedelta(hours=1)
NOTHING = {"planned_count": 0, "answered_count": 0, "late_count": 0}


@router.get("", summary="Which hours were measured")
async def list_coverage(query: Annotated[CoverageQuery, Query()], database: CurrentDatabase) -> CoverageList:
    """Every model's last hours: how many calls were planned, how many were answered, and why others were not."""
    position = query.position(POSITION)
    found = await queries.span(database)
    last_hour: datetime = found["last_hour"]
    first_hour = last_hour - HOUR * (query.hours - 1)
    targets = await queries.target_rows(
        database,
        target_id=query.target_id,
        provider=query.provider,
        is_simulated=simulated_flag(query.simulated),
        after_target_id=position[0] if position else None,
        row_limit=query.limit + 1,
    )
    if not targets:
        await refuse_unknown_values(database, target_id=query.target_id, provider=query.provider)
    page, has_more = split_page(targets, query.limit)
    target_ids = [target["target_id"] for target in page]
    rows = await queries.hour_rows(database, target_ids, first_hour, last_hour)
    planned = {(row["target_id"], row["benchmark_hour"]): row for row in rows}
    missing = _by_target(await queries.reason_rows(database, target_ids, first_hour, last_hour))
    hours = [first_hour + HOUR * step for step in range(query.hours)]
    return CoverageList(
        meta=CoverageMeta(
            as_of=found["as_of"],
            simulated=simulated_label(target["is_simulated"] for target in page),
            first_hour=first_hour,
            last_hour=last_hour,
        ),
        data=[
            ModelCoverage.model_validate(
                {
                    **target,
                    "hours": [planned.get((target_id, hour)) or _unplanned(hour, found) for hour in hours],
                    "missing": missing[target_id],
                }
            )
            for target_id, target in zip(target_ids, page, strict=True)
        ],
        next_cursor=query.cursor_after(target_ids[-1]) if has_more else None,
    )


@router.get("/calendar", summary="Which hours of which days were measured")
async def list_coverage_calendar(
    query: Annotated[CalendarQuery, Query()], database: CurrentDatabase
) -> CoverageCalendar:
    """Whole days by hour, all models together: calls that were planned and answered, and why others were not."""
    found = await queries.span(database)
    last_hour: datetime = found["last_hour"].astimezone(UTC)
    first_hour = last_hour.replace(hour=0) - timedelta(days=query.days - 1)
    rows = await queries.calendar_rows(database, first_hour, last_hour)
    planned = {row["benchmark_hour"]: row for row in rows}
    hours = [first_hour + HOUR * step for step in range((last_hour - first_hour) // HOUR + 1)]
    return CoverageCalendar(
        meta=CoverageMeta(
            as_of=found["as_of"],
            simulated=simulated_label(flag for row in rows for flag in row["simulated_flags"]),
            first_hour=first_hour,
            last_hour=last_hour,
        ),
        data=[CoveredHour.model_validate(planned.get(hour) or _unplanned(hour, found)) for hour in hours],
    )


def _unplanned(hour: datetime, span: Row) -> Row:
    """An hour without calls. Whether there was a plan behind the last hour that was built is not known yet."""
    reason = "not_planned" if span["last_built_hour"] and hour <= span["last_built_hour"] else "not_built"
    return NOTHING | {"benchmark_hour": hour, "reason": reason}


def _by_target(rows: list[Row]) -> defaultdict[str, list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["target_id"]].append(row)
    return grouped
