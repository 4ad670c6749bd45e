"""The routes of reports.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, TypeAdapter

from api.accounts.principal import CurrentPrincipal
from api.database import CurrentDatabase
from api.entitlements import refuse_before
from api.envelope import Meta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_REPORT,
    ProblemError,
    documented,
)
from api.pagination import split_page
from api.parameters import NoQuery
from api.reports import queries
from api.reports.schemas import Report, ReportAnswer, ReportEntry, ReportList, ReportsQuery

router = APIRouter(
    prefix="/v1/reports",
    tags=["reports"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

Kind = Literal["daily", "weekly"]
POSITION: TypeAdapter[tuple[datetime, str]] = TypeAdapter(tuple[AwareDatetime, Kind])
ReportId = Annotated[
    str,
    Path(
        pattern=r"^\d{4}-(\d{2}-\d{2}|W\d{2})$",
        description="A day like 2026-11-22, or an ISO week like 2026-W47.",
        examples=["2026-11-22"],
    ),
]


@router.get("", summary="Reports of days and weeks")
async def list_reports(
    query: Annotated[ReportsQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> ReportList:
    """The reports that were written, newest period first, without what they say."""
    rows = await queries.report_rows(
        database,
        **query.filters("since"),
        since=principal.history_from(query.since),
        after=query.position(POSITION),
        row_limit=query.limit + 1,
    )
    page, has_more = split_page([ReportEntry.model_validate(row) for row in rows], query.limit)
    return ReportList(
        meta=Meta(as_of=await queries.as_of(database), simulated=None),
        data=page,
        next_cursor=query.cursor_after(page[-1].period_start.isoformat(), page[-1].kind) if has_more else None,
    )


@router.get("/{report_id}", summary="What a day or a week has shown", responses=documented(UNKNOWN_REPORT))
async def get_report(
    report_id: ReportId, _: NoQuery, database: CurrentDatabase, principal: CurrentPrincipal
) -> ReportAnswer:
    """Standings with their moves, coverage, late hours, spend and changes of the period, as of when it was written."""
    row = await queries.report_row(database, report_id)
    if row is None:
        raise ProblemError(UNKNOWN_REPORT, f"There is no report of {report_id}.")
    refuse_before(principal.tier, row["period_end"], "report_id")
    report = Report.model_validate({**row["body"], **row})
    flags = (standing.is_simulated for suite in report.suites for standing in suite.standings)
    return ReportAnswer(meta=Meta(as_of=await queries.as_of(database), simulated=simulated_label(flags)), data=report)
