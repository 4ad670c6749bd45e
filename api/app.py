"""The application: its routers, its database for as long as it runs, and what each failure becomes over HTTP.

Not here: the process around it (__main__).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware, remove_compress_type

from api import documentation, errors, sparse_fields
from api.accounts.admission import Admission, describe
from api.accounts.alert_tiers import written_down
from api.accounts.database import AccountsDatabase
from api.accounts.router import router as accounts
from api.accounts.schemas import AccountAnswer, ApiKeyAnswer, ApiKeyList, MadeApiKeyAnswer
from api.alert_answers.link_page import router as alert_links
from api.alert_answers.router import router as alert_answers
from api.alert_answers.schemas import AnswerList, GivenAnswer
from api.alert_subscriptions.router import router as alert_subscriptions
from api.alert_subscriptions.schemas import (
    MadeSubscriptionAnswer,
    SubscriptionAnswer,
    SubscriptionList,
    SubscriptionTestAnswer,
)
from api.announcements import Announcements
from api.anomalies.router import router as anomalies
from api.anomalies.schemas import AnomalyAnswer, AnomalyList
from api.answer_store import AnswerStore
from api.caching import CacheAnswers
from api.changes.router import router as changes
from api.changes.schemas import ChangeList
from api.compare.router import router as compare
from api.compare.schemas import ComparisonAnswer
from api.costs.router import router as costs
from api.costs.schemas import Projection
from api.coverage.router import router as coverage
from api.coverage.schemas import CoverageCalendar, CoverageList
from api.database import Database, DatabaseUnavailableError, MartsUnavailableError, QueryTimeoutError
from api.deprecation import SayDeprecation
from api.entitlements import TIERS
from api.errors import InvalidParameter, Problem, ProblemError, ProblemType, problem_response, words_of
from api.graphql.graphiql import assets as graphiql
from api.graphql.router import GraphQL
from api.headers import AddHeaders
from api.health.router import router as health
from api.health.schemas import Health, Readiness
from api.leaderboard.router import router as leaderboard
from api.leaderboard.schemas import Leaderboard
from api.marts_version import MartsVersion
from api.methodology.router import router as methodology
from api.methodology.schemas import MethodologyAnswer
from api.metrics import ApiMetrics, MeasureRequests
from api.metrics import router as metrics
from api.models.history_schemas import History
from api.models.router import router as models
from api.models.schemas import ModelAnswer, ModelList
from api.notifications.router import router as notifications
from api.notifications.schemas import NotificationAnswer, NotificationList, ReadAnswer
from api.pagination import CursorError
from api.prices.router import router as prices
from api.prices.schemas import PriceHistory, PriceList
from api.providers.router import router as providers
from api.providers.schemas import ProviderList
from api.published import PublishedRoute
from api.rate_limits import RateLimits
from api.realtime.access import Watch
from api.realtime.feed import Feed
from api.realtime.hub import Limits, TooManyClientsError, TooManyStreamsError
from api.realtime.live import router as live
from api.realtime.router import router as events
from api.recommendations.router import router as recommendations
from api.recommendations.schemas import RecommendationAnswer
from api.reports.router import router as reports
from api.reports.schemas import ReportAnswer, ReportList
from api.request_limits import LimitRequests
from api.scenarios.router import router as scenarios
from api.scenarios.schemas import ScenarioAnswer, ScenarioList
from api.settings import Settings
from api.status.router import router as status
from api.status.schemas import StatusAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fastapi.responses import JSONResponse
    from fastapi.routing import APIRoute
    from starlette.types import ASGIApp

    from api.sparse_fields import SparseFields

ANSWERS = (
    Leaderboard,
    ModelList,
    ModelAnswer,
    History,
    ComparisonAnswer,
    RecommendationAnswer,
    ProviderList,
    ScenarioList,
    ScenarioAnswer,
    AnomalyList,
    AnomalyAnswer,
    ChangeList,
    PriceList,
    PriceHistory,
    Projection,
    ReportList,
    ReportAnswer,
    StatusAnswer,
    CoverageList,
    CoverageCalendar,
    MethodologyAnswer,
    Health,
    Readiness,
    AccountAnswer,
    ApiKeyList,
    ApiKeyAnswer,
    MadeApiKeyAnswer,
    SubscriptionList,
    SubscriptionAnswer,
    MadeSubscriptionAnswer,
    SubscriptionTestAnswer,
    AnswerList,
    GivenAnswer,
    NotificationList,
    NotificationAnswer,
    ReadAnswer,
)
FAILURES: dict[type[Exception], ProblemType] = {
    DatabaseUnavailableError: errors.DATABASE_UNAVAILABLE,
    QueryTimeoutError: errors.QUERY_TIMEOUT,
    MartsUnavailableError: errors.MARTS_UNAVAILABLE,
    TooManyStreamsError: errors.TOO_MANY_STREAMS,
    TooManyClientsError: errors.TOO_MANY_LISTENERS,
    Exception: errors.INTERNAL_ERROR,
}
ROUTERS = (
    leaderboard,
    models,
    compare,
    recommendations,
    providers,
    scenarios,
    anomalies,
    changes,
    prices,
    costs,
    reports,
    status,
    coverage,
    events,
    live,
    graphiql,
    methodology,
    accounts,
    alert_subscriptions,
    notifications,
    alert_answers,
    alert_links,
    health,
    metrics,
    documentation.router,
)
remove_compress_type("text/event-stream")  # it would keep a compressor of its own in memory for each who listens
HTTP_PROBLEMS = {404: errors.NOT_FOUND, 405: errors.METHOD_NOT_ALLOWED, 413: errors.BODY_TOO_LARGE}
DESCRIPTION = (
    "What AI models score on developers' tasks, measured every hour, with 95% intervals, cost, speed and reliability. "
    "Scores run from 0 to 10; null is unknown, never 0; times are UTC. Whatever rests on simulated models says so."
)


class Api(FastAPI):
    """FastAPI that measures every answer and gives it its headers, also one to a defect, and whose OpenAPI document
    holds the problem details that every route refers to.
    """

    def build_middleware_stack(self) -> ASGIApp:
        return MeasureRequests(AddHeaders(super().build_middleware_stack()), self.state.metrics)

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        schemas = document["components"]["schemas"]
        if "Problem" not in schemas:
            _restore_nulls(schemas)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            describe(document)
            sparse_fields.describe(document, _sparse_routes())
            _describe_unreadable_bodies(document)
        return document


def create_app(settings: Settings | None = None) -> Api:
    """The application for these settings, or those of the environment. Raises SettingsError."""
    settings = settings or Settings.from_environment()
    accounts_database = AccountsDatabase(settings)
    database, metrics, store = Database(settings), ApiMetrics(), AnswerStore(settings.cache_mib * 1024**2)
    announcements = Announcements(database)
    marts_version = MartsVersion(database, announcements)
    limits = RateLimits(settings.redis_url, metrics.note_limiter_outage)
    limits_of_listeners = Limits(settings.listener_limit, settings.caller_listener_limit)
    feed, graphql = Feed(database, announcements, limits_of_listeners), GraphQL(FAILURES)
    watch = Watch(accounts_database, feed.hub, TIERS[settings.anonymous_tier])

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            database,
            accounts_database,
            limits,
            announcements,
            marts_version.followed(),
            feed,
            watch.kept(),
            written_down(accounts_database, settings),
        ):
            app.state.database = database
            app.state.building = asyncio.create_task(graphql.built())
            yield

    app = Api(
        title="AIBaaS",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        routes=graphql.routes,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        middleware=[
            Middleware(LimitRequests),
            Middleware(Admission, settings=settings, accounts=accounts_database, limits=limits),
            Middleware(CacheAnswers, routers=ROUTERS, marts_version=marts_version, metrics=metrics, store=store),
            Middleware(CompressMiddleware),
            Middleware(SayDeprecation),
        ],
    )
    app.state.settings, app.state.accounts, app.state.limits = settings, accounts_database, limits
    app.state.metrics, app.state.answer_store, app.state.feed = metrics, store, feed
    for router in ROUTERS:
        app.include_router(router)
    _say_failures_as_problems(app)
    return app


def _restore_nulls(schemas: dict[str, Any]) -> None:
    """FastAPI drops every null from examples, where null is the point: unknown is not absent."""
    for model in ANSWERS:
        schemas[model.__name__].update(examples=model.model_json_schema()["examples"])


def _describe_unreadable_bodies(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            if "requestBody" in operation:
                operation["responses"].setdefault("400", errors.documented(errors.REQUEST_REFUSED)[400])


def _sparse_routes() -> Iterator[tuple[PublishedRoute, SparseFields]]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, PublishedRoute) and route.sparse is not None:
                yield route, route.sparse


def _operation_id(route: APIRoute) -> str:
    return route.name


def _say_failures_as_problems(app: FastAPI) -> None:
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(CursorError, _on_invalid_cursor)
    app.add_exception_handler(HTTPException, _on_http_error)
    for failure in FAILURES:
        app.add_exception_handler(failure, _on_failure)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101 - it is registered for nothing else
    return problem_response(request.url.path, error)


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return problem_response(request.url.path, _as_problem([_invalid_parameter(found) for found in error.errors()]))


async def _on_invalid_cursor(request: Request, error: Exception) -> JSONResponse:
    found = InvalidParameter(parameter="cursor", location="query", detail=str(error))
    return problem_response(request.url.path, _as_problem([found]))


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    problem = ProblemError(HTTP_PROBLEMS.get(error.status_code, errors.REQUEST_REFUSED))
    return problem_response(request.url.path, problem, status=error.status_code, headers=error.headers)


async def _on_failure(request: Request, error: Exception) -> JSONResponse:
    kind = next(kind for failure, kind in FAILURES.items() if isinstance(error, failure))
    # The server closes a connection behind an unforeseen error; told so, a client does not ask its next question there.
    headers = {"Connection": "close"} if kind is errors.INTERNAL_ERROR else None
    return problem_response(request.url.path, ProblemError(kind), headers=headers)


def _as_problem(found: list[InvalidParameter]) -> ProblemError:
    detail = "; ".join(f"{each.parameter}: {each.detail}" for each in found)
    return ProblemError(errors.INVALID_PARAMETER, detail, errors=found)


def _invalid_parameter(found: dict[str, Any]) -> InvalidParameter:
    location, *names = found["loc"]
    detail = "There is no such parameter." if found["type"] == "extra_forbidden" else words_of(found["msg"])
    return InvalidParameter(parameter=".".join(map(str, names)) or location, location=location, detail=detail)
