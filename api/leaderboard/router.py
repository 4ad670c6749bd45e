"""The route of the leaderboard.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter

from api.database import CurrentDatabase, Database
from api.envelope import simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    documented,
    refuse_unknown_value,
)
from api.leaderboard import queries
from api.leaderboard.schemas import Leaderboard, LeaderboardEntry, LeaderboardMeta, LeaderboardQuery
from api.pagination import split_page
from api.parameters import ListedId, simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/leaderboard",
    route_class=PublishedRoute,
    tags=["leaderboard"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

Score = Annotated[float, Field(allow_inf_nan=False)]
POSITION: TypeAdapter[tuple[float | None, str]] = TypeAdapter(tuple[Score | None, ListedId])


@router.get("", summary="Models by score in a window")
async def list_leaderboard(query: Annotated[LeaderboardQuery, Query()], database: CurrentDatabase) -> Leaderboard:
    """Every model's mean score with its 95% interval, cost, speed and error rate, best score first.

    Only the suite's newest version is shown. An interval that overlaps another's does not mean that the two are equal.
    """
    rows = await queries.leaderboard_rows(
        database,
        window=query.window,
        suite=query.suite,
        family=query.family,
        provider=query.provider,
        is_simulated=simulated_flag(query.simulated),
        after=query.position(POSITION),
        row_limit=query.limit + 1,
    )
    page, has_more = split_page([LeaderboardEntry.model_validate(row) for row in rows], query.limit)
    return Leaderboard(
        meta=_meta(query, page) if page else await _meta_of_nothing(query, database),
        data=page,
        next_cursor=query.cursor_after(page[-1].score_mean, page[-1].target_id) if has_more else None,
    )


def _meta(query: LeaderboardQuery, page: list[LeaderboardEntry]) -> LeaderboardMeta:
    return LeaderboardMeta(
        as_of=max((entry.as_of for entry in page if entry.as_of), default=None),
        simulated=simulated_label(entry.is_simulated for entry in page),
        suite=query.suite,
        suite_version=page[0].suite_version,
        family=query.family,
        window_name=query.window,
        window_start=min(entry.window_start for entry in page),
        window_end=max(entry.window_end for entry in page),
    )


async def _meta_of_nothing(query: LeaderboardQuery, database: Database) -> LeaderboardMeta:
    """An empty answer is right only for filters that exist: a misspelt one is refused by name."""
    known = await queries.known_filters(database, query.suite)
    refuse_unknown_value("suite", query.suite, known["suites"])
    refuse_unknown_value("provider", query.provider, known["providers"])
    refuse_unknown_value("family", query.family, known["families"])
    return LeaderboardMeta(
        as_of=known["as_of"],
        simulated=None,
        suite=query.suite,
        suite_version=known["suite_version"],
        family=query.family,
        window_name=query.window,
        window_start=None,
        window_end=None,
    )
