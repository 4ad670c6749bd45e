"""The routes of models and their histories.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import TypeAdapter

from api.accounts.principal import CurrentPrincipal, Principal
from api.database import CurrentDatabase, Database, Row
from api.envelope import Meta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_MODEL,
    documented,
    refuse_parameter,
    refuse_unknown_model,
)
from api.known_values import refuse_unknown_values
from api.models import queries
from api.models.history_schemas import MOST_DAYS, History, HistoryMeta, HistoryPoint, HistoryQuery
from api.models.schemas import Model, ModelAnswer, ModelDetail, ModelList, ModelQuery, ModelScore, ModelsQuery
from api.parameters import ModelId, simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/models",
    route_class=PublishedRoute,
    tags=["models"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

POINTS = TypeAdapter(list[HistoryPoint])
"""All of a history at once: one by one they take four times as long."""
Period = tuple[datetime, int]
"""The start of a period, and the suite version that was asked in it."""


@router.get("", summary="Models that are or were measured")
async def list_models(query: Annotated[ModelsQuery, Query()], database: CurrentDatabase) -> ModelList:
    """Every model with its host, settings and current price, by id; disabled ones say why."""
    rows = await queries.model_rows(
        database,
        provider=query.provider,
        lifecycle=query.lifecycle,
        is_open_weights=simulated_flag(query.open_weights),
        is_enabled=simulated_flag(query.enabled),
        is_simulated=simulated_flag(query.simulated),
        sort=query.sort,
        after=queries.LISTED_MODELS.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_MODELS.page(query, rows)
    models = [Model.model_validate(row) for row in page]
    asked = {"provider": query.provider, "lifecycle": query.lifecycle}
    as_of = rows[0]["as_of"] if rows else await refuse_unknown_values(database, **asked)
    return ModelList(
        meta=Meta(as_of=as_of, simulated=simulated_label(model.is_simulated for model in models)),
        data=models,
        next_cursor=next_cursor,
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
    model_id: ModelId, query: Annotated[HistoryQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> History:
    """Score with interval, cost, tokens, latency and counts per hour, day or week, gaps included, oldest first."""
    _refuse_bad_span(query)
    series = queries.Series(query.granularity, model_id, query.suite, query.family)
    rows = await queries.history_rows(database, series, days=query.days, since=query.since, until=query.until)
    if rows:
        found = await _included(query, series, _span(rows[0]), database)
        points = POINTS.validate_python([{**row, **_parts_of(row, found)} for row in rows])
        launch = await _launch(query, series, database, principal)
        return History(meta=_history_meta(model_id, query, points, rows[0] | launch), data=points)
    await _model_row(database, model_id)
    as_of = await refuse_unknown_values(database, suite=query.suite, family=query.family)
    return History(meta=_history_meta(model_id, query, [], {"as_of": as_of}), data=[])


def _refuse_bad_span(query: HistoryQuery) -> None:
    """Raises invalid-parameter for a span that is told twice, or is longer than one answer may be."""
    if query.since and "days" in query.model_fields_set:
        refuse_parameter("days", "Give `days` or `since`, not both.")
    most = MOST_DAYS[query.granularity]
    end = query.until or datetime.now(UTC)
    if query.since and end - query.since > timedelta(days=most):
        refuse_parameter("since", f"By {query.granularity} one answer spans at most {most} days.")
    if query.days > most:
        refuse_parameter("days", f"By {query.granularity} one answer spans at most {most} days.")


def _span(row: Row) -> queries.Span:
    return {"window_start": row["window_start"], "window_end": row["window_end"]}


async def _included(
    query: HistoryQuery, series: queries.Series, span: queries.Span, database: Database
) -> dict[str, dict[Period, Row]]:
    """What was asked for beside the points, by its name and the period that it is of."""
    statements = {
        "percentiles": queries.percentile_rows,
        "reliability": queries.reliability_rows,
        "baseline": queries.baseline_rows,
    }
    return {
        name: {
            (row["period_start"], row["suite_version"]): row for row in await statements[name](database, series, span)
        }
        for name in query.include
    }


async def _launch(query: HistoryQuery, series: queries.Series, database: Database, principal: Principal) -> Row:
    if "baseline" not in query.include:
        return {}
    return {"launch_score_mean": await queries.launch_score_mean(database, series, principal.history_start)}


def _parts_of(row: Row, found: dict[str, dict[Period, Row]]) -> Row:
    period = row["period_start"], row["suite_version"]
    parts: Row = {name: found.get(name, {}).get(period) for name in ("percentiles", "reliability")}
    return parts | {"baseline_score_mean": _baseline_of(period, found.get("baseline", {}))}


def _baseline_of(period: Period, baselines: dict[Period, Row]) -> float | None:
    if not baselines:
        return None
    start, suite_version = period
    day = start.astimezone(UTC).replace(hour=0)
    return baselines.get((day, suite_version), {}).get("baseline_score_mean")


async def _model_row(database: Database, model_id: str) -> Row:
    rows = await queries.model_rows(database, target_ids=[model_id])
    if not rows:
        refuse_unknown_model(model_id, await queries.ids_by_name(database))
    return rows[0]


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
        launch_score_mean=first.get("launch_score_mean"),
    )
