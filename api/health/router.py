"""The routes that a supervisor asks: does the process run, and can it answer.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

import asyncio

from fastapi import APIRouter, Request, Response

from api.database import CurrentDatabase
from api.errors import DATABASE_UNAVAILABLE, MARTS_UNAVAILABLE, QUERY_TIMEOUT, ProblemError, documented
from api.health import queries
from api.health.schemas import Health, Readiness

router = APIRouter(tags=["health"])


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", summary="The process runs")
async def get_health(response: Response) -> Health:
    """Answers without looking at the database. Parameters, which balancers add, are ignored: how a probe is written
    says nothing of the process.
    """
    response.headers["Cache-Control"] = "no-store"
    return Health()


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    summary="The process can answer",
    responses=documented(DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)
async def get_readiness(request: Request, response: Response, database: CurrentDatabase) -> Readiness:
    """Everything is built, the database is reachable and the marts are there; with the newest measured hour and its
    age. Right after the start it answers when what is built behind it is there. Parameters are ignored, as by /healthz.
    """
    response.headers["Cache-Control"] = "no-store"
    await asyncio.shield(request.app.state.building)
    if missing := await queries.missing_marts(database):
        raise ProblemError(MARTS_UNAVAILABLE, f"Not built yet, or not readable: {', '.join(missing)}.")
    return Readiness.model_validate({"marts": list(queries.MARTS), **await queries.newest_hour(database)})
