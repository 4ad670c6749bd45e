"""The route of recommendations.

Not here: SQL (queries.py), shapes (schemas.py), limits (limits.py) and order (order.py).
"""

from typing import Annotated

from fastapi import APIRouter, Query

from api.database import CurrentDatabase, Row
from api.envelope import simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.known_values import refuse_unknown_values
from api.published import PublishedRoute
from api.recommendations import queries
from api.recommendations.limits import divided
from api.recommendations.order import Differences, ordered, recommended, verdict_of
from api.recommendations.schemas import Recommendation, RecommendationAnswer, RecommendationMeta, RecommendationsQuery

router = APIRouter(
    prefix="/v1/recommendations",
    route_class=PublishedRoute,
    tags=["recommendations"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)


@router.get("", summary="Which model to take")
async def get_recommendation(
    query: Annotated[RecommendationsQuery, Query()], database: CurrentDatabase
) -> RecommendationAnswer:
    """For a kind of work and limits of price, speed and reliability: the model to take, what to fall back to, each with
    its reasons, and what was left out and why. Of models that can't be told apart by their scores the cheapest comes
    first. Without a suite the one counts that asks most of the family.
    """
    asked = {"window": query.window, "family": query.family}
    rows = await queries.candidate_rows(database, **asked, suite=query.suite)
    if not rows:
        as_of = await refuse_unknown_values(database, suite=query.suite, family=query.family)
        return _answer(
            query,
            {"as_of": as_of},
            Recommendation(verdict=verdict_of([], fitting_count=0), recommended=[], excluded=[]),
        )
    suite, suite_version = rows[0]["suite"], rows[0]["suite_version"]
    differences = Differences(
        await queries.difference_rows(database, **asked, suite=suite, suite_version=suite_version)
    )
    fitting, excluded = divided(rows, query)
    places = recommended(ordered(fitting, differences), differences, limit=query.limit)
    verdict = verdict_of(places, fitting_count=len(fitting))
    measured = next(row for row in rows if row["window_start"] is not None)
    return _answer(query, measured, Recommendation(verdict=verdict, recommended=places, excluded=excluded))


def _answer(query: RecommendationsQuery, about: Row, data: Recommendation) -> RecommendationAnswer:
    return RecommendationAnswer(
        meta=RecommendationMeta(
            as_of=about["as_of"],
            simulated=simulated_label(place.is_simulated for place in data.recommended),
            suite=about.get("suite", query.suite),
            suite_version=about.get("suite_version"),
            family=query.family,
            window_name=query.window,
            window_start=about.get("window_start"),
            window_end=about.get("window_end"),
        ),
        data=data,
    )
