"""The route of the methodology.

Not here: SQL (queries.py), shapes (schemas.py) and the formulas (formulas.py).
"""

from dataclasses import asdict

from fastapi import APIRouter

from api.database import CurrentDatabase
from api.envelope import Meta
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.methodology import queries
from api.methodology.formulas import DETECTOR_VERSION, FORMULAS
from api.methodology.schemas import Methodology, MethodologyAnswer
from api.parameters import NoQuery
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/methodology",
    route_class=PublishedRoute,
    tags=["methodology"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("", summary="By what the numbers come about")
async def get_methodology(_: NoQuery, database: CurrentDatabase) -> MethodologyAnswer:
    """The versions of the suites, of the scorers that published means rest on, of the detector and of every formula."""
    suites = await queries.suite_rows(database)
    detectors = [{**row, "detector_version": DETECTOR_VERSION} for row in await queries.detector_rows(database)]
    return MethodologyAnswer(
        meta=Meta(as_of=suites[0]["as_of"] if suites else None, simulated=None),
        data=Methodology.model_validate(
            {
                "suites": suites,
                "scorers": await queries.scorer_rows(database),
                "detectors": detectors,
                "formulas": [asdict(formula) for formula in FORMULAS],
            }
        ),
    )
