"""How large a request may be: its path with the query, its headers, its body.

Not here: how many requests a caller may make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from api.errors import BODY_TOO_LARGE, HEADERS_TOO_LARGE, QUERY_TOO_LONG, ProblemError, ProblemType, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_QUERY_BYTES = 8 * 1024
MAX_HEADERS_BYTES = 32 * 1024
MAX_BODY_BYTES = 64 * 1024
CLOSE = {"Connection": "close"}
"""What is still to come of a request that was refused is not read."""


class LimitRequests:
    """ASGI middleware that refuses what is too large before anything else looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif (excess := _excess(scope)) is not None:
            answer = problem_response(scope["path"][:MAX_QUERY_BYTES], ProblemError(excess), headers=CLOSE)
            await answer(scope, receive, send)
        elif any(name == b"transfer-encoding" for name, _ in scope["headers"]):
            await self._app(scope, _counted(receive), send)
        else:
            await self._app(scope, receive, send)


def _excess(scope: Scope) -> ProblemType | None:
    """What of the head is too large, or says that the body is."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_QUERY_BYTES:
        return QUERY_TOO_LONG
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"content-length" and int(value) > MAX_BODY_BYTES:
            return BODY_TOO_LARGE
    return HEADERS_TOO_LARGE if size > MAX_HEADERS_BYTES else None


def _counted(receive: Receive) -> Receive:
    """Raises HTTPException (413) at the piece of a body of unknown length that makes it too large."""
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            raise HTTPException(413, headers=CLOSE)
        return message

    return receive_counted
