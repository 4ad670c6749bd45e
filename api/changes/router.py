"""The route of changes.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field, TypeAdapter

from api.accounts.principal import CurrentPrincipal
from api.changes import queries
from api.changes.schemas import Change, ChangeList, ChangesQuery
from api.database import CurrentDatabase
from api.envelope import Meta, simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.known_values import refuse_unknown_values
from api.pagination import split_page
from api.parameters import ListedId, simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/changes",
    route_class=PublishedRoute,
    tags=["changes"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

Subject = Annotated[str, Field(max_length=300)]
POSITION: TypeAdapter[tuple[datetime, str, str, str]] = TypeAdapter(tuple[AwareDatetime, ListedId, ListedId, Subject])


@router.get("", summary="What changed about models")
async def list_changes(
    query: Annotated[ChangesQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> ChangeList:
    """Changes of price, settings, lifecycle, host, limits and of what a provider serves under a name, newest first."""
    rows = await queries.change_rows(
        database,
        **query.filters("simulated", "since"),
        since=principal.history_from(query.since),
        is_simulated=simulated_flag(query.simulated),
        after=query.position(POSITION),
        row_limit=query.limit + 1,
    )
    page, has_more = split_page([Change.model_validate(row) for row in rows], query.limit)
    asked = {"target_id": query.target_id, "provider": query.provider}
    as_of = rows[0]["as_of"] if rows else await refuse_unknown_values(database, **asked)
    return ChangeList(
        meta=Meta(as_of=as_of, simulated=simulated_label(change.is_simulated for change in page)),
        data=page,
        next_cursor=_cursor(query, page[-1]) if has_more else None,
    )


def _cursor(query: ChangesQuery, last: Change) -> str:
    return query.cursor_after(last.effective_at.isoformat(), last.target_id, last.kind, last.subject)
