"""The routes of prices.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.principal import CurrentPrincipal
from api.database import CurrentDatabase
from api.envelope import Meta, SpanMeta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    documented,
)
from api.known_values import refuse_unknown, refuse_unknown_values
from api.parameters import simulated_flag
from api.prices import queries
from api.prices.schemas import PastPrice, Price, PriceHistory, PriceHistoryQuery, PriceList, PricesQuery
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/prices",
    route_class=PublishedRoute,
    tags=["prices"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("", summary="Prices of now")
async def list_prices(query: Annotated[PricesQuery, Query()], database: CurrentDatabase) -> PriceList:
    """What every provider asks for every model now, with its source and the day it was checked."""
    rows = await queries.price_rows(
        database,
        provider=query.provider,
        target_id=query.target_id,
        is_measured=simulated_flag(query.measured),
        is_simulated=simulated_flag(query.simulated),
        sort=query.sort,
        after=queries.LISTED_PRICES.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_PRICES.page(query, rows)
    prices = [Price.model_validate(row) for row in page]
    as_of = rows[0]["as_of"] if rows else await _refuse_unknown(query, database)
    return PriceList(
        meta=Meta(as_of=as_of, simulated=simulated_label(price.is_simulated for price in prices)),
        data=prices,
        next_cursor=next_cursor,
    )


@router.get("/history", summary="Prices over time")
async def list_price_history(
    query: Annotated[PriceHistoryQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> PriceHistory:
    """Every price that was or is valid, over its model's price before; the newest first unless sorted otherwise."""
    since = principal.history_from(query.since)
    rows = await queries.price_history_rows(
        database,
        **query.filters("since"),
        since=since,
        after=queries.PAST_PRICES.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.PAST_PRICES.page(query, rows)
    prices = [PastPrice.model_validate(row) for row in page]
    as_of = rows[0]["as_of"] if rows else await _refuse_unknown(query, database, model=query.model)
    return PriceHistory(
        meta=SpanMeta(
            as_of=as_of,
            simulated=simulated_label(price.is_simulated for price in prices),
            window_start=since,
            window_end=query.until,
        ),
        data=prices,
        next_cursor=next_cursor,
    )


async def _refuse_unknown(
    query: PricesQuery | PriceHistoryQuery, database: CurrentDatabase, **given: str | None
) -> datetime | None:
    """More providers and models have prices than are measured."""
    refuse_unknown(await queries.known_filters(database), provider=query.provider, **given)
    return await refuse_unknown_values(database, target_id=query.target_id)
