"""Asking the API over HTTP, and what an answer must be like whatever was asked.

Not here: the API and its marts; the fixtures of its tests start those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


def get(api: httpx.Client, path: str, **parameters: Any) -> dict[str, Any]:
    """The body of an answer that is no problem."""
    response = api.get(path, params=parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def all_rows(api: httpx.Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """Every entry, in the order of the pages."""
    found: list[dict[str, Any]] = []
    for _ in range(20):
        body = get(api, path, **parameters)
        found += body["data"]
        if body["next_cursor"] is None:
            return found
        parameters["cursor"] = body["next_cursor"]
    raise AssertionError("the pages do not end")


def all_pages(api: httpx.Client, path: str, key: str, **parameters: Any) -> list[Any]:
    """One field of every entry, in the order of the pages."""
    return [entry[key] for entry in all_rows(api, path, **parameters)]


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The body of an answer that is this problem."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["type"], body["status"]) == (f"/problems/{slug}", status)
    assert body["title"]
    assert body["instance"] == response.request.url.path
    return body
