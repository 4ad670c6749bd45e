"""The routes of scenarios.

Not here: SQL (queries.py) and shapes (schemas.py).
"""

from datetime import datetime
from typing import Annotated, NoReturn

from fastapi import APIRouter, Path, Query
from pydantic import Field, TypeAdapter

from api.database import CurrentDatabase
from api.envelope import Meta, simulated_label
from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    UNKNOWN_SCENARIO,
    ProblemError,
    documented,
    near_names,
    refuse_unknown_value,
)
from api.known_values import refuse_unknown_values
from api.pagination import split_page
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
ListedScenario = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/-]{0,199}$")]
POSITION: TypeAdapter[tuple[str]] = TypeAdapter(tuple[ListedScenario])
Family = Annotated[str, Path(pattern=ID_PART, description="First part of the `scenario_id`.", examples=["sql"])]
Name = Annotated[
    str, Path(pattern=ID_PART, description="Second part of the `scenario_id`.", examples=["monthly-net-revenue"])
]


@router.get("", summary="Tasks that models are asked")
async def list_scenarios(query: Annotated[ScenariosQuery, Query()], database: CurrentDatabase) -> ScenarioList:
    """Every scenario in its newest version with its family, difficulty, licence and the suites that ask it, by id."""
    position = query.position(POSITION)
    rows = await queries.scenario_rows(
        database,
        **query.model_dump(exclude={"limit", "cursor"}),
        after_scenario_id=position[0] if position else None,
        row_limit=query.limit + 1,
    )
    page, has_more = split_page([Scenario.model_validate(row) for row in rows], query.limit)
    return ScenarioList(
        meta=Meta(as_of=rows[0]["as_of"] if rows else await _as_of_nothing(query, database), simulated=None),
        data=page,
        next_cursor=query.cursor_after(page[-1].scenario_id) if has_more else None,
    )


@router.get(
    "/{family}/{name}", summary="One task and how answers to it were graded", responses=documented(UNKNOWN_SCENARIO)
)
async def get_scenario(
    family: Family, name: Name, query: Annotated[ScenarioQuery, Query()], database: CurrentDatabase
) -> ScenarioAnswer:
    """The scenario, and for every model its newest answer to the public variant within seven days: the score, each
    check, how the sandbox ended, tokens, time and cost. Neither answers nor fresh variants are published.
    """
    rows = await queries.scenario_rows(database, scenario_id=f"{family}/{name}")
    if not rows:
        await _refuse_unknown_scenario(f"{family}/{name}", database)
    found = await queries.evidence_rows(database, rows[0]["scenario_id"], rows[0]["scenario_version"], query.target_id)
    if not found:
        await refuse_unknown_values(database, target_id=query.target_id)
    evidence = [GradedAnswer.model_validate(row) for row in found]
    return ScenarioAnswer(
        meta=Meta(as_of=rows[0]["as_of"], simulated=simulated_label(each.is_simulated for each in evidence)),
        data=ScenarioDetail.model_validate({**rows[0], "evidence": evidence}),
    )


async def _as_of_nothing(query: ScenariosQuery, database: CurrentDatabase) -> datetime | None:
    known = await queries.known_filters(database)
    refuse_unknown_value("family", query.family, known["families"])
    refuse_unknown_value("difficulty", query.difficulty, known["difficulties"])
    refuse_unknown_value("language", query.language, known["languages"])
    refuse_unknown_value("suite", query.suite, known["suites"])
    as_of: datetime | None = known["as_of"]
    return as_of


async def _refuse_unknown_scenario(scenario_id: str, database: CurrentDatabase) -> NoReturn:
    known = await queries.known_filters(database)
    near = near_names(scenario_id, known["scenario_ids"])
    raise ProblemError(UNKNOWN_SCENARIO, f"There is no scenario {scenario_id!r}.", near=near)
