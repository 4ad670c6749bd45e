"""The routes of reports.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.accounts.principal import CurrentPrincipal
from api.database import CurrentDatabase
from api.entitlements import refuse_before
from api.envelope import Meta, SpanMeta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_REPORT,
    ProblemError,
    documented,
)
from api.parameters import NoQuery
from api.published import PublishedRoute
from api.reports import queries
from api.reports.schemas import Report, ReportAnswer, ReportEntry, ReportList, ReportsQuery

router = APIRouter(
    prefix="/v1/reports",
    route_class=PublishedRoute,
    tags=["reports"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

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
    """The reports that were written, newest period first unless sorted otherwise, without what they say."""
    since = principal.history_from(query.since)
    rows = await queries.report_rows(
        database,
        **query.filters("since"),
        since=since,
        after=queries.LISTED_REPORTS.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_REPORTS.page(query, rows)
    as_of = await queries.as_of(database)
    return ReportList(
        meta=SpanMeta(as_of=as_of, simulated=None, window_start=since, window_end=query.until),
        data=[ReportEntry.model_validate(row) for row in page],
        next_cursor=next_cursor,
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
