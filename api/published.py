"""Routes of what a build published: encoded once, as JSON or as a table, with the page after this one as a link.

Not here: keeping answers, and what says whether a caller has one already (caching).
"""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints
from urllib.parse import parse_qsl, urlencode

from anyio import to_thread
from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.errors import NOT_ACCEPTABLE, QUERY_TOO_LONG, ProblemError, documented
from api.negotiation import JSON, forms_asked_for
from api.sparse_fields import SparseFields
from api.tables import ENCODERS, Table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import BaseModel

    Endpoint = Callable[..., Awaitable[BaseModel]]

ETAG = {
    "ETag": {
        "description": "Changes with what is published; ask again with If-None-Match.",
        "schema": {"type": "string"},
    }
}
LINK = {"Link": {"description": 'The next page, as `rel="next"`.', "schema": {"type": "string"}}}
MODEL = {"model_id": "$response.body#/data/0/target_id"}
MODEL_LINKS = {
    "model": {"operationId": "get_model", "parameters": MODEL, "description": "The first of these models."},
    "history": {"operationId": "list_model_history", "parameters": MODEL, "description": "Its history."},
}
"""Of lists of models, for programs that find their way by the OpenAPI document."""
AUDIENCE = "audience"
"""Where a layer above says in the scope's state for whom an answer is: those of one audience get the same answers.
A request with credentials and without an audience is neither kept nor answered by what is."""
UNLESS_KEPT = "unless_kept"
"""Where a layer above says in the scope's state with which problem a request ends unless what is kept for callers
without credentials answers it."""
REQUEST = "published_request"
"""The parameter that a handler gets in addition."""
QUERY = "query"
"""The parameter by which the handler of a list takes the model of what may be asked of it."""


class PublishedRoute(APIRoute):
    """A route whose answer rests on marts and on the UTC hour alone, so that it may be kept until either changes.

    Give it to a router as `route_class`. Its handlers return a model with `meta` and `data`, and set no header.
    """

    def __init__(self, path: str, endpoint: Endpoint, **declared: Any) -> None:
        answer: type[BaseModel] = get_type_hints(endpoint)["return"]
        table, self.sparse = Table.of(answer), SparseFields.of(answer)
        responses = _described(table) | (declared.pop("responses", None) or {})
        super().__init__(path, _encoding(endpoint, table, self.sparse), responses=responses, **declared)


def _described(table: Table | None) -> dict[int | str, dict[str, Any]]:
    answer: dict[str, Any] = {"headers": ETAG}
    if table:
        answer |= {"headers": ETAG | LINK, "content": {form: {} for form in ENCODERS}}
        answer |= {"links": MODEL_LINKS} if "target_id" in table.of_entries else {}
    return {
        200: answer,
        304: {"description": "What the caller has is current", "headers": ETAG},
        **documented(NOT_ACCEPTABLE, QUERY_TOO_LONG),
    }


def _encoding(endpoint: Endpoint, table: Table | None, sparse: SparseFields | None) -> Endpoint:
    """`endpoint`, answering in the form that the caller prefers of those that there are."""
    forms = [JSON, *(ENCODERS if table else ())]

    @wraps(endpoint)
    async def encoded(**parameters: Any) -> Response:
        request: Request = parameters.pop(REQUEST)
        form = _chosen(request, forms)
        unwanted = set() if sparse is None else sparse.unwanted(parameters[QUERY])
        answer = await endpoint(**parameters)
        if table is None or form == JSON:
            left_out: Any = {"data": {"__all__": unwanted}} if unwanted else None
            body = answer.__pydantic_serializer__.to_json(answer, exclude=left_out)
        else:
            body = await to_thread.run_sync(table.without(unwanted).encoded, form, answer)
        return Response(body, media_type=form, headers=_link(request, getattr(answer, "next_cursor", None)))

    encoded.__signature__ = _signature(endpoint, sparse)  # type: ignore[attr-defined]
    return encoded  # type: ignore[return-value]  # a response takes the place of the model


def _signature(endpoint: Endpoint, sparse: SparseFields | None) -> inspect.Signature:
    """That of the handler, with the request, and with `fields` where there is a choice."""
    given = inspect.signature(endpoint)
    asked = inspect.Parameter(REQUEST, inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    parameters = dict(given.parameters) | {REQUEST: asked}
    if sparse is not None:
        query, told = get_args(parameters[QUERY].annotation)
        parameters[QUERY] = parameters[QUERY].replace(annotation=Annotated[sparse.offered_by(query), told])
    return given.replace(parameters=list(parameters.values()))


def _chosen(request: Request, forms: list[str]) -> str:
    form = next((form for form in forms_asked_for(request.scope["headers"]) if form in forms), None)
    if form is None:
        raise ProblemError(NOT_ACCEPTABLE, near=forms)
    return form


def _link(request: Request, next_cursor: str | None) -> dict[str, str]:
    if next_cursor is None:
        return {}
    asked = [(name, value) for name, value in parse_qsl(request.url.query) if name != "cursor"]
    return {"Link": f'<{request.url.path}?{urlencode([*asked, ("cursor", next_cursor)])}>; rel="next"'}
