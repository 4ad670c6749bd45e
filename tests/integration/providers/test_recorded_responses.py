"""What real providers sent, over HTTP: our client reads it as litellm does, and also what litellm can not read.

The recordings are third-party data beside the checkout.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from orchestration.providers.failures import ProviderError
from orchestration.providers.interface import Completion, CompletionRequest
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.settings import PROJECT_ROOT, keep_litellm_offline
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

RECORDINGS = PROJECT_ROOT.parent / "shared" / "data" / "wire" / "recorded_responses.public.jsonl.gz"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not RECORDINGS.exists(), reason=f"needs the recorded answers {RECORDINGS}"),
    pytest.mark.filterwarnings("ignore"),  # litellm's, about itself
]

AT_ONCE = 8
QUICK = RetryPolicy(first_wait_s=0.01)
PATHS = {
    "openai": "/v1", "anthropic": "", "gemini": "/v1beta", "mistral": "/v1", "groq": "/openai/v1", "deepseek": "",
}  # fmt: skip
"""Behind the address of a recording, what litellm's provider of that name wants as its base."""
STATED_REASONING = ("reasoning_tokens", "thoughtsTokenCount")

Recording = dict[str, Any]


@dataclass
class Replay:
    """A server that answers with recordings; `asked` counts the requests of each."""

    recordings: dict[str, Recording]
    asked: dict[str, int]
    address: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        id_ = request.match_info["id"]
        recording = self.recordings[id_]
        self.asked[id_] = self.asked.get(id_, 0) + 1
        kind = "text/event-stream" if recording["stream"] else "application/json"
        headers = {"content-type": kind} | {name.lower(): value for name, value in recording["headers"].items()}
        return web.Response(status=recording["status"], body=recording["body"].encode(), headers=headers)


