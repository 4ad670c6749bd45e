"""The route of the leaderboard.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.accounts.principal import CurrentPrincipal
from api.database import CurrentDatabase, Database, Row
from api.envelope import WindowMeta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    documented,
)
from api.known_values import refuse_unknown
from api.leaderboard import queries
from api.leaderboard.schemas import SIGNIFICANCE, DayMean, Leaderboard, LeaderboardEntry, LeaderboardQuery
from api.parameters import simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/leaderboard",
    route_class=PublishedRoute,
    tags=["leaderboard"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

SPARKLINE_DAYS = 30


@router.get("", summary="Models by score in a window")
async def list_leaderboard(
    query: Annotated[LeaderboardQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> Leaderboard:
    """Every model's mean score with its 95% intervals and rank range, pass rates, cost, speed, error rate and how far
    it moved within a week, best score first unless sorted otherwise.

    Only the suite's newest version is shown. An interval that overlaps another's does not mean that the two are equal.
    """
    rows = await queries.leaderboard_rows(
        database, **_filters(query), after=queries.STANDINGS.position(query), row_limit=query.limit + 1
    )
    page, next_cursor = queries.STANDINGS.page(query, rows)
    days = min(SPARKLINE_DAYS, principal.tier.history_days or SPARKLINE_DAYS)
    sparklines = await _sparklines(query, page, database, days=days)
    return Leaderboard(
        meta=_meta(query, page) if page else await _meta_of_nothing(query, database),
        data=[_entry(row, sparklines) for row in page],
        next_cursor=next_cursor,
    )


def _filters(query: LeaderboardQuery) -> dict[str, Any]:
    return {
        **query.filters("simulated", "open_weights", "attempts", "include"),
        "is_simulated": simulated_flag(query.simulated),
        "is_open_weights": simulated_flag(query.open_weights),
        "attempts": int(query.attempts),
    }


def _entry(row: Row, sparklines: dict[str, list[DayMean]] | None) -> LeaderboardEntry:
    p_value = row["score_change_7d_holm_p_value"]
    return LeaderboardEntry.model_validate(
        {
            **row,
            "is_score_change_7d_significant": None if p_value is None else p_value < SIGNIFICANCE,
            "sparkline": None if sparklines is None else sparklines[row["target_id"]],
        }
    )


async def _sparklines(
    query: LeaderboardQuery, page: list[Row], database: Database, *, days: int
) -> dict[str, list[DayMean]] | None:
    """The days of every model of the page; None when they were not asked for."""
    if query.include is None or not page:
        return None
    found: defaultdict[str, list[DayMean]] = defaultdict(list)
    rows = await queries.sparkline_rows(
        database,
        [row["target_id"] for row in page],
        suite=query.suite,
        suite_version=page[0]["suite_version"],
        family=query.family,
        window_end=page[0]["window_end"],
        days=days,
    )
    for row in rows:
        found[row["target_id"]].append(DayMean.model_validate(row))
    return found


def _meta(query: LeaderboardQuery, page: list[Row]) -> WindowMeta:
    return WindowMeta(
        as_of=max((row["as_of"] for row in page if row["as_of"]), default=None),
        simulated=simulated_label(row["is_simulated"] for row in page),
        suite=query.suite,
        suite_version=page[0]["suite_version"],
        family=query.family,
        window_name=query.window,
        window_start=min(row["window_start"] for row in page),
        window_end=max(row["window_end"] for row in page),
    )


async def _meta_of_nothing(query: LeaderboardQuery, database: Database) -> WindowMeta:
    """An empty answer is right only for filters that exist: a misspelt one is refused by name."""
    known = await queries.known_filters(database, query.suite)
    as_of = refuse_unknown(known, suite=query.suite, provider=query.provider, family=query.family, effort=query.effort)
    return WindowMeta(
        as_of=as_of,
        simulated=None,
        suite=query.suite,
        suite_version=known["suite_version"],
        family=query.family,
        window_name=query.window,
        window_start=None,
        window_end=None,
    )
