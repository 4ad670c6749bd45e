"""The committed OpenAPI document, and plain pages made from it: no script, no asset, nothing from elsewhere.

Not here: what the document says (app and each router), and the writing of it (openapi).
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from api.errors import NOT_FOUND, PROBLEM_TYPES, ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENAPI_FILE = Path(__file__).with_name("openapi.json")
"""To make it anew takes a second, in which nobody else would be answered."""

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def get_openapi() -> FileResponse:
    return FileResponse(OPENAPI_FILE, media_type="application/json")


@router.get("/docs")
async def get_documentation() -> HTMLResponse:
    """Every route with its parameters, and every problem."""
    return HTMLResponse(_documentation())


@cache
def _documentation() -> str:
    document: dict[str, Any] = json.loads(OPENAPI_FILE.read_bytes())
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
    text = f"<p><code>{kind.uri}</code>, status {kind.status}</p><p>{escape(kind.meaning)}</p>"
    return HTMLResponse(_page(kind.title, text))


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


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1>{body}</html>"
    )
