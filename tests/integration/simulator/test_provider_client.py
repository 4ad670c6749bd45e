"""The simulator as the product meets it: one more host behind the provider client."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from orchestration.providers.failures import OverloadedError, RateLimitedError
from orchestration.providers.interface import Completion, CompletionRequest, ProviderClient
from orchestration.providers.litellm_client import LiteLLMClient
from orchestration.providers.targets import Target, load_targets
from orchestration.settings import settings

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # pydantic's, about litellm's own types

HOUR = datetime(2026, 11, 8, 3, tzinfo=UTC)
OUTAGE = datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture
def targets(base_url: str) -> dict[str, Target]:
    found = load_targets(settings().targets_file, environment={}, simulator_url=base_url)
    return {target.target_id: target for target in found if target.is_simulated and target.is_enabled}


async def asked(client: ProviderClient, target: Target, at: datetime, max_tokens: int = 50) -> Completion:
    async with client:
        return await client.complete(target, CompletionRequest("What is the weather like?", max_tokens, at))


def complete(target: Target, at: datetime) -> Completion:
    return asyncio.run(asked(LiteLLMClient(), target, at))


def test_every_simulated_target_is_served(targets: dict[str, Target], base_url: str) -> None:
    served = {model["id"] for model in httpx.get(f"{base_url}/models", trust_env=False).json()["data"]}
    assert {target.model for target in targets.values()} == served


def test_a_past_hour_is_not_late_and_its_times_are_the_host_s(targets: dict[str, Target]) -> None:
    complete(targets["sim-atlas"], HOUR)  # imports litellm
    started = datetime.now(UTC)
    completion = complete(targets["sim-borealis"], HOUR)
    assert datetime.now(UTC) - started < timedelta(milliseconds=completion.latency_ms)
    assert HOUR <= completion.started_at < HOUR + timedelta(hours=1)
    assert completion.time_to_first_token_ms is not None
    assert 100 < completion.time_to_first_token_ms < completion.latency_ms
    assert completion.finished_at - completion.started_at == timedelta(milliseconds=completion.latency_ms)
    assert completion.served_model == "borealis"
    assert completion.usage.output_tokens


def test_a_present_hour_is_measured_by_the_client(targets: dict[str, Target]) -> None:
    now = datetime.now(UTC)
    completion = complete(targets["sim-flint"], now)
    assert completion.started_at >= now
    assert completion.time_to_first_token_ms is not None
    assert 30 < completion.time_to_first_token_ms <= completion.latency_ms


def test_an_outage_is_an_overloaded_host(targets: dict[str, Target]) -> None:
    with pytest.raises(OverloadedError) as raised:
        complete(targets["sim-ember"], OUTAGE)
    assert raised.value.record is not None
    assert raised.value.record.try_count == 3
    assert OUTAGE <= raised.value.record.started_at < OUTAGE + timedelta(hours=1)


def test_an_armed_fault_is_told_and_then_over(targets: dict[str, Target], base_url: str) -> None:
    control = f"{base_url.removesuffix('/v1')}/simulator/faults"
    with httpx.Client(trust_env=False) as http:
        http.post(control, json={"model": "atlas", "fault": "429", "count": 3})
        with pytest.raises(RateLimitedError) as raised:
            complete(targets["sim-atlas"], HOUR)
        assert raised.value.retry_after_s == 2
        assert http.get(control).json() == {}
    assert complete(targets["sim-atlas"], HOUR).text
