"""Problem details (RFC 9457): the stable list of what can go wrong, and how each is said.

Not here: which exception of another module becomes which problem (app).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MEDIA_TYPE = "application/problem+json"
NEAR_COUNT = 5
NEAR_CUTOFF = 0.5
Location = Literal["query", "path", "header", "body"]
"""Where a parameter was sent."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem. The slug is part of the API's contract and never changes."""

    slug: str
    status: int
    title: str
    meaning: str
    retry_after_s: int | None = None

    @property
    def uri(self) -> str:
        return f"/problems/{self.slug}"


INVALID_PARAMETER = ProblemType(
    "invalid-parameter",
    422,
    "A parameter is invalid",
    "A parameter or a field of the body is unknown, malformed or out of range; `errors` names each one.",
)
UNKNOWN_MODEL = ProblemType(
    "unknown-model", 404, "There is no such model", "No measured model has this id; `near` lists ids that look like it."
)
UNKNOWN_ANOMALY = ProblemType(
    "unknown-anomaly", 404, "There is no such anomaly", "No published anomaly has this id; /v1/anomalies lists them."
)
UNKNOWN_SCENARIO = ProblemType(
    "unknown-scenario",
    404,
    "There is no such scenario",
    "No scenario has this id; `near` lists ids that look like it.",
)
UNKNOWN_REPORT = ProblemType(
    "unknown-report",
    404,
    "There is no such report",
    "No report of this day or week was written; /v1/reports lists them.",
)
NOT_FOUND = ProblemType("not-found", 404, "There is nothing here", "The path is none of this API; /docs lists them.")
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed", 405, "The method is not allowed", "The `Allow` header lists the methods of this path."
)
NOT_ACCEPTABLE = ProblemType(
    "not-acceptable",
    406,
    "The answer has none of these forms",
    "`Accept` takes none of the media types in which this path answers; `near` lists them.",
)
BODY_TOO_LARGE = ProblemType("body-too-large", 413, "The body is too large", "A body may have 64 KiB.")
QUERY_TOO_LONG = ProblemType("query-too-long", 414, "The address is too long", "A path with its query may have 8 KiB.")
HEADERS_TOO_LARGE = ProblemType(
    "headers-too-large", 431, "The headers are too large", "All headers together may have 32 KiB."
)
REQUEST_REFUSED = ProblemType(
    "request-refused", 400, "The request was refused", "The request is not one that this API can read."
)
UNAUTHENTICATED = ProblemType(
    "unauthenticated",
    401,
    "The API key is missing or not valid",
    "The key is wrong, expired or revoked, or the route is only for who has one. Send it as "
    "`Authorization: Bearer aib_…` or `X-API-Key`.",
)
MISSING_SCOPE = ProblemType(
    "missing-scope", 403, "The API key lacks a scope", "The key may not do this; `detail` names the scope that may."
)
NOT_IN_TIER = ProblemType(
    "not-in-tier",
    403,
    "The tier does not have this",
    "The tier of the caller reaches less far back, or lacks this feature; `detail` names the tier that has it.",
)
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests",
    429,
    "Too many requests",
    "The requests of this hour are used up. Ask again after `Retry-After` seconds.",
)
ACCOUNTS_UNAVAILABLE = ProblemType(
    "accounts-unavailable",
    503,
    "Accounts can't be used",
    "The operator has set no secret for API keys, or has not made the tables of accounts.",
    retry_after_s=60,
)
UNKNOWN_API_KEY = ProblemType("unknown-api-key", 404, "There is no such API key", "No key of this account has this id.")
UNKNOWN_SUBSCRIPTION = ProblemType(
    "unknown-alert-subscription",
    404,
    "There is no such alert subscription",
    "No alert subscription of this account has this id.",
)
UNKNOWN_TEST = ProblemType(
    "unknown-alert-test", 404, "There is no such test", "No test of this subscription has this id."
)
UNKNOWN_NOTIFICATION = ProblemType(
    "unknown-notification", 404, "There is no such notification", "No notification of this account has this id."
)
CONFLICT = ProblemType(
    "conflict", 409, "It can't be done as things are", "What is asked for does not fit the state of the resource."
)
DATABASE_UNAVAILABLE = ProblemType(
    "database-unavailable",
    503,
    "The database can't be reached",
    "The API runs but its database does not answer. Ask again after `Retry-After` seconds.",
    retry_after_s=5,
)
QUERY_TIMEOUT = ProblemType(
    "query-timeout",
    503,
    "The database took too long",
    "The query was stopped at its time limit. Ask again after `Retry-After` seconds, or for less.",
    retry_after_s=5,
)
MARTS_UNAVAILABLE = ProblemType(
    "marts-unavailable",
    503,
    "The published tables are not there",
    "The marts are not built yet, or are of another version than this API. They appear with the first measured hour.",
    retry_after_s=60,
)
TOO_MANY_LISTENERS = ProblemType(
    "too-many-listeners",
    503,
    "Too many listen to events",
    "As many clients listen to this process as it takes. Connect again after `Retry-After` seconds.",
    retry_after_s=30,
)
TOO_MANY_STREAMS = ProblemType(
    "too-many-streams",
    429,
    "Too many streams of one caller",
    "The account, or the address without a key, listens on as many streams of this process as one may. End one first.",
    retry_after_s=30,
)
STREAM_ENDED = ProblemType(
    "stream-ended", 503, "The server ended the stream", "Nothing more comes on this stream; `detail` begins with why."
)
INVALID_DOCUMENT = ProblemType(
    "invalid-document", 400, "The GraphQL document is invalid", "It can't be read, or asks for what there is not."
)
DOCUMENT_TOO_COSTLY = ProblemType(
    "document-too-costly",
    400,
    "The GraphQL document asks for too much",
    "It nests too deep, has too many aliases or words, or its answer would be too large. Ask in several.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error", 500, "The API failed", "A defect of the API. The server's log has the details."
)

