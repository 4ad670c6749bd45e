"""GraphQL as the application knows it: an ASGI application at one path, which is built behind the start of the process.

Not here: its routes (questions.py), and what can be asked (schema.py).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route, WebSocketRoute

from api.graphql.graphiql import PATH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.errors import ProblemType


class GraphQL:
    """Questions of the routes' data; `failures` says which exception becomes which problem."""

    def __init__(self, failures: Mapping[type[Exception], ProblemType]) -> None:
        self._failures = failures
        self._building: asyncio.Task[ASGIApp] | None = None
        self.routes: list[BaseRoute] = [Route(PATH, self, include_in_schema=False), WebSocketRoute(PATH, self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        application = await self.built()
        await application(scope, receive, send)

    async def built(self) -> ASGIApp:
        """The application, once it is there. To import and build it takes as long as all the rest: it is done in a
        thread, once, and who asks meanwhile waits. A defect in it is everyone's who asks.
        """
        if self._building is None:
            self._building = asyncio.create_task(asyncio.to_thread(self._build))
        return await asyncio.shield(self._building)

    def _build(self) -> ASGIApp:
        from api.graphql.questions import Questions  # noqa: PLC0415 - half a second

        return Questions(PATH, self._failures)
