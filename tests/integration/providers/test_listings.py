"""The whole listing of a host over real HTTP, in each protocol and its pages; a part of a listing is none."""

from __future__ import annotations

import asyncio
import re

import pytest

from orchestration.providers.failures import ProviderError
from orchestration.providers.litellm_client import LiteLLMClient
from tests.support.listing_server import Fault, ListingServer

MODELS = [f"family/model-{number}:latest" for number in range(7)]


def listed(server: ListingServer, protocol: str) -> list[str]:
    async def run() -> list[str]:
        async with server, LiteLLMClient() as client:
            return [found.model for found in await client.list_models(server.host(protocol))]

    return asyncio.run(run())


@pytest.mark.parametrize("protocol", ["openai", "mistral", "openrouter", "ollama"])
def test_a_listing_of_one_page(protocol: str) -> None:
    assert listed(ListingServer(MODELS), protocol) == MODELS


@pytest.mark.parametrize(
    ("protocol", "header", "size", "pointer"),
    [
        ("openai", "Authorization", None, "after"),
        ("anthropic", "x-api-key", "limit", "after_id"),
        ("gemini", "x-goog-api-key", "pageSize", "pageToken"),
    ],
)
def test_a_listing_of_several_pages_is_read_to_its_end(
    protocol: str, header: str, size: str | None, pointer: str
) -> None:
    server = ListingServer(MODELS, page_size=3)
    assert listed(server, protocol) == MODELS
    assert len(server.seen) == 3
    for headers, query in server.seen:
        assert headers[header].endswith("key")
        assert size is None or query[size] == "1000"
        assert "key" not in query.values()
    assert [query.get(pointer) for _, query in server.seen] == [None, MODELS[2], MODELS[5]]


@pytest.mark.parametrize("protocol", ["openai", "anthropic", "gemini"])
@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (Fault(page=1), "malformed", "not JSON (text/html; charset=utf-8): <html>Sign in</html>"),
        (Fault(page=1, body="{}", content_type="application/json"), "malformed", "a model listing without models: {}"),
        (
            Fault(page=1, body='{"data": 7, "models": 7}', content_type="application/json"),
            "malformed",
            "without models",
        ),
        (Fault(page=1, status=401), "authentication", "HTTP 401"),
        (Fault(page=1, status=302), "not_found", "HTTP 302"),
        (Fault(page=0, status=529), "overloaded", "HTTP 529"),
    ],
)
def test_a_page_that_fails_fails_the_listing(protocol: str, fault: Fault, code: str, said: str) -> None:
    with pytest.raises(ProviderError, match=re.escape(said)) as told:
        listed(ListingServer(MODELS, page_size=3, fault=fault), protocol)
    assert told.value.code == code


@pytest.mark.parametrize("protocol", ["openai", "anthropic", "gemini"])
def test_a_host_whose_next_page_is_the_same_page_is_not_asked_for_ever(protocol: str) -> None:
    server = ListingServer(MODELS, page_size=3, is_stuck=True)
    with pytest.raises(ProviderError, match="whose next page is the same page"):
        listed(server, protocol)
    assert len(server.seen) == 2


def test_a_host_without_any_model_lists_none() -> None:
    assert listed(ListingServer([]), "ollama") == []


def test_names_that_nobody_could_ask_for_are_left_out() -> None:
    assert listed(ListingServer(["good", "two words", "nul\0", "half\ud800", "x" * 201, ""]), "openai") == ["good"]
