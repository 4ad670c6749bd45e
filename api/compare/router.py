"""The route of comparisons.

Not here: SQL (queries.py), shapes (schemas.py) and words (verdict.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.compare import queries
from api.compare.intervals import interval_of
from api.compare.schemas import ComparedModel, ComparedScenario, CompareQuery, Comparison, ComparisonAnswer
from api.compare.verdict import pairs_of, verdict_of
from api.database import CurrentDatabase, Row
from api.envelope import WindowMeta, simulated_label
from api.errors import DATABASE_UNAVAILABLE, INVALID_PARAMETER, MARTS_UNAVAILABLE, QUERY_TIMEOUT, documented
from api.known_values import refuse_unknown_values
from api.published import PublishedRoute

router = APIRouter(
    prefix="/v1/compare",
    route_class=PublishedRoute,
    tags=["compare"],
    responses=documented(INVALID_PARAMETER, DATABASE_UNAVAILABLE, QUERY_TIMEOUT, MARTS_UNAVAILABLE),
)
UNMEASURED: dict[str, Any] = {"suite_version": None, "window_start": None, "window_end": None}


@router.get("", summary="Models beside each other")
async def get_comparison(query: Annotated[CompareQuery, Query()], database: CurrentDatabase) -> ComparisonAnswer:
    """Two to six models on the same tasks: paired differences with their 95% intervals, the mean of every scenario, and
    what it comes to in a sentence. Simulated and real models are not paired.
    """
    asked = {"window": query.window, "suite": query.suite, "family": query.family}
    rows = {row["target_id"]: row for row in await queries.standing_rows(database, query.target_id, **asked)}
    measured = next((row for row in rows.values() if row["suite_version"] is not None), None)
    if measured is None or len(rows) < len(query.target_id):
        unknown = next((name for name in query.target_id if name not in rows), None)
        as_of = await refuse_unknown_values(database, target_id=unknown, suite=query.suite, family=query.family)
        return _answer(query, rows, {**UNMEASURED, "as_of": as_of})
    about = {"suite": query.suite, "suite_version": measured["suite_version"], "family": query.family}
    return _answer(
        query,
        rows,
        measured,
        pairs=await queries.pair_rows(database, query.target_id, window=query.window, **about),
        scenarios=await queries.scenario_rows(
            database,
            query.target_id,
            window_start=measured["window_start"],
            window_end=measured["window_end"],
            **about,
        ),
    )


def _answer(
    query: CompareQuery,
    rows: dict[str, Row],
    about: Row,
    *,
    pairs: Sequence[Row] = (),
    scenarios: Sequence[Row] = (),
) -> ComparisonAnswer:
    models = [ComparedModel.model_validate(rows[target_id]) for target_id in query.target_id]
    compared = pairs_of(models, pairs)
    return ComparisonAnswer(
        meta=WindowMeta(
            as_of=about["as_of"],
            simulated=simulated_label(model.is_simulated for model in models),
            suite=query.suite,
            suite_version=about["suite_version"],
            family=query.family,
            window_name=query.window,
            window_start=about["window_start"],
            window_end=about["window_end"],
        ),
        data=Comparison(
            verdict=verdict_of(models, compared),
            models=models,
            pairs=compared,
            scenarios=_by_scenario(query.target_id, scenarios),
        ),
    )


def _by_scenario(target_ids: Sequence[str], rows: Sequence[Row]) -> list[ComparedScenario]:
    """One entry per scenario; a model without a score of it is there all the same."""
    found: defaultdict[tuple[str, int], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        found[row["scenario_id"], row["scenario_version"]][row["target_id"]] = row
    return [
        ComparedScenario.model_validate(
            {
                **next(iter(scores.values())),
                "scores": [
                    _mean_of(scores.get(target_id, {"score_mean": None, "scored_count": 0}), target_id)
                    for target_id in target_ids
                ],
            }
        )
        for scores in found.values()
    ]


def _mean_of(row: Row, target_id: str) -> Row:
    interval = interval_of(row["day_means"], row["day_counts"]) if row["scored_count"] else None
    lower, upper = interval or (None, None)
    return {**row, "target_id": target_id, "score_ci95_lower": lower, "score_ci95_upper": upper}
