"""The statements behind the reports.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, LiteralString

from api.ordering import OrderedList

if TYPE_CHECKING:
    from api.database import Database, Row
    from api.ordering import Position

REPORTS: LiteralString = """
SELECT
    reports.report_id, reports.kind, reports.period_start, reports.period_end, reports.suite_versions, reports.as_of,
    reports.computed_at, (reports.body ->> 'is_complete')::boolean AS is_complete
FROM marts.fct_reports AS reports
WHERE (%(kind)s::text IS NULL OR reports.kind = %(kind)s)
    AND (%(since)s::timestamptz IS NULL OR reports.period_end > %(since)s)
    AND (%(until)s::timestamptz IS NULL OR reports.period_start < %(until)s)
"""

LISTED_REPORTS = OrderedList(
    REPORTS,
    sorts={"period_start": datetime, "period_end": datetime, "computed_at": datetime, "kind": str},
    ties={"kind": str, "report_id": str},
)

REPORT: LiteralString = """
SELECT
    reports.report_id, reports.kind, reports.period_start, reports.period_end, reports.suite_versions, reports.as_of,
    reports.computed_at, (reports.body ->> 'is_complete')::boolean AS is_complete, reports.body
FROM marts.fct_reports AS reports
WHERE reports.kind = %(kind)s AND reports.report_id = %(report_id)s
"""

AS_OF: LiteralString = "SELECT max(scores.as_of) AS as_of FROM marts.fct_leaderboard AS scores"


async def report_rows(
    database: Database,
    *,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-period_start",
    after: Position | None = None,
    row_limit: int,
) -> list[Row]:
    """Reports without their bodies in the order `sort`, behind the position `after`; None leaves a filter out."""
    return await database.fetch_all(
        LISTED_REPORTS.statement(sort),
        {"kind": kind, "since": since, "until": until, **LISTED_REPORTS.parameters(after, row_limit)},
    )


async def report_row(database: Database, report_id: str) -> Row | None:
    """One report with its body; the form of its id tells a week from a day."""
    kind = "weekly" if "W" in report_id else "daily"
    return await database.fetch_one(REPORT, {"kind": kind, "report_id": report_id})


async def as_of(database: Database) -> datetime | None:
    """When the marts were computed."""
    row = await database.fetch_one(AS_OF)
    moment: datetime | None = row["as_of"] if row else None
    return moment
