"""Our client against servers that others wrote, in each of their protocols, streamed and not.

They are installed by a person (docs/operations.md says how); where one is absent its tests are skipped.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from orchestration.providers.failures import ProviderError
from orchestration.providers.interface import Completion, CompletionRequest
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.providers.litellm_router import Deployment, router_config
from orchestration.providers.target_file import HostEntry
from orchestration.records import TokenUsage
from orchestration.settings import keep_litellm_offline
from scenarios.dialogue import Message, Tool
from tests.support.peer_servers import MODELS, TEXT, Peer, aimock, litellm_proxy, llm_katan, llmock
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.providers.targets import Target

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::UserWarning")]  # pydantic's, about litellm

ONCE = RetryPolicy(tries=1)
CODES = {401: "authentication", 429: "rate_limit", 500: "unknown", 529: "overloaded"}
STREAMED = pytest.mark.parametrize("is_streamed", [False, True], ids=["plain", "streamed"])
FAILING = pytest.mark.parametrize("status", CODES)
OF_AIMOCK = pytest.mark.parametrize("protocol", ["openai", "anthropic", "gemini", "ollama"])
OF_LLMOCK = pytest.mark.parametrize("protocol", ["openai", "anthropic", "gemini", "mistral"])
TOOL = Tool(
    name="find_parcel",
    description="The depot that holds a parcel.",
    parameters={"type": "object", "properties": {"parcel": {"type": "string"}}, "required": ["parcel"]},
)


@pytest.fixture(scope="module")
def of_aimock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with aimock(tmp_path_factory.mktemp("aimock")) as peer:
        yield peer


@pytest.fixture(scope="module")
def of_llmock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with llmock(tmp_path_factory.mktemp("llmock")) as peer:
        yield peer


@pytest.fixture(scope="module")
def of_katan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with llm_katan(tmp_path_factory.mktemp("katan")) as peer:
        yield peer


@pytest.fixture(scope="module")
def of_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with litellm_proxy(tmp_path_factory.mktemp("proxy")) as peer:
        yield peer


def target_at(peer: Peer, protocol: str, *, is_streamed: bool, model: str | None = None) -> Target:
    target = scripted_target(
        peer.base_url(protocol), protocol=protocol, is_streamed=is_streamed, model=model or MODELS[protocol]
    )
    return replace(target, host=replace(target.host, api_key=peer.key))


def listed(peer: Peer, protocol: str) -> list[str]:
    """The models that a peer lists in a protocol, as discovery sees them."""

    async def run() -> list[str]:
        async with LiteLLMClient(ONCE) as client:
            host = target_at(peer, protocol, is_streamed=False).host
            return [found.model for found in await client.list_models(host)]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("protocol", "path", "name"),
    [
        ("openai", "/v1/models", "gpt-4o"),
        ("anthropic", "/anthropic/v1/models", "claude-opus-4-6"),
        ("gemini", "/gemini/v1beta/models", "gemini-2.5-pro"),
        ("mistral", "/mistral/v1/models", "mistral-large-latest"),
    ],
)
def test_llmock_lists_its_models_in_each_protocol(of_llmock: Peer, protocol: str, path: str, name: str) -> None:
    keys = {"Authorization": "Bearer key", "x-api-key": "key", "x-goog-api-key": "key"}
    stated = httpx.get(f"{of_llmock.address}{path}", headers=keys, trust_env=False).json()
    entries = stated.get("data") or stated["models"]
    found = listed(of_llmock, protocol)
    assert name in found
    assert len(found) == len(set(found)) == len(entries)
    assert found == [(entry.get("id") or entry["name"]).removeprefix("models/") for entry in entries]


@pytest.mark.parametrize("protocol", ["openai", "ollama"])
def test_aimock_lists_its_models(of_aimock: Peer, protocol: str) -> None:
    assert {"gpt-4", "gpt-4o"} <= set(listed(of_aimock, protocol))


def outcome(
    target: Target,
    prompt: str = "hello",
    *,
    retries: RetryPolicy = ONCE,
    tools: tuple[Tool, ...] = (),
    further: tuple[Message, ...] = (),
) -> Completion | ProviderError:
    async def run() -> Completion | ProviderError:
        async with LiteLLMClient(retries) as client:
            request = CompletionRequest(prompt, 100, datetime.now(UTC), 20, further=further, tools=tools)
            try:
                return await client.complete(target, request)
            except ProviderError as error:
                return error

    return asyncio.run(run())


def answer(target: Target, prompt: str = "hello", **how: object) -> Completion:
    found = outcome(target, prompt, **how)  # type: ignore[arg-type]
    assert isinstance(found, Completion), found
    assert (found.time_to_first_token_ms is not None) == target.host.is_streamed
    return found


def failure(target: Target, prompt: str = "hello", **how: object) -> ProviderError:
    found = outcome(target, prompt, **how)  # type: ignore[arg-type]
    assert isinstance(found, ProviderError), found
    return found


@STREAMED
@OF_AIMOCK
def test_aimock_s_answer_is_read_whole(of_aimock: Peer, protocol: str, is_streamed: bool) -> None:
    found = answer(target_at(of_aimock, protocol, is_streamed=is_streamed))
    stated = (0, 0) if protocol == "ollama" else (1234, 567)  # aimock counts nothing in Ollama's protocol
    assert (found.text, found.finish_reason) == (TEXT, "stop")
    assert (found.usage.input_tokens, found.usage.output_tokens) == stated


@STREAMED
@FAILING
@OF_AIMOCK
def test_aimock_s_error_is_told_as_what_it_is(of_aimock: Peer, protocol: str, status: int, is_streamed: bool) -> None:
    error = failure(target_at(of_aimock, protocol, is_streamed=is_streamed), f"answer {status}")
    assert (error.code, f"scripted {status}" in error.detail) == (CODES[status], True)
    assert error.retry_after_s == (1 if status == 429 else None)


@STREAMED
@OF_AIMOCK
def test_a_dialogue_with_tools_goes_on(of_aimock: Peer, protocol: str, is_streamed: bool) -> None:
    target = target_at(of_aimock, protocol, is_streamed=is_streamed)
    first = answer(target, "Where is P-1?", tools=(TOOL,))
    (call,) = first.calls
    assert (call.tool, json.loads(call.arguments)) == ("find_parcel", {"parcel": "P-1"})
    told = (Message("assistant", first.text, first.calls), Message("tool", '{"depot": 4}', answers=call.id))
    second = answer(target, "Where is P-1?", tools=(TOOL,), further=told)
    assert (second.text, second.calls) == (TEXT, ())


@OF_AIMOCK
def test_litellm_s_router_understands_what_is_exported(
    of_aimock: Peer, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_litellm_offline()
    import litellm  # noqa: PLC0415 - takes seconds

    monkeypatch.setenv("PEER_KEY", "key")
    monkeypatch.setenv("PEER_ADDRESS", of_aimock.base_url(protocol))
    host = HostEntry(
        provider="peer",
        address="peer",
        protocol=protocol,  # type: ignore[arg-type]
        base_url_variable="PEER_ADDRESS",
        api_key_variable="PEER_KEY",
    )
    target = target_at(of_aimock, protocol, is_streamed=True)
    config = router_config({"sql": [Deployment(target, host, {})]})
    router = litellm.Router(model_list=config["model_list"], **config["router_settings"])
    found = asyncio.run(router.acompletion(model="sql", messages=[{"role": "user", "content": "hello"}]))
    assert found.choices[0].message.content == TEXT


def arm(peer: Peer, *behaviours: dict[str, object]) -> None:
    with httpx.Client(base_url=peer.address, timeout=10, trust_env=False) as http:
        http.post("/_llmock/reset").raise_for_status()
        http.post("/_llmock/scenario", json={"behaviors": behaviours}).raise_for_status()


@STREAMED
@OF_LLMOCK
def test_llmock_s_answer_is_read_whole(of_llmock: Peer, protocol: str, is_streamed: bool) -> None:
    arm(of_llmock, {"type": "reply", "text": TEXT, "times": 1})
    found = answer(target_at(of_llmock, protocol, is_streamed=is_streamed))
    assert (found.text, found.finish_reason) == (TEXT, "stop")
    assert (found.usage.input_tokens or 0) > 0
    assert (found.usage.output_tokens or 0) > 0


@STREAMED
@FAILING
@OF_LLMOCK
def test_llmock_s_error_is_told_as_what_it_is(of_llmock: Peer, protocol: str, status: int, is_streamed: bool) -> None:
    hint = {"retry_after": 1} if status == 429 else {}
    arm(of_llmock, {"type": "fail", "status": status, "times": 1, **hint})
    error = failure(target_at(of_llmock, protocol, is_streamed=is_streamed))
    assert error.code == CODES[status]
    assert status != 429 or error.retry_after_s == 1


@STREAMED
@OF_LLMOCK
def test_llmock_s_retry_after_is_waited_for(of_llmock: Peer, protocol: str, is_streamed: bool) -> None:
    arm(
        of_llmock,
        {"type": "fail", "status": 429, "retry_after": 1, "times": 1},
        {"type": "reply", "text": TEXT, "times": 1},
    )
    target = target_at(of_llmock, protocol, is_streamed=is_streamed)
    found = answer(target, retries=RetryPolicy(tries=3, first_wait_s=0.02))
    assert (found.text, found.try_count, [error.code for error in found.errors]) == (TEXT, 2, ["rate_limit"])
    assert (found.finished_at - found.started_at).total_seconds() >= 1
    verdict = httpx.get(f"{of_llmock.address}/_llmock/verdict", trust_env=False).json()
    assert verdict["passed"], verdict


@pytest.mark.parametrize("kind", ["truncate", "disconnect", "malformed"])
@OF_LLMOCK
def test_llmock_s_broken_stream_is_never_an_answer(of_llmock: Peer, protocol: str, kind: str) -> None:
    arm(
        of_llmock,
        {"type": "reply", "text": TEXT, "times": 1},
        {"type": "stream_fault", "kind": kind, "after_chunks": 2, "times": 1},
    )
    assert failure(target_at(of_llmock, protocol, is_streamed=True)).code == "malformed"


@STREAMED
@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_llm_katan_s_answer_is_read_whole(of_katan: Peer, protocol: str, is_streamed: bool) -> None:
    found = answer(target_at(of_katan, protocol, is_streamed=is_streamed, model=MODELS["openai"]))
    assert "hello" in found.text
    assert found.finish_reason == "stop"
    assert (found.usage.input_tokens or 0) > 0
    assert (found.usage.output_tokens or 0) > 0


@STREAMED
def test_the_proxy_s_answer_is_read_whole(of_proxy: Peer, is_streamed: bool) -> None:
    found = answer(target_at(of_proxy, "openai", is_streamed=is_streamed))
    assert (found.text, found.finish_reason) == (TEXT, "stop")
    assert found.usage != TokenUsage()


@STREAMED
@pytest.mark.parametrize(("model", "code"), [("limited", "rate_limit"), ("broken", "unknown")])
def test_the_proxy_s_error_is_told_as_what_it_is(of_proxy: Peer, model: str, code: str, is_streamed: bool) -> None:
    assert failure(target_at(of_proxy, "openai", is_streamed=is_streamed, model=model)).code == code


@STREAMED
def test_the_proxy_s_refusal_of_a_key_is_not_asked_again(of_proxy: Peer, is_streamed: bool) -> None:
    target = target_at(replace(of_proxy, key="sk-wrong"), "openai", is_streamed=is_streamed)
    error = failure(target, retries=RetryPolicy(tries=3, first_wait_s=0.02))
    assert error.record is not None
    assert (error.is_permanent, error.record.try_count) == (True, 1)
    assert "HTTP 400" in error.detail  # without a database of its own the proxy has no 401
