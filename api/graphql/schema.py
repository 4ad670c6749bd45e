"""What can be asked: the routes as fields, what leads from one answer to another, and events as they happen.

Not here: how a route becomes a field (fields.py) and its answer a type (types.py).
"""

import logging
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api import errors
from api.anomalies.router import get_anomaly, list_anomalies
from api.changes.router import list_changes
from api.compare.router import get_comparison
from api.costs.router import get_cost_projection
from api.coverage.router import list_coverage, list_coverage_calendar
from api.errors import ProblemType
from api.graphql.context import Context
from api.graphql.events import follow_events
from api.graphql.fields import field_of, refuse_history
from api.graphql.limits import Limits
from api.graphql.problems import SayProblems, checked, problem_of
from api.graphql.readmission import AskAgain
from api.graphql.types import SCALARS, link, type_of
from api.leaderboard.router import list_leaderboard
from api.leaderboard.schemas import LeaderboardEntry
from api.methodology.router import get_methodology
from api.models.router import get_model, list_model_history, list_models
from api.models.schemas import Model, ModelQuery, ModelScore
from api.prices.router import list_price_history, list_prices
from api.prices.schemas import Price
from api.providers.router import list_providers
from api.recommendations.router import get_recommendation
from api.reports.router import get_report, list_reports
from api.scenarios.router import get_scenario, list_scenarios
from api.status.router import get_status

MOST_TOKENS = 2000

logger = logging.getLogger(__name__)

Info = strawberry.Info[Context, None]


async def scores_of(root: Any, info: Info, window: str = "7d") -> Any:
    """The model's numbers in one window, per suite and family; those of all models that are asked for at once."""
    query = checked(ModelQuery, {"window": window})
    refuse_history(info.context.tier, query)
    return await info.context.scores.load((root.target_id, query.window))


async def prices_of(root: Any, info: Info) -> Any:
    """What its provider asks for it now."""
    return await info.context.prices.load(root.target_id)


async def target_of(root: Any, info: Info) -> Any:
    """The model with its settings and price."""
    return await info.context.models.load(root.target_id)


link(
    Model,
    scores=strawberry.field(scores_of, graphql_type=list[type_of(ModelScore)]),  # type: ignore[misc]
    prices=strawberry.field(prices_of, graphql_type=list[type_of(Price)]),  # type: ignore[misc]
    history=field_of(list_model_history, model_id=attrgetter("target_id")),
)
link(LeaderboardEntry, target=strawberry.field(target_of, graphql_type=type_of(Model) | None))


@strawberry.type(
    description="What was measured: a field takes the parameters of its route under /v1 and answers alike."
)
class Query:
    leaderboard = field_of(list_leaderboard)
    models = field_of(list_models)
    model = field_of(get_model)
    model_history = field_of(list_model_history)
    comparison = field_of(get_comparison)
    recommendation = field_of(get_recommendation)
    providers = field_of(list_providers)
    scenarios = field_of(list_scenarios)
    scenario = field_of(get_scenario)
    anomalies = field_of(list_anomalies)
    anomaly = field_of(get_anomaly)
    changes = field_of(list_changes)
    prices = field_of(list_prices)
    price_history = field_of(list_price_history)
    cost_projection = field_of(get_cost_projection)
    reports = field_of(list_reports)
    report = field_of(get_report)
    coverage = field_of(list_coverage)
    coverage_calendar = field_of(list_coverage_calendar)
    status = field_of(get_status)
    methodology = field_of(get_methodology)


@strawberry.type(description="What happens, as it happens.")
class Subscription:
    events = strawberry.subscription(follow_events, description="Changes of the published tables, each told once.")


class ApiSchema(strawberry.Schema):
    """A schema that logs the defects of the API, and not the mistakes of those who ask."""

    def __init__(self, failures: Mapping[type[Exception], ProblemType]) -> None:
        super().__init__(
            query=Query,
            subscription=Subscription,
            config=StrawberryConfig(auto_camel_case=False, scalar_map=SCALARS),
            extensions=[lambda: MaxTokensLimiter(MOST_TOKENS), Limits, AskAgain, lambda: SayProblems(failures)],
        )
        self._failures = failures

    def process_errors(
        self,
        errors_found: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - strawberry's signature
    ) -> None:
        for error in errors_found:
            if problem_of(error, self._failures).kind is errors.INTERNAL_ERROR:
                logger.error("a field failed", exc_info=error.original_error)
