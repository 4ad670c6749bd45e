"""Plain pages about the API, made from its own OpenAPI document: no script, no asset, nothing from elsewhere.

Not here: the OpenAPI document itself (app and each router).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.errors import NOT_FOUND, PROBLEM_TYPES, ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def get_documentation(request: Request) -> HTMLResponse:
    """Every route with its parameters, and every problem."""
    document: dict[str, Any] = request.app.openapi()
    problems = "".join(
        f'<dt><a href="{kind.uri}">{kind.uri}</a> ({kind.status})</dt><dd>{escape(kind.title)}</dd>'
        for kind in PROBLEM_TYPES.values()
    )
    routes = "".join(_route(path, operation) for path, operation in _operations(document))
    return _page(
        document["info"]["title"],
        f"<p>{escape(document['info']['description'])}</p>"
        f'<p>For programs: <a href="/openapi.json">openapi.json</a></p>{routes}<h2>Problems</h2><dl>{problems}</dl>',
    )


@router.get("/problems/{slug}")
async def get_problem_type(slug: str) -> HTMLResponse:
    """What the `type` of a problem leads to."""
    kind = PROBLEM_TYPES.get(slug)
    if kind is None:
        raise ProblemError(NOT_FOUND)
    return _page(kind.title, f"<p><code>{kind.uri}</code>, status {kind.status}</p><p>{escape(kind.meaning)}</p>")


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _route(address: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(parameter['name'])}</code>: {escape(parameter.get('description', ''))}</li>"
        for parameter in operation.get("parameters", ())
    )
    return (
        f"<h2><code>{escape(address)}</code></h2><p>{escape(operation['summary'])}. "
        f"{escape(operation.get('description', ''))}</p><ul>{parameters}</ul>"
    )


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1>{body}</html>",
    )