PROBLEM_TYPES: dict[str, ProblemType] = {
    kind.slug: kind
    for kind in (
        INVALID_PARAMETER,
        UNKNOWN_MODEL,
        UNKNOWN_ANOMALY,
        UNKNOWN_SCENARIO,
        UNKNOWN_REPORT,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        BODY_TOO_LARGE,
        QUERY_TOO_LONG,
        HEADERS_TOO_LARGE,
        REQUEST_REFUSED,
        UNAUTHENTICATED,
        MISSING_SCOPE,
        NOT_IN_TIER,
        TOO_MANY_REQUESTS,
        UNKNOWN_API_KEY,
        UNKNOWN_SUBSCRIPTION,
        UNKNOWN_TEST,
        UNKNOWN_NOTIFICATION,
        CONFLICT,
        ACCOUNTS_UNAVAILABLE,
        DATABASE_UNAVAILABLE,
        QUERY_TIMEOUT,
        MARTS_UNAVAILABLE,
        TOO_MANY_LISTENERS,
        TOO_MANY_STREAMS,
        STREAM_ENDED,
        INVALID_DOCUMENT,
        DOCUMENT_TOO_COSTLY,
        INTERNAL_ERROR,
    )
}


class InvalidParameter(BaseModel):
    """One parameter that can't be used, and why."""

    parameter: str = Field(description="The parameter's name as sent.", examples=["window"])
    location: Location = Field(examples=["query"])
    detail: str = Field(examples=["Input should be '24h', '7d', '30d' or '90d'"])


