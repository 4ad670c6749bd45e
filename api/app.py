"""The application: its routers, its database for as long as it runs, and what each failure becomes over HTTP.

Not here: the process around it (__main__).
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import documentation, errors
from api.accounts.admission import Admission, describe
from api.accounts.database import AccountsDatabase
from api.accounts.router import router as accounts
from api.accounts.schemas import AccountAnswer, ApiKeyAnswer, ApiKeyList, MadeApiKeyAnswer
from api.alert_answers.router import router as alert_answers
from api.alert_subscriptions.router import router as alert_subscriptions
from api.alert_subscriptions.schemas import (
    MadeSubscriptionAnswer,
    SubscriptionAnswer,
    SubscriptionList,
    SubscriptionTestAnswer,
)
from api.coverage.router import router as coverage
from api.coverage.schemas import CoverageList
from api.database import Database, DatabaseUnavailableError, MartsUnavailableError, QueryTimeoutError
from api.errors import InvalidParameter, Problem, ProblemError, ProblemType, problem_response
from api.health.router import router as health
from api.health.schemas import Health, Readiness
from api.leaderboard.router import router as leaderboard
from api.leaderboard.schemas import Leaderboard
from api.metrics import ApiMetrics, MeasureRequests
from api.metrics import router as metrics
from api.models.router import router as models
from api.models.schemas import History, ModelAnswer, ModelList
from api.notifications.router import router as notifications
from api.notifications.schemas import NotificationAnswer, NotificationList, ReadAnswer
from api.pagination import CursorError
from api.providers.router import router as providers
from api.providers.schemas import ProviderList
from api.rate_limits import RateLimits
from api.settings import Settings
from api.status.router import router as status
from api.status.schemas import StatusAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.responses import JSONResponse
    from fastapi.routing import APIRoute

ROUTERS = (
    leaderboard, models, providers, status, coverage, accounts, alert_subscriptions, notifications, alert_answers,
    health, metrics, documentation.router,
)  # fmt: skip
ANSWERS = (
    Leaderboard, ModelList, ModelAnswer, History, ProviderList, StatusAnswer, CoverageList, Health, Readiness,
    AccountAnswer, ApiKeyList, ApiKeyAnswer, MadeApiKeyAnswer, SubscriptionList, SubscriptionAnswer,
    MadeSubscriptionAnswer, SubscriptionTestAnswer, NotificationList, NotificationAnswer, ReadAnswer,
)  # fmt: skip
FAILURES: dict[type[Exception], ProblemType] = {
    DatabaseUnavailableError: errors.DATABASE_UNAVAILABLE,
    QueryTimeoutError: errors.QUERY_TIMEOUT,
    MartsUnavailableError: errors.MARTS_UNAVAILABLE,
    Exception: errors.INTERNAL_ERROR,
}
HTTP_PROBLEMS = {404: errors.NOT_FOUND, 405: errors.METHOD_NOT_ALLOWED}
DESCRIPTION = (
    "What AI models score on developers' tasks, measured every hour, with 95% intervals, cost, speed and reliability. "
    "Scores run from 0 to 10; null is unknown, never 0; times are UTC. Whatever rests on simulated models says so."
)


class Api(FastAPI):
    """FastAPI whose OpenAPI document holds the problem details that every route refers to."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        schemas = document["components"]["schemas"]
        if "Problem" not in schemas:
            _restore_nulls(schemas)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            describe(document)
        return document


def create_app(settings: Settings | None = None) -> Api:
    """The application for these settings, or those of the environment. Raises SettingsError."""
    chosen = settings or Settings.from_environment()
    database, accounts_database = Database(chosen), AccountsDatabase(chosen)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with database, accounts_database:
            app.state.database = database
            yield

    app = Api(
        title="AIBaaS",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings, app.state.accounts, app.state.metrics = chosen, accounts_database, ApiMetrics()
    app.state.limits = RateLimits(chosen.redis_url, app.state.metrics.note_limiter_outage)
    app.add_middleware(Admission, settings=chosen, accounts=accounts_database, limits=app.state.limits)
    app.add_middleware(MeasureRequests, metrics=app.state.metrics)
    for router in ROUTERS:
        app.include_router(router)
    _say_failures_as_problems(app)
    return app


def _restore_nulls(schemas: dict[str, Any]) -> None:
    """FastAPI drops every null from examples, where null is the point: unknown is not absent."""
    for model in ANSWERS:
        schemas[model.__name__].update(examples=model.model_json_schema()["examples"])


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
    detail = "There is no such parameter." if found["type"] == "extra_forbidden" else found["msg"]
    return InvalidParameter(parameter=".".join(map(str, names)) or location, location=location, detail=detail)
