"""Each fault of the simulator, collected like every other hour, and the row that results."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from orchestration.collection.collect import Collector
from orchestration.collection.plan import plan_hour
from orchestration.pricing.price_book import PriceBook
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.records import TokenUsage, benchmark_hour_of
from orchestration.simulator.conditions import Timeline
from orchestration.simulator.profiles import Profiles, Reliability, load_profiles
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import SimulatedModels
from orchestration.storage.archive import Archive
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.records import Response

TWO_DAYS = timedelta(days=2)
RETRIES = RetryPolicy(first_wait_s=0.02)
SCENARIO = SimpleNamespace(id="family/task", version=1, max_output_tokens=4)
CATALOGUE: Any = SimpleNamespace(scenarios={SCENARIO.id: SCENARIO})
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=(SCENARIO.id,), variants="public")


def variant(_id: str, _version: int, _seed: int) -> Any:
    return SimpleNamespace(prompt="Hello?", dialogue=None, scenario=SCENARIO)


def faultless() -> Profiles:
    """The fastest model, without failures that happen by themselves."""
    profiles = load_profiles()
    calm = profiles.models["flint"].model_copy(update={"reliability": Reliability(), "events": ()})
    return profiles.model_copy(update={"models": {"flint": calm}})


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(build_app(SimulatedModels(faultless(), [], Timeline(datetime.now(UTC).date())))) as address:
        yield address


def row_of(root: Path, url: str, hour: datetime, fault: str, count: int, deadline_s: float) -> Response:
    target = scripted_target(url, model="flint", is_simulated=True, is_streamed=True)
    collector = Collector(
        targets=[target],
        client=LiteLLMClient(RETRIES),
        archive=Archive(root),
        price_book=PriceBook.from_rows([]),
        variants=variant,
        deadline_s=deadline_s,
    )
    control = f"{url.removesuffix('/v1')}/simulator/faults"
    httpx.post(control, json={"model": "flint", "fault": fault, "count": count}, trust_env=False)
    asyncio.run(collector.collect_hour(hour, plan_hour(hour, CATALOGUE, SUITE, [target], planned_at=hour)))
    assert httpx.request("DELETE", control, trust_env=False).json() == {}
    (row,) = Archive(root).read(hour)
    return row


def hour_of(age: timedelta) -> datetime:
    return benchmark_hour_of(datetime.now(UTC) - age)


@pytest.fixture(params=[TWO_DAYS, timedelta(0)], ids=["past", "live"])
def hour(request: pytest.FixtureRequest) -> datetime:
    return hour_of(request.param)


MET_ONCE = {
    "429": ("rate_limit", 2.0),
    "429-no-retry-after": ("rate_limit", 0.0),
    "429-skewed-date": ("rate_limit", 2.0),
    "500": ("unknown", 0.0),
    "503": ("overloaded", 0.0),
    "529": ("overloaded", 0.0),
    "malformed-json": ("malformed", 0.0),
    "cut-stream": ("malformed", 0.0),
}


@pytest.mark.parametrize("fault", MET_ONCE)
def test_a_fault_that_is_met_once_is_told_beside_the_answer(
    tmp_path: Path, url: str, hour: datetime, fault: str
) -> None:
    code, wait_s = MET_ONCE[fault]
    row = row_of(tmp_path, url, hour, fault, count=1, deadline_s=30)
    assert (row.status, row.error_code, row.try_count, row.finish_reason) == ("answered", None, 2, "length")
    assert (row.error_detail or "").startswith(f"try 1: {code}: ")
    assert wait_s <= (row.finished_at - row.started_at).total_seconds() < wait_s + 20
    assert row.latency_ms is not None
    assert row.latency_ms < 2000
    assert 0 < (row.time_to_first_token_ms or 0) <= row.latency_ms


@pytest.mark.parametrize("fault", [fault for fault in MET_ONCE if "429" not in fault])
def test_a_fault_that_stays_is_a_failed_row_after_three_tries(
    tmp_path: Path, url: str, hour: datetime, fault: str
) -> None:
    row = row_of(tmp_path, url, hour, fault, count=3, deadline_s=30)
    code, _ = MET_ONCE[fault]
    assert (row.status, row.error_code, row.try_count, row.answer) == ("failed", code, 3, None)
    assert [told.split(":")[1].strip() for told in (row.error_detail or "").split("; try ")] == [code] * 3
    assert (row.usage, row.cost_usd, row.time_to_first_token_ms) == (TokenUsage(), None, None)


@pytest.mark.parametrize(("fault", "code"), [("401", "authentication"), ("404", "not_found")])
def test_a_refusal_is_a_failed_row_after_one_try(
    tmp_path: Path, url: str, hour: datetime, fault: str, code: str
) -> None:
    row = row_of(tmp_path, url, hour, fault, count=1, deadline_s=30)
    assert (row.status, row.error_code, row.try_count) == ("failed", code, 1)


def test_a_rate_limit_that_outlasts_the_deadline_is_a_failed_row(tmp_path: Path, url: str, hour: datetime) -> None:
    row = row_of(tmp_path, url, hour, "429", count=1, deadline_s=1.5)
    assert (row.status, row.error_code, row.try_count) == ("failed", "rate_limit", 1)


def test_a_hang_is_a_timeout_at_the_deadline(tmp_path: Path, url: str, hour: datetime) -> None:
    row = row_of(tmp_path, url, hour, "hang", count=1, deadline_s=0.5)
    assert (row.status, row.error_code, row.try_count) == ("failed", "timeout", 1)
    assert row.latency_ms == pytest.approx(500, abs=300)


def test_a_timeout_of_the_host_is_a_timeout(tmp_path: Path, url: str) -> None:
    row = row_of(tmp_path, url, hour_of(TWO_DAYS), "504", count=2, deadline_s=15)
    assert (row.status, row.error_code, row.try_count) == ("failed", "timeout", 2)
    assert (row.finished_at - row.started_at).total_seconds() == pytest.approx(15)


def test_usage_that_contradicts_itself_is_unknown(tmp_path: Path, url: str, hour: datetime) -> None:
    row = row_of(tmp_path, url, hour, "wrong-usage", count=1, deadline_s=30)
    assert (row.status, row.usage, row.cost_usd) == ("answered", TokenUsage(), None)


def test_another_model_than_asked_for_is_recorded_beside_it(tmp_path: Path, url: str, hour: datetime) -> None:
    row = row_of(tmp_path, url, hour, "other-model", count=1, deadline_s=30)
    assert (row.status, row.requested_model, row.served_model) == ("answered", "flint", "flint-mini")


def test_a_clock_that_is_ahead_moves_nothing(tmp_path: Path, url: str, hour: datetime) -> None:
    row = row_of(tmp_path, url, hour, "clock-skew", count=1, deadline_s=30)
    assert (row.status, row.try_count) == ("answered", 1)
    expected = hour if hour < datetime.now(UTC) - timedelta(days=1) else datetime.now(UTC)
    assert abs(row.started_at - expected) < timedelta(minutes=5)
    assert row.finished_at >= row.started_at