class Problem(BaseModel):
    """An error as RFC 9457 problem details. `type` is stable; `detail` is for people and may change."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="Stable identity of the kind of problem.", examples=["/problems/unknown-model"])
    title: str = Field(examples=["There is no such model"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no model 'sim-atlass'. Near: sim-atlas."])
    instance: str = Field(description="The path that was asked for.", examples=["/v1/models/sim-atlass"])
    errors: list[InvalidParameter] | None = Field(default=None, description="Only for invalid-parameter.")
    near: list[str] | None = Field(default=None, description="Known values that look like the unknown one.")


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str | None = None,
        *,
        errors: Sequence[InvalidParameter] | None = None,
        near: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or kind.meaning)
        self.kind = kind
        self.detail = detail or kind.meaning
        self.errors = errors
        self.near = near
        self.headers = headers


def words_of(message: str) -> str:
    """What pydantic says of a value that a check of ours refused, in our words alone."""
    return message.removeprefix("Value error, ")


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """At most five of `known` that look like `name`, best first."""
    return difflib.get_close_matches(name.lower(), list(known), n=NEAR_COUNT, cutoff=NEAR_CUTOFF)


def refuse_unknown_model(model_id: str, names: Mapping[str, str]) -> NoReturn:
    """Raises unknown-model. `names` leads from everything a model is called to its id."""
    near = list(dict.fromkeys(names[name] for name in near_names(model_id, names)))
    raise ProblemError(UNKNOWN_MODEL, f"There is no model {model_id!r}.{_hint(near)}", near=near)


def refuse_unknown_scenario(scenario_id: str, known: Iterable[str]) -> NoReturn:
    """Raises unknown-scenario."""
    near = near_names(scenario_id, known)
    raise ProblemError(UNKNOWN_SCENARIO, f"There is no scenario {scenario_id!r}.{_hint(near)}", near=near)


def refuse_parameter(parameter: str, detail: str, location: Location = "query") -> NoReturn:
    """Raises invalid-parameter for one parameter, or one field of a body."""
    error = InvalidParameter(parameter=parameter, location=location, detail=detail)
    raise ProblemError(INVALID_PARAMETER, f"{parameter}: {detail}", errors=[error])


def refuse_unknown_value(
    parameter: str, value: str | None, known: Sequence[str], location: Location = "query", *, called: str | None = None
) -> None:
    """Raises invalid-parameter when `value` is given and is none of `known`; with nothing known, all may pass.

    `called` is what a value is where the parameter has another name.
    """
    if value is None or not known or value in known:
        return
    near = near_names(value, known)
    hint = _hint(near) or f" Known: {', '.join(sorted(known)[:NEAR_COUNT])}."
    detail = f"There is no {called or parameter} {value!r}.{hint}"
    error = InvalidParameter(parameter=parameter, location=location, detail=detail)
    raise ProblemError(INVALID_PARAMETER, detail, errors=[error], near=near)


def problem_response(
    path: str, problem: ProblemError, *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    kind = problem.kind
    body = Problem(
        type=kind.uri,
        title=kind.title,
        status=status or kind.status,
        detail=problem.detail,
        instance=path,
        errors=None if problem.errors is None else list(problem.errors),
        near=None if problem.near is None else list(problem.near),
    )
    retry = {} if kind.retry_after_s is None else {"Retry-After": str(kind.retry_after_s)}
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status_code=body.status,
        headers={**(headers or {}), **retry, **(problem.headers or {}), "Cache-Control": "no-store"},
        media_type=MEDIA_TYPE,
    )


OF_ACCOUNTS = (
    UNAUTHENTICATED,
    MISSING_SCOPE,
    NOT_IN_TIER,
    INVALID_PARAMETER,
    ACCOUNTS_UNAVAILABLE,
    DATABASE_UNAVAILABLE,
    QUERY_TIMEOUT,
)
"""What every route can end in that is for accounts."""


def documented(*kinds: ProblemType) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can end in these problems."""
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        response = responses.setdefault(kind.status, {"description": "", "content": {MEDIA_TYPE: _problem_content()}})
        response["description"] = "; ".join(filter(None, [response["description"], kind.title]))
        response["content"][MEDIA_TYPE]["examples"][kind.slug] = {"value": _example(kind)}
        if kind.retry_after_s is not None:
            response["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return responses


def _problem_content() -> dict[str, Any]:
    return {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}


def _example(kind: ProblemType) -> dict[str, Any]:
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "instance": "/v1/models",
    }


def _hint(near: Sequence[str]) -> str:
    return f" Near: {', '.join(near)}." if near else ""
