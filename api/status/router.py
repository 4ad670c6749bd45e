"""The route of the status.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from fastapi import APIRouter, Response

from api.database import CurrentDatabase
from api.envelope import Meta, simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.parameters import NoQuery
from api.status import queries
from api.status.schemas import Status, StatusAnswer

HOURS = 24
RUNS = 10

router = APIRouter(
    prefix="/v1/status",
    tags=["status"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("", summary="How collection goes")
async def get_status(_: NoQuery, response: Response, database: CurrentDatabase) -> StatusAnswer:
    """The newest measured hour and its age, what the calls of the last 24 hours came to, what was spent of which
    budget, and the last runs of the pipeline.
    """
    response.headers["Cache-Control"] = "no-store"
    fresh = await queries.freshness(database)
    flags = [flag for flag in (fresh["is_all_simulated"], fresh["is_any_simulated"]) if flag is not None]
    spending = [{**row, "simulated": row["is_simulated"]} for row in await queries.spending(database)]
    outcomes = await queries.outcomes(database, HOURS)
    budgets = [{**row, "simulated": row["is_simulated"]} for row in await queries.budgets(database)]
    runs = await queries.runs(database, RUNS)
    told = {"hours": HOURS, "outcomes": outcomes, "spending": spending, "budgets": budgets, "runs": runs}
    return StatusAnswer(
        meta=Meta(as_of=fresh["as_of"], simulated=simulated_label(flags)),
        data=Status.model_validate({**fresh, **told}),
    )
