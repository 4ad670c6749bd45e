"""strawberry's router: questions over POST and GET, subscriptions over a WebSocket, and GraphiQL for people.

Not here: what can be asked (schema.py), nor when this is built (router.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.graphql.context import get_context
from api.graphql.graphiql import PAGE, POLICY
from api.graphql.schema import ApiSchema
from api.graphql.sockets import Socket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

    from api.errors import ProblemType

SUBSCRIPTIONS_A_CONNECTION = 10


class Questions(GraphQLRouter[Any, None]):
    """The routes of GraphQL, with a page that loads nothing from elsewhere."""

    websocket_adapter_class = Socket  # type: ignore[assignment]  # strawberry states no wider type

    def __init__(self, path: str, failures: Mapping[type[Exception], ProblemType]) -> None:
        super().__init__(
            ApiSchema(failures),
            path=path,
            context_getter=get_context,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=10),
            max_subscriptions_per_connection=SUBSCRIPTIONS_A_CONNECTION,
            include_in_schema=False,
        )

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:  # noqa: ARG002 - strawberry's signature
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"})
