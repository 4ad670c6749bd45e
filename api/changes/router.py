"""The route of changes.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.principal import CurrentPrincipal
from api.changes import queries
from api.changes.schemas import Change, ChangeList, ChangesQuery
from api.database import CurrentDatabase
from api.envelope import SpanMeta, simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.known_values import refuse_unknown_values
from api.parameters import simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/changes",
    route_class=PublishedRoute,
    tags=["changes"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("", summary="What changed about models")
async def list_changes(
    query: Annotated[ChangesQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> ChangeList:
    """Changes of price, settings, lifecycle, host, limits and of what a provider serves under a name, newest first
    unless sorted otherwise.
    """
    since = principal.history_from(query.since)
    rows = await queries.change_rows(
        database,
        **query.filters("simulated", "since"),
        since=since,
        is_simulated=simulated_flag(query.simulated),
        after=queries.LISTED_CHANGES.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_CHANGES.page(query, rows)
    changes = [Change.model_validate(row) for row in page]
    asked = {"target_id": query.target_id, "provider": query.provider}
    as_of = rows[0]["as_of"] if rows else await refuse_unknown_values(database, **asked)
    return ChangeList(
        meta=SpanMeta(
            as_of=as_of,
            simulated=simulated_label(change.is_simulated for change in changes),
            window_start=since,
            window_end=query.until,
        ),
        data=changes,
        next_cursor=next_cursor,
    )
