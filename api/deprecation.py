"""The policy of deprecation: a route that will go away says since when, until when and what to ask instead.

Not here: which route does; it is declared with `openapi_extra=Deprecation(...).declared()` where the route is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIELD = "x-deprecation"
"""Where the OpenAPI document says the same for programs that read it."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Days are UTC. Between the two a caller has time to move: six months at least."""

    since: date
    sunset: date
    successor: str

    def declared(self) -> dict[str, Any]:
        """What the route's declaration takes as `openapi_extra`."""
        said = {"since": self.since.isoformat(), "sunset": self.sunset.isoformat(), "successor": self.successor}
        return {"deprecated": True, FIELD: said}


class SayDeprecation:
    """ASGI middleware next to the routes: adds Deprecation (RFC 9745), Sunset (RFC 8594) and the successor's Link."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            declared = getattr(scope.get("route"), "openapi_extra", None)
            if declared and FIELD in declared and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_headers(declared[FIELD])]
            await send(message)

        await self._app(scope, receive, send_with_policy)


def _headers(said: dict[str, str]) -> list[tuple[bytes, bytes]]:
    since, sunset = _midnight(said["since"]), _midnight(said["sunset"])
    return [
        (b"deprecation", f"@{int(since.timestamp())}".encode()),
        (b"sunset", format_datetime(sunset, usegmt=True).encode()),
        (b"link", f'<{said["successor"]}>; rel="successor-version"'.encode()),
    ]


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)
