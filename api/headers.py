"""What every answer carries in its head: the request's id, rules for browsers, and leave for any origin to read it.

Not here: headers that depend on what is answered (caching, published, deprecation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware.cors import CORSMiddleware

from api.request_ids import HEADER, begin_request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    # What is public is public to pages of any origin. Keys are headers, never cookies, so no page can lend a visitor's.
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Age, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Cache-Status, Deprecation, Sunset",
    ),
)
"""Where an answer says nothing else of its own."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ASKED_WITH = (
    "Accept", "Authorization", "Content-Type", "If-None-Match", "Last-Event-ID", "X-API-Key", "X-Request-Id",
)  # fmt: skip
PREFLIGHT_MAX_AGE_S = 86_400


class AddHeaders:
    """ASGI middleware around everything, so that answers to defects carry the headers too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._preflight = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=METHODS, allow_headers=ASKED_WITH, max_age=PREFLIGHT_MAX_AGE_S
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = begin_request(_header(scope, HEADER))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", ())
                names = {name for name, _ in given}
                added = [header for header in ALWAYS if header[0] not in names]
                message["headers"] = [*given, *added, (HEADER, request_id)]
            await send(message)

        app = self._preflight if scope["method"] == "OPTIONS" else self._app
        await app(scope, receive, send_with_headers)


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    found: bytes | None = next((value for name, value in scope["headers"] if name == wanted), None)
    return found
