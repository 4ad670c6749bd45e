"""GraphQL asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

Ask = "Callable[..., dict[str, Any]]"


@pytest.fixture
def ask(api: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Asks a document of the API over the small known world, and has the answer whether it has errors or not."""

    def asked(document: str, **variables: Any) -> dict[str, Any]:
        answer = api.post("/graphql", json={"query": document, "variables": variables})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return asked
