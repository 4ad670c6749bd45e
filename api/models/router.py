"""The routes of models and their histories.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import TypeAdapter

from api.database import CurrentDatabase, Database, Row
from api.envelope import Meta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_MODEL,
    documented,
    refuse_unknown_model,
    refuse_unknown_value,
)
from api.models import queries
from api.models.schemas import (
    History,
    HistoryMeta,
    HistoryPoint,
    HistoryQuery,
    Model,
    ModelAnswer,
    ModelDetail,
    ModelList,
    ModelQuery,
    ModelScore,
    ModelsQuery,
)
from api.pagination import split_page
from api.parameters import ListedId, ModelId, simulated_flag

router = APIRouter(
    prefix="/v1/models",
    tags=["models"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

POSITION: TypeAdapter[tuple[str]] = TypeAdapter(tuple[ListedId])


@router.get("", summary="Models that are or were measured")
async def list_models(query: Annotated[ModelsQuery, Query()], database: CurrentDatabase) -> ModelList:
    """Every model with its host, settings and current price, by id; disabled ones say why."""
    position = query.position(POSITION)
    rows = await queries.model_rows(
        database,
        provider=query.provider,
        is_simulated=simulated_flag(query.simulated),
        after_target_id=position[0] if position else None,
        row_limit=query.limit + 1,
    )
    page, has_more = split_page([Model.model_validate(row) for row in rows], query.limit)
    as_of = rows[0]["as_of"] if rows else await _as_of_nothing(database, provider=query.provider)
    return ModelList(
        meta=Meta(as_of=as_of, simulated=simulated_label(model.is_simulated for model in page)),
        data=page,
        next_cursor=query.cursor_after(page[-1].target_id) if has_more else None,
    )


@router.get("/{model_id}", summary="One model and its scores", responses=documented(UNKNOWN_MODEL))
async def get_model(model_id: ModelId, query: Annotated[ModelQuery, Query()], database: CurrentDatabase) -> ModelAnswer:
    """The model's settings and price, and its numbers in one window for the whole suite and each family."""
    row = await _model_row(database, model_id)
    scores = await queries.model_score_rows(database, [model_id], query.window)
    detail = ModelDetail.model_validate({**row, "scores": [ModelScore.model_validate(score) for score in scores]})
    return ModelAnswer(meta=Meta(as_of=row["as_of"], simulated=detail.is_simulated), data=detail)


@router.get("/{model_id}/history", summary="One model over time", responses=documented(UNKNOWN_MODEL))
async def list_model_history(
    model_id: ModelId, query: Annotated[HistoryQuery, Query()], database: CurrentDatabase
) -> History:
    """Score with interval, cost, tokens, latency and counts per hour or day, gaps included, oldest first."""
    rows = await queries.history_rows(
        database,
        granularity=query.granularity,
        target_id=model_id,
        suite=query.suite,
        family=query.family,
        days=query.days,
    )
    points = [HistoryPoint.model_validate(row) for row in rows]
    if rows:
        return History(meta=_history_meta(model_id, query, points, rows[0]), data=points)
    await _model_row(database, model_id)
    as_of = await _as_of_nothing(database, suite=query.suite, family=query.family)
    return History(meta=_history_meta(model_id, query, points, {"as_of": as_of}), data=points)


async def _model_row(database: Database, model_id: str) -> Row:
    rows = await queries.model_rows(database, target_ids=[model_id])
    if not rows:
        refuse_unknown_model(model_id, await queries.ids_by_name(database))
    return rows[0]


async def _as_of_nothing(
    database: Database, *, provider: str | None = None, suite: str | None = None, family: str | None = None
) -> datetime | None:
    """An empty answer is right only for filters that exist: a misspelt one is refused by name."""
    known = await queries.known_filters(database)
    refuse_unknown_value("provider", provider, known["providers"])
    refuse_unknown_value("suite", suite, known["suites"])
    refuse_unknown_value("family", family, known["families"])
    as_of: datetime | None = known["as_of"]
    return as_of


def _history_meta(model_id: str, query: HistoryQuery, points: list[HistoryPoint], first: Row) -> HistoryMeta:
    return HistoryMeta(
        as_of=first["as_of"],
        simulated=simulated_label(point.is_simulated for point in points),
        target_id=model_id,
        granularity=query.granularity,
        suite=query.suite,
        suite_versions=sorted({point.suite_version for point in points}),
        family=query.family,
        window_start=first.get("window_start"),
        window_end=first.get("window_end"),
    )
