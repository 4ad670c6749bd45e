"""The route of providers.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated

from fastapi import APIRouter, Query

from api.database import CurrentDatabase, Row
from api.envelope import Meta, simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.parameters import simulated_flag
from api.providers import queries
from api.providers.schemas import Provider, ProviderList, ProvidersQuery
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/providers",
    route_class=PublishedRoute,
    tags=["providers"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("", summary="Providers of the measured models")
async def list_providers(query: Annotated[ProvidersQuery, Query()], database: CurrentDatabase) -> ProviderList:
    """Every provider with the number of its models and when they answered first and last."""
    rows = await queries.provider_rows(
        database,
        is_simulated=simulated_flag(query.simulated),
        sort=query.sort,
        after=queries.LISTED_PROVIDERS.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_PROVIDERS.page(query, rows)
    first = rows[0] if rows else await queries.as_of(database)
    return ProviderList(
        meta=Meta(as_of=first["as_of"], simulated=simulated_label(flag for row in page for flag in _flags(row))),
        data=[Provider.model_validate({**row, "simulated": simulated_label(_flags(row))}) for row in page],
        next_cursor=next_cursor,
    )


def _flags(row: Row) -> tuple[bool, bool]:
    return row["is_all_simulated"], row["is_any_simulated"]
