"""The route of projections of costs.

Not here: SQL (queries.py), shapes (schemas.py) and sums (projection.py).
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.costs import queries
from api.costs.projection import costs_of
from api.costs.schemas import FamilyTasks, Projection, ProjectionMeta, ProjectionQuery
from api.database import CurrentDatabase
from api.envelope import simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    documented,
    refuse_parameter,
    refuse_unknown_value,
)
from api.known_values import refuse_unknown_values
from api.parameters import simulated_flag
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/costs",
    route_class=PublishedRoute,
    tags=["costs"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("/projection", summary="What an amount of work would cost")
async def get_cost_projection(query: Annotated[ProjectionQuery, Query()], database: CurrentDatabase) -> Projection:
    """The cost of so many tasks a day of each family with every measured model, with the interval that it will lie in
    at 95%, by what such tasks did cost in up to four weeks. Or of tasks of as many tokens as you name, at the price.
    """
    if (query.input_tokens is None) != (query.output_tokens is None):
        refuse_parameter(
            "input_tokens" if query.input_tokens is None else "output_tokens",
            "`input_tokens` and `output_tokens` go together.",
        )
    tasks = {family: float(count) for family, _, count in (entry.partition(":") for entry in query.tasks)}
    days = int(query.days_ahead)
    rows = await queries.projection_rows(
        database,
        sorted(tasks),
        days=days,
        target_ids=query.target_id or None,
        provider=query.provider,
        is_simulated=simulated_flag(query.simulated),
    )
    found = {row["target_id"] for row in rows}
    await _refuse_unknown_families(database, [row["family"] for row in rows if row["day_count"] is None])
    as_of = rows[0]["as_of"] if rows and found >= set(query.target_id) else await _as_of_nothing(query, found, database)
    tokens = None if query.input_tokens is None else (query.input_tokens, query.output_tokens or 0)
    data = costs_of(rows, tasks, days=days, tokens=tokens)
    return Projection(
        meta=ProjectionMeta(
            as_of=as_of,
            simulated=simulated_label(model.is_simulated for model in data),
            days=days,
            tasks_per_day=sum(tasks.values()),
            tasks=[FamilyTasks(family=family, tasks_per_day=count) for family, count in sorted(tasks.items())],
        ),
        data=data,
    )


async def _refuse_unknown_families(database: CurrentDatabase, unmeasured: list[str]) -> None:
    """A family without a cost of some model is asked for by a name that others have, or it is misspelt."""
    if not unmeasured:
        return
    known = await queries.known_families(database)
    for family in dict.fromkeys(unmeasured):
        refuse_unknown_value("tasks", family, known, called="family")


async def _as_of_nothing(query: ProjectionQuery, found: set[str], database: CurrentDatabase) -> datetime | None:
    """A model that is not measured now is left out; one that there never was is refused."""
    missing: list[str | None] = [name for name in query.target_id if name not in found]
    as_of = None
    for target_id in missing or [None]:
        as_of = await refuse_unknown_values(database, target_id=target_id, provider=query.provider)
    return as_of
