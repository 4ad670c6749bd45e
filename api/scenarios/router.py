"""The routes of scenarios.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.database import CurrentDatabase
from api.envelope import Meta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_SCENARIO,
    documented,
    refuse_unknown_scenario,
)
from api.known_values import refuse_unknown, refuse_unknown_values
from api.published import PublishedRoute
from api.scenarios import queries
from api.scenarios.schemas import (
    GradedAnswer,
    Scenario,
    ScenarioAnswer,
    ScenarioDetail,
    ScenarioList,
    ScenarioQuery,
    ScenariosQuery,
)

router = APIRouter(
    prefix="/v1/scenarios",
    route_class=PublishedRoute,
    tags=["scenarios"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)

ID_PART = r"^[a-z0-9][a-z0-9._-]{0,99}$"
Family = Annotated[str, Path(pattern=ID_PART, description="First part of the `scenario_id`.", examples=["sql"])]
Name = Annotated[
    str, Path(pattern=ID_PART, description="Second part of the `scenario_id`.", examples=["monthly-net-revenue"])
]


@router.get("", summary="Tasks that models are asked")
async def list_scenarios(query: Annotated[ScenariosQuery, Query()], database: CurrentDatabase) -> ScenarioList:
    """Every scenario in its newest version with its family, difficulty, licence and the suites that ask it."""
    rows = await queries.scenario_rows(
        database,
        **query.filters(),
        after=queries.LISTED_SCENARIOS.position(query),
        row_limit=query.limit + 1,
    )
    page, next_cursor = queries.LISTED_SCENARIOS.page(query, rows)
    as_of = rows[0]["as_of"] if rows else refuse_unknown(await queries.known_filters(database), **query.filters("sort"))
    return ScenarioList(
        meta=Meta(as_of=as_of, simulated=None),
        data=[Scenario.model_validate(row) for row in page],
        next_cursor=next_cursor,
    )


@router.get(
    "/{family}/{name}", summary="One task and how answers to it were graded", responses=documented(UNKNOWN_SCENARIO)
)
async def get_scenario(
    family: Family, name: Name, query: Annotated[ScenarioQuery, Query()], database: CurrentDatabase
) -> ScenarioAnswer:
    """The scenario with the prompt of its public variant, and for every model its newest answer to that within seven
    days: the score, each check, how the sandbox ended, tokens, time and cost. Neither answers nor fresh variants are
    published.
    """
    rows = await queries.scenario_rows(database, scenario_id=f"{family}/{name}")
    if not rows:
        refuse_unknown_scenario(f"{family}/{name}", (await queries.known_filters(database))["scenario_id"])
    known = (rows[0]["scenario_id"], rows[0]["scenario_version"])
    found = await queries.evidence_rows(database, *known, query.target_id)
    if not found:
        await refuse_unknown_values(database, target_id=query.target_id)
    evidence = [GradedAnswer.model_validate(row) for row in found]
    return ScenarioAnswer(
        meta=Meta(as_of=rows[0]["as_of"], simulated=simulated_label(each.is_simulated for each in evidence)),
        data=ScenarioDetail.model_validate(
            {**rows[0], **await queries.public_prompt(database, *known), "evidence": evidence}
        ),
    )
