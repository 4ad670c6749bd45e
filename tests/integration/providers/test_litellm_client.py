from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.providers.failures import ProviderError
from orchestration.providers.interface import Completion, CompletionRequest
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.records import TokenUsage
from tests.support.openai_server import ScriptedServer, Step
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import Mapping

LONG_AGO = datetime.now(UTC) - timedelta(days=3)
QUICK = RetryPolicy(first_wait_s=0.02)


def simulated(latency_ms: float, first_ms: float | None = None, at: datetime = LONG_AGO) -> Mapping[str, str]:
    stated = {"x-simulated-latency-ms": str(latency_ms), "x-simulated-started-at": at.isoformat()}
    return stated if first_ms is None else stated | {"x-simulated-ttft-ms": str(first_ms)}


def ask(
    script: list[Step],
    *,
    is_streamed: bool = False,
    is_simulated: bool = False,
    deadline_s: float = 20.0,
    scheduled_for: datetime | None = None,
    retries: RetryPolicy = QUICK,
) -> tuple[Completion | ProviderError, ScriptedServer]:
    async def run() -> tuple[Completion | ProviderError, ScriptedServer]:
        async with ScriptedServer(script) as server, LiteLLMClient(retries) as client:
            target = scripted_target(server.base_url, is_streamed=is_streamed, is_simulated=is_simulated)
            request = CompletionRequest("hello", 100, scheduled_for or datetime.now(UTC), deadline_s)
            try:
                return await client.complete(target, request), server
            except ProviderError as error:
                return error, server

    return asyncio.run(run())


def answered(script: list[Step], **how: object) -> tuple[Completion, ScriptedServer]:
    outcome, server = ask(script, **how)  # type: ignore[arg-type]
    assert isinstance(outcome, Completion), outcome
    return outcome, server


def failed(script: list[Step], **how: object) -> tuple[ProviderError, ScriptedServer]:
    outcome, server = ask(script, **how)  # type: ignore[arg-type]
    assert isinstance(outcome, ProviderError), outcome
    assert outcome.record is not None
    return outcome, server


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_answer_is_measured_whole(is_streamed: bool) -> None:
    step = Step(text="one two three", delay_s=0.05, gap_s=0.02, headers={"x-request-id": "req-7"}, model="atlas-2")
    done, server = answered([step], is_streamed=is_streamed)
    assert (done.text, done.finish_reason, done.served_model) == ("one two three", "stop", "atlas-2")
    assert (done.system_fingerprint, done.provider_request_id, done.try_count) == ("fp_1", "req-7", 1)
    assert done.usage == TokenUsage(input_tokens=11, output_tokens=7)
    assert done.latency_ms >= 50
    assert (done.finished_at - done.started_at).total_seconds() * 1000 >= done.latency_ms
    if is_streamed:
        assert done.time_to_first_token_ms is not None
        assert 50 <= done.time_to_first_token_ms <= done.latency_ms - 40
    else:
        assert done.time_to_first_token_ms is None
    headers, body = server.seen[0]
    assert headers["authorization"] == "Bearer key"
    assert body["messages"] == [{"role": "user", "content": "hello"}]
    assert (body["model"], body["max_tokens"], body.get("stream", False)) == ("atlas", 100, is_streamed)
    assert "x-simulated-time" not in headers


@pytest.mark.parametrize("is_streamed", [False, True])
def test_missing_usage_is_unknown_and_not_zero(is_streamed: bool) -> None:
    done, _ = answered([Step(usage=None)], is_streamed=is_streamed)
    assert done.usage == TokenUsage()


@pytest.mark.parametrize("is_streamed", [False, True])
def test_every_kind_of_token_is_read(is_streamed: bool) -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "total_tokens": 150,
        "prompt_tokens_details": {"cached_tokens": 40},
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    done, _ = answered([Step(usage=usage)], is_streamed=is_streamed)
    assert done.usage == TokenUsage(100, 40, None, 50, 30)


def test_senseless_counts_are_unknown() -> None:
    done, _ = answered([Step(usage={"prompt_tokens": -5, "completion_tokens": 7, "total_tokens": 2})])
    assert (done.usage.input_tokens, done.usage.output_tokens) == (None, 7)


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step(status=500), "unknown"),
        (Step(status=529), "overloaded"),
        (Step(status=429), "rate_limit"),
        (Step(body="{oops"), "malformed"),
        (Step(body=""), "malformed"),
        (Step(body="<html>busy</html>", content_type="text/html"), "malformed"),
        (Step(status=502, body="<html>bad gateway</html>", content_type="text/html"), "unknown"),
        (Step(is_aborted=True), "connection"),
    ],
)
def test_a_transient_failure_is_tried_again(step: Step, code: str, is_streamed: bool) -> None:
    done, server = answered([step, Step()], is_streamed=is_streamed)
    assert (done.try_count, [error.code for error in done.errors]) == (2, [code])
    assert len(server.seen) == 2
    error, server = failed([step], is_streamed=is_streamed)
    assert (error.code, len(server.seen)) == (code, QUICK.tries)
    assert error.record is not None
    assert (error.record.try_count, len(error.record.errors)) == (QUICK.tries, QUICK.tries)


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step(status=401), "authentication"),
        (Step(status=403), "authentication"),
        (Step(status=404), "not_found"),
        (Step(status=302, headers={"Location": "http://elsewhere.example/"}), "not_found"),
        (Step(status=400, body='{"error": {"code": "context_length_exceeded", "message": "x"}}'), "context_length"),
        (Step(status=422), "unknown"),
        (Step(body='{"error": {"code": 401, "message": "in a 200"}}'), "authentication"),
        (Step(body='{"choices": []}'), "malformed"),
        (Step(body='{"choices": [{"index": 0}]}'), "malformed"),
    ],
)
def test_a_permanent_failure_is_never_tried_again(step: Step, code: str, is_streamed: bool) -> None:
    error, server = failed([step], is_streamed=is_streamed)
    assert (error.code, len(server.seen)) == (code, 1)


