"""Every document over a WebSocket is a request like one over HTTP: counted, and refused when its key has ended.

Not here: who may ask (api.accounts.admission), nor streams that are open (api.realtime.access).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from api.accounts.principal import readmit
from api.database import DatabaseUnavailableError, QueryTimeoutError
from api.errors import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class AskAgain(SchemaExtension):
    """Looks whether the caller may ask now, where it was asked only when the connection was made."""

    async def on_validate(self) -> AsyncIterator[None]:
        execution = self.execution_context
        if execution.context.connection.scope["type"] == "websocket":
            try:
                await readmit(execution.context.connection)
            except (ProblemError, DatabaseUnavailableError, QueryTimeoutError) as error:
                execution.pre_execution_errors = [GraphQLError(str(error), original_error=error)]
        yield
