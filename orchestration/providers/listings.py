"""Asks a host for its models, page by page, in the listing of each protocol.

Not here: the connection (transport), nor what is made of the models (discovery).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from orchestration.providers.failures import SUCCESS, MalformedAnswerError, failure_of_status
from orchestration.providers.interface import ListedModel
from orchestration.providers.wire import WireRequest, json_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from orchestration.providers.targets import Host
    from orchestration.providers.wire import WireAnswer

    Send = Callable[[WireRequest], Awaitable[WireAnswer]]

MOST_PAGES = 100
LONGEST_NAME = 200
_PATHS = {"ollama": "/api/tags", "anthropic": "/v1/models"}
_FIRST_PAGE: Mapping[str, Mapping[str, str]] = {"anthropic": {"limit": "1000"}, "gemini": {"pageSize": "1000"}}


async def whole_listing(host: Host, send: Send) -> list[ListedModel]:
    """All models of all pages. Raises ProviderError where any page fails: a part of a listing is none."""
    found: dict[str, ListedModel] = {}
    query = _FIRST_PAGE.get(host.protocol, {})
    for _ in range(MOST_PAGES):
        page = await _page(host, query, send)
        found |= {listed.model: listed for listed in _models_of(page)}
        following = _following(host, page)
        if not following:
            return list(found.values())
        if following.items() <= query.items():
            raise MalformedAnswerError("a model listing whose next page is the same page")
        query = {**query, **following}
    raise MalformedAnswerError(f"a model listing of more than {MOST_PAGES} pages")


async def _page(host: Host, query: Mapping[str, str], send: Send) -> Mapping[str, object]:
    address = f"{host.base_url}{_PATHS.get(host.protocol, '/models')}"
    answer = await send(WireRequest(f"{address}?{urlencode(query)}" if query else address, _headers(host), None))
    if answer.status not in SUCCESS:
        raise failure_of_status(answer.status, answer.text, answer.headers)
    return json_object(answer)


def _headers(host: Host) -> Mapping[str, str]:
    if host.api_key is None:
        return {}
    if host.protocol == "anthropic":
        return {"x-api-key": host.api_key, "anthropic-version": "2023-06-01"}
    if host.protocol == "gemini":
        return {"x-goog-api-key": host.api_key}
    return {"Authorization": f"Bearer {host.api_key}"}


def _following(host: Host, page: Mapping[str, object]) -> Mapping[str, str]:
    """What asks for the next page; nothing after the last one."""
    if token := page.get("nextPageToken"):
        return {"pageToken": str(token)}
    if page.get("has_more") is not True:
        return {}
    last = page.get("last_id") or next((str(entry.get("id")) for entry in reversed(_entries_of(page))), None)
    if not last:
        raise MalformedAnswerError("a model listing that has more, after no model")
    return {"after_id" if host.protocol == "anthropic" else "after": str(last)}


def _entries_of(page: Mapping[str, object]) -> list[dict[str, object]]:
    """The models of a page: OpenAI's and Anthropic's `data`, Gemini's and Ollama's `models`.

    Gemini leaves the list of an empty page out.
    """
    entries = page.get("data", page.get("models", [] if page.get("nextPageToken") else None))
    if not isinstance(entries, list):
        raise MalformedAnswerError(f"a model listing without models: {json.dumps(page)[:120]}")
    return [entry for entry in entries if isinstance(entry, dict)]


def _models_of(page: Mapping[str, object]) -> list[ListedModel]:
    """The named models. A name that is no readable word could be neither asked for nor stored."""
    named = [(entry.get("id") or entry.get("name"), entry) for entry in _entries_of(page)]
    return [
        ListedModel(name.removeprefix("models/"), entry.get("pricing"))
        for name, entry in named
        if isinstance(name, str) and name.isprintable() and " " not in name and 0 < len(name) <= LONGEST_NAME
    ]