def test_a_cut_stream_is_truncated_and_not_finished() -> None:
    done, _ = answered([Step(text="a b c d", cut_after=3), Step(text="whole")], is_streamed=True)
    assert (done.text, [error.code for error in done.errors]) == ("whole", ["malformed"])
    error, _ = failed([Step(text="a b c d", cut_after=3)], is_streamed=True)
    assert "stream ended" in error.detail


def test_a_withheld_answer_is_a_failure_and_not_an_empty_answer() -> None:
    error, server = failed([Step(text="", finish_reason="content_filter")])
    assert (error.code, len(server.seen)) == ("content_filter", 1)


def test_retry_after_is_honoured() -> None:
    done, _ = answered([Step(status=429, headers={"Retry-After": "1"}), Step()])
    assert 1.0 <= (done.finished_at - done.started_at).total_seconds() < 5
    assert done.latency_ms < 1000


def test_a_retry_after_beyond_the_deadline_gives_up_at_once() -> None:
    error, server = failed([Step(status=429, headers={"Retry-After": "60"})], deadline_s=5)
    assert (error.code, error.retry_after_s, len(server.seen)) == ("rate_limit", 60, 1)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_hang_ends_at_the_deadline(is_streamed: bool) -> None:
    error, server = failed([Step(delay_s=30)], is_streamed=is_streamed, deadline_s=0.4)
    assert (error.code, len(server.seen)) == ("timeout", 1)
    assert error.record is not None
    assert error.record.latency_ms == pytest.approx(400, abs=200)


def test_a_host_that_is_not_there_is_a_connection_failure() -> None:
    async def run() -> ProviderError:
        async with LiteLLMClient(QUICK) as client:
            with pytest.raises(ProviderError) as told:
                await client.complete(scripted_target("http://127.0.0.1:9/v1"), CompletionRequest("x", 1, LONG_AGO, 5))
            return told.value

    assert asyncio.run(run()).code == "connection"


def test_a_simulated_past_hour_is_measured_by_what_the_host_states() -> None:
    done, server = answered(
        [Step(headers=simulated(1234.5, 321.0))], is_simulated=True, is_streamed=True, scheduled_for=LONG_AGO
    )
    assert (done.latency_ms, done.time_to_first_token_ms, done.started_at) == (1234.5, 321.0, LONG_AGO)
    assert done.finished_at == LONG_AGO + timedelta(milliseconds=1234.5)
    headers, body = server.seen[0]
    assert headers["x-simulated-time"] == LONG_AGO.isoformat()
    assert not body.get("stream")


def test_in_simulated_time_nothing_is_waited_for() -> None:
    limited = Step(status=429, headers={"Retry-After": "60", **simulated(500)})
    again = Step(headers=simulated(2000, 100))
    began = datetime.now(UTC)
    done, server = answered([limited, again], is_simulated=True, scheduled_for=LONG_AGO, deadline_s=180)
    assert datetime.now(UTC) - began < timedelta(seconds=10)
    assert (done.try_count, done.latency_ms) == (2, 2000)
    assert 62.5 <= (done.finished_at - done.started_at).total_seconds() < 65
    assert datetime.fromisoformat(server.seen[1][0]["x-simulated-time"]) > LONG_AGO + timedelta(seconds=60)


def test_a_simulated_hang_passes_the_deadline() -> None:
    error, _ = failed([Step(headers=simulated(600_000))], is_simulated=True, scheduled_for=LONG_AGO, deadline_s=30)
    assert error.code == "timeout"
    assert error.record is not None
    assert error.record.latency_ms == 30_000
    assert error.record.finished_at == LONG_AGO + timedelta(seconds=30)


def test_the_same_past_hour_is_retried_at_the_same_simulated_moments() -> None:
    script = [Step(status=500, headers=simulated(100)), Step(headers=simulated(100))]
    first, second = (answered(script, is_simulated=True, scheduled_for=LONG_AGO)[0] for _ in range(2))
    assert first.finished_at == second.finished_at


def test_the_models_of_a_host_are_listed_with_their_prices() -> None:
    pricing = [{"valid_from": "2026-11-01T00:00:00Z", "prompt": "0.000001", "completion": "0.000002"}]

    async def run() -> list[tuple[str, object]]:
        async with (
            ScriptedServer(listing={"data": [{"id": "atlas", "pricing": pricing}, {"id": "flint"}]}) as server,
            LiteLLMClient() as client,
        ):
            listed = await client.list_models(scripted_target(server.base_url).host)
            return [(model.model, model.pricing) for model in listed]

    assert asyncio.run(run()) == [("atlas", pricing), ("flint", None)]