@asynccontextmanager
async def replay(recordings: Sequence[Recording]) -> AsyncIterator[Replay]:
    served = Replay({recording["id"]: recording for recording in recordings}, {})
    app = web.Application()
    app.router.add_post("/{id}/{path:.*}", served.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        await runner.cleanup()


def recordings() -> list[Recording]:
    with gzip.open(RECORDINGS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


async def by_our_client(client: LiteLLMClient, served: Replay, recording: Recording) -> Completion | ProviderError:
    provider = recording["provider"]
    target = scripted_target(
        f"{served.address}/{recording['id']}{PATHS[provider]}",
        name=recording["id"],
        protocol=provider if provider in {"anthropic", "gemini", "mistral"} else "openai",
        model=recording["model"],
        is_streamed=recording["stream"],
    )
    try:
        return await client.complete(target, CompletionRequest("hi", 100, datetime.now(UTC), 20))
    except ProviderError as error:
        return error


async def by_litellm(served: Replay, recording: Recording) -> Any:
    """litellm's ModelResponse, or the exception that it raises."""
    keep_litellm_offline()
    import litellm  # noqa: PLC0415 - takes seconds

    question = [{"role": "user", "content": "hi"}]
    try:
        answer = await litellm.acompletion(
            model=f"{recording['provider']}/{recording['model']}",
            api_base=f"{served.address}/{recording['id']}{PATHS[recording['provider']]}",
            api_key="key",
            num_retries=0,
            max_retries=0,
            timeout=20,
            messages=question,
            **({"stream": True, "stream_options": {"include_usage": True}} if recording["stream"] else {}),
        )
        if recording["stream"]:
            answer = litellm.stream_chunk_builder([chunk async for chunk in answer], messages=question)
    except Exception as error:  # noqa: BLE001 - that it fails, whatever with, is what is compared
        return error
    return answer


async def of_each(recordings: Sequence[Recording], ask: Callable[[Recording], Awaitable[Any]]) -> list[Any]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(recording: Recording) -> Any:
        async with turns:
            return await ask(recording)

    return list(await asyncio.gather(*map(one, recordings)))


def read_by_us(found: Completion) -> dict[str, Any]:
    usage = found.usage
    return {
        "text": found.text,
        "finish": found.finish_reason,
        "model": found.served_model,
        "id": found.provider_request_id,
        "input": usage.input_tokens,
        "cached": usage.cached_input_tokens or 0,
        "cache_write": usage.cache_write_tokens or 0,
        "output": usage.output_tokens,
        "reasoning": usage.reasoning_tokens or 0,
    }


def read_by_litellm(found: Any) -> dict[str, Any]:
    usage, choice = found.usage, found.choices[0]
    prompt, output = usage.prompt_tokens_details, usage.completion_tokens_details
    return {
        "text": choice.message.content or "",
        "finish": choice.finish_reason,
        "model": found.model,
        "id": found.id,
        "input": usage.prompt_tokens,
        "cached": getattr(prompt, "cached_tokens", None) or 0,
        "cache_write": getattr(prompt, "cache_creation_tokens", None) or 0,
        "output": usage.completion_tokens,
        "reasoning": getattr(output, "reasoning_tokens", None) or 0,
    }


def invented(recording: Recording, theirs: dict[str, Any]) -> set[str]:
    """The fields in which litellm does not tell what the host said, but what it makes up; ours are the host's."""
    body, asked, served = recording["body"], recording["model"], recording["expect"].get("model")
    made_up = {
        "id": theirs["id"] not in body,
        "reasoning": not any(word in body for word in STATED_REASONING),
        "model": recording["stream"] and theirs["model"] == asked != served,
    }
    return {name for name, is_made_up in made_up.items() if is_made_up}


@dataclass(frozen=True)
class Reading:
    """One recording, read by both."""

    recording: Recording
    ours: Any
    theirs: Any


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    async def run() -> list[Reading]:
        rows = recordings()
        async with replay(rows) as served, LiteLLMClient(QUICK) as client:
            ours = await of_each(rows, lambda row: by_our_client(client, served, row))
            theirs = await of_each(rows, lambda row: by_litellm(served, row))
        return [Reading(*reading) for reading in zip(rows, ours, theirs, strict=True)]

    return asyncio.run(run())


def test_results_equal_those_of_litellm_field_by_field(readings: list[Reading]) -> None:
    both = [reading for reading in readings if not isinstance(reading.theirs, Exception)]
    assert len(both) > 90
    different = {}
    for reading in both:
        assert isinstance(reading.ours, Completion), (reading.recording["id"], reading.ours)
        ours, theirs = read_by_us(reading.ours), read_by_litellm(reading.theirs)
        compared = ours.keys() - invented(reading.recording, theirs)
        if fields := {name: (ours[name], theirs[name]) for name in compared if ours[name] != theirs[name]}:
            different[reading.recording["id"]] = fields
    assert different == {}


def test_what_litellm_cannot_read_is_read_or_is_one_failed_call(readings: list[Reading]) -> None:
    crashed = [r for r in readings if r.recording["status"] == 200 and isinstance(r.theirs, Exception)]
    assert crashed
    for reading in crashed:
        expect = reading.recording["expect"]
        assert isinstance(reading.ours, Completion), (reading.recording["id"], reading.ours)
        assert reading.ours.text.startswith(expect["text"])
        assert reading.ours.usage.output_tokens == expect["completion_tokens"]


def test_an_error_status_is_told_by_both_and_asked_once(readings: list[Reading]) -> None:
    refused = [reading for reading in readings if reading.recording["status"] != 200]
    assert refused
    for reading in refused:
        assert isinstance(reading.ours, ProviderError)
        assert reading.ours.record is not None
        assert (reading.ours.code, reading.ours.record.try_count) == ("not_found", 1)
        assert reading.theirs.status_code == reading.recording["status"]


def asked_with(row: Recording) -> tuple[Completion | ProviderError, int]:
    """What our client makes of one answer, and how often it asked."""

    async def run() -> tuple[Completion | ProviderError, int]:
        async with replay([row]) as served, LiteLLMClient(QUICK) as client:
            return await by_our_client(client, served, row), served.asked[row["id"]]

    return asyncio.run(run())


def first_of(provider: str, *, is_streamed: bool) -> Recording:
    return next(r for r in recordings() if (r["provider"], r["stream"], r["status"]) == (provider, is_streamed, 200))


@pytest.mark.parametrize("provider", ["anthropic", "openai", "gemini"])
def test_a_stream_that_is_cut_over_http_is_truncated(provider: str) -> None:
    row = first_of(provider, is_streamed=True)
    error, times = asked_with(row | {"body": row["body"][: len(row["body"]) // 3]})
    assert isinstance(error, ProviderError), error
    assert (error.code, times) == ("malformed", QUICK.tries)
    assert "stream ended" in error.detail


def test_529_is_overloaded_and_asked_again() -> None:
    body = json.dumps({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
    error, times = asked_with(first_of("anthropic", is_streamed=False) | {"status": 529, "body": body})
    assert isinstance(error, ProviderError), error
    assert (error.code, times) == ("overloaded", QUICK.tries)


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("openai", '{"choices": [{"index": 0, "message": "no object"}]}'),
        ("openai", '{"choices": {"0": 1}, "usage": []}'),
        ("anthropic", '{"content": "no list", "usage": {"input_tokens": "many"}}'),
        ("gemini", '{"candidates": [{"content": {"parts": "no list"}}], "usageMetadata": 5}'),
        ("mistral", '{"choices": [null]}'),
    ],
)
def test_a_body_that_litellm_crashes_on_is_one_failed_call_and_no_more(provider: str, body: str) -> None:
    error, times = asked_with(first_of(provider, is_streamed=False) | {"body": body})
    assert isinstance(error, ProviderError), error
    assert (error.code, times) == ("malformed", 1)
