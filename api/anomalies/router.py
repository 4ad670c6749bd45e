"""The routes of anomalies.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query

from api.accounts.principal import CurrentPrincipal
from api.anomalies import queries
from api.anomalies.schemas import AnomaliesQuery, Anomaly, AnomalyAnswer, AnomalyList
from api.database import CurrentDatabase
from api.entitlements import refuse_before
from api.envelope import Meta, SpanMeta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_ANOMALY,
    ProblemError,
    documented,
)
from api.known_values import refuse_unknown_values
from api.parameters import NoQuery, simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/anomalies",
    route_class=PublishedRoute,
    tags=["anomalies"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

AnomalyId = Annotated[
    UUID,
    Path(
        description="The anomaly's id, as /v1/anomalies lists it.",
        examples=["0d6c0c5e-9f0a-5d9c-8b5c-2f6f2f9a7b11"],
    ),
]


@router.get("", summary="Changes that are no noise")
async def list_anomalies(
    query: Annotated[AnomaliesQuery, Query()], database: CurrentDatabase, principal: CurrentPrincipal
) -> AnomalyList:
    """Changes of quality, latency, cost or errors with the levels before and after and their 95% intervals, the least
    effect that could be found, the scenarios that moved, and the cause with its evidence. Raised last first
    unless sorted otherwise.
    """
    since = principal.history_from(query.since)
    rows = await queries.anomaly_rows(
        database,
        **{**_filters(query), "since": since},
        after=queries.LISTED_ANOMALIES.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_ANOMALIES.page(query, rows)
    anomalies = [Anomaly.model_validate(row) for row in page]
    asked = {"target_id": query.target_id, "provider": query.provider, "suite": query.suite}
    as_of = rows[0]["as_of"] if rows else await refuse_unknown_values(database, **asked)
    return AnomalyList(
        meta=SpanMeta(
            as_of=as_of,
            simulated=simulated_label(anomaly.is_simulated for anomaly in anomalies),
            window_start=since,
            window_end=query.until,
        ),
        data=anomalies,
        next_cursor=next_cursor,
    )


@router.get("/{anomaly_id}", summary="One change that is no noise", responses=documented(UNKNOWN_ANOMALY))
async def get_anomaly(
    anomaly_id: AnomalyId, _: NoQuery, database: CurrentDatabase, principal: CurrentPrincipal
) -> AnomalyAnswer:
    """The anomaly as its newest revision has it."""
    rows = await queries.anomaly_rows(database, anomaly_id=anomaly_id)
    if not rows:
        raise ProblemError(UNKNOWN_ANOMALY, f"There is no anomaly {anomaly_id}.")
    refuse_before(principal.tier, rows[0]["raised_hour"], "anomaly_id")
    anomaly = Anomaly.model_validate(rows[0])
    return AnomalyAnswer(meta=Meta(as_of=rows[0]["as_of"], simulated=anomaly.is_simulated), data=anomaly)


def _filters(query: AnomaliesQuery) -> dict[str, Any]:
    return {
        **query.filters("direction", "simulated"),
        "is_worse": {"worse": True, "better": False, "any": None}[query.direction],
        "is_simulated": simulated_flag(query.simulated),
    }
