"""The statements behind prices.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, LiteralString

from api.ordering import OrderedList

if TYPE_CHECKING:
    from api.database import Database, Row
    from api.ordering import Position


def _with_buyers(prices: LiteralString) -> LiteralString:
    """Joins of a table of prices with the targets that each buys, and whether its provider is simulated."""
    return f"""LEFT JOIN (
    SELECT targets.provider, targets.model, array_agg(targets.target_id ORDER BY targets.target_id ASC) AS target_ids
    FROM marts.dim_targets AS targets
    GROUP BY targets.provider, targets.model
) AS buyers
    ON {prices}.provider = buyers.provider AND {prices}.model = buyers.model
LEFT JOIN (
    SELECT targets.provider, bool_or(targets.is_simulated) AS is_simulated
    FROM marts.dim_targets AS targets
    GROUP BY targets.provider
) AS providers
    ON {prices}.provider = providers.provider"""  # noqa: S608 - a fixed name


PRICES: LiteralString = f"""
SELECT
    prices.price_id, prices.provider, prices.model, prices.valid_from, prices.valid_to, prices.input_usd_per_mtok,
    prices.output_usd_per_mtok, prices.cached_input_usd_per_mtok, prices.cache_write_usd_per_mtok,
    prices.reasoning_usd_per_mtok, prices.tiers, prices.source, prices.checked_on,
    coalesce(buyers.target_ids, ARRAY[]::text[]) AS target_ids,
    coalesce(providers.is_simulated, FALSE) AS is_simulated,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_prices AS prices
{_with_buyers("prices")}
WHERE prices.valid_from <= now()
    AND (prices.valid_to IS NULL OR prices.valid_to > now())
    AND (%(provider)s::text IS NULL OR prices.provider = %(provider)s)
    AND (%(target_id)s::text IS NULL OR %(target_id)s = any(buyers.target_ids))
    AND (%(is_measured)s::boolean IS NULL OR (buyers.target_ids IS NOT NULL) = %(is_measured)s)
    AND (%(is_simulated)s::boolean IS NULL OR coalesce(providers.is_simulated, FALSE) = %(is_simulated)s)
"""  # noqa: S608 - fixed names
LISTED_PRICES = OrderedList(
    PRICES,
    sorts={
        "provider": str,
        "model": str,
        "valid_from": datetime,
        "input_usd_per_mtok": float,
        "output_usd_per_mtok": float,
    },
    ties={"provider": str, "model": str},
)

PRICE_HISTORY: LiteralString = f"""
WITH dated AS (
    SELECT
        prices.price_id, prices.provider, prices.model, prices.valid_from, prices.valid_to, prices.input_usd_per_mtok,
        prices.output_usd_per_mtok, prices.cached_input_usd_per_mtok, prices.cache_write_usd_per_mtok,
        prices.reasoning_usd_per_mtok, prices.tiers, prices.source, prices.checked_on,
        lag(prices.input_usd_per_mtok) OVER models AS old_input_usd_per_mtok,
        lag(prices.output_usd_per_mtok) OVER models AS old_output_usd_per_mtok
    FROM marts.dim_prices AS prices
    WHERE (%(provider)s::text IS NULL OR prices.provider = %(provider)s)
        AND (%(model)s::text IS NULL OR prices.model = %(model)s)
        AND (
            %(target_id)s::text IS NULL
            OR EXISTS (
                SELECT 1 AS one
                FROM marts.dim_targets AS targets
                WHERE targets.target_id = %(target_id)s
                    AND targets.provider = prices.provider
                    AND targets.model = prices.model
            )
        )
    WINDOW models AS (PARTITION BY prices.provider, prices.model ORDER BY prices.valid_from, prices.price_id)
)
SELECT
    dated.price_id, dated.provider, dated.model, dated.valid_from, dated.valid_to, dated.input_usd_per_mtok,
    dated.output_usd_per_mtok, dated.cached_input_usd_per_mtok, dated.cache_write_usd_per_mtok,
    dated.reasoning_usd_per_mtok, dated.tiers, dated.source, dated.checked_on,
    (dated.input_usd_per_mtok / nullif(dated.old_input_usd_per_mtok, 0))::double precision AS input_price_ratio,
    (dated.output_usd_per_mtok / nullif(dated.old_output_usd_per_mtok, 0))::double precision AS output_price_ratio,
    coalesce(buyers.target_ids, ARRAY[]::text[]) AS target_ids,
    coalesce(providers.is_simulated, FALSE) AS is_simulated,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM dated
{_with_buyers("dated")}
WHERE (%(since)s::timestamptz IS NULL OR dated.valid_to IS NULL OR dated.valid_to > %(since)s)
    AND (%(until)s::timestamptz IS NULL OR dated.valid_from < %(until)s)
"""  # noqa: S608 - fixed names

PAST_PRICES = OrderedList(
    PRICE_HISTORY,
    sorts={
        "valid_from": datetime,
        "provider": str,
        "model": str,
        "input_usd_per_mtok": float,
        "output_usd_per_mtok": float,
        "input_price_ratio": float,
        "output_price_ratio": float,
    },
    ties={"provider": str, "model": str, "valid_from": datetime, "price_id": str},
)

KNOWN_FILTERS: LiteralString = """
SELECT
    array(SELECT DISTINCT prices.provider FROM marts.dim_prices AS prices) AS provider,
    array(SELECT DISTINCT prices.model FROM marts.dim_prices AS prices) AS model
"""


async def price_rows(
    database: Database,
    *,
    provider: str | None = None,
    target_id: str | None = None,
    is_measured: bool | None = None,
    is_simulated: bool | None = None,
    sort: str = "provider",
    after: Position | None = None,
    row_limit: int,
) -> list[Row]:
    """Prices that are valid now in the order `sort`, behind the position `after`; None leaves a filter out."""
    return await database.fetch_all(
        LISTED_PRICES.statement(sort),
        {
            "provider": provider,
            "target_id": target_id,
            "is_measured": is_measured,
            "is_simulated": is_simulated,
            **LISTED_PRICES.parameters(after, row_limit),
        },
    )


async def price_history_rows(
    database: Database,
    *,
    provider: str | None = None,
    model: str | None = None,
    target_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-valid_from",
    after: Position | None = None,
    row_limit: int,
) -> list[Row]:
    """Prices in the order `sort`, behind the position `after`; each over the one before it of its model."""
    return await database.fetch_all(
        PAST_PRICES.statement(sort),
        {
            "provider": provider,
            "model": model,
            "target_id": target_id,
            "since": since,
            "until": until,
            **PAST_PRICES.parameters(after, row_limit),
        },
    )


async def known_filters(database: Database) -> Row:
    """What providers and models have prices: one row always."""
    row = await database.fetch_one(KNOWN_FILTERS)
    return row or {}
