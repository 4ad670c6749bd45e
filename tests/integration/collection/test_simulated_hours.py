"""Past hours of the project's own simulator, through the same path as every other host."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.collection.collect import Collector
from orchestration.collection.plan import plan_hour
from orchestration.collection.published_prices import known_prices
from orchestration.providers.litellm_client import LiteLLMClient
from orchestration.providers.targets import load_targets
from orchestration.settings import PROJECT_ROOT
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import simulated_models
from orchestration.storage.archive import Archive
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.records import Response

TARGETS_FILE = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"


def collect(root: Path, url: str, hour: datetime) -> list[Response]:
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios")
    targets = load_targets(TARGETS_FILE, environment={}, simulator_url=url)
    plan = plan_hour(hour, catalogue, catalogue.suites["canary"], targets)

    async def run() -> None:
        prices = await known_prices(targets, LiteLLMClient())
        await Collector(
            targets=targets,
            client=LiteLLMClient(),
            archive=Archive(root),
            price_book=prices.book,
            variants=catalogue.variant,
        ).collect_hour(hour, plan)

    asyncio.run(run())
    return sorted(Archive(root).read(hour), key=lambda response: response.call_id)


def test_a_past_hour_is_measured_in_its_own_time_and_comes_out_the_same_twice(tmp_path: Path) -> None:
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    models = simulated_models(PROJECT_ROOT / "scenarios", events_anchor=datetime.now(UTC).date())
    with serving(build_app(models)) as url:
        first = collect(tmp_path / "first", url, hour)
        second = collect(tmp_path / "second", url, hour)
    assert first == second
    assert len(first) == 72
    answered = [response for response in first if response.status == "answered"]
    assert len(answered) >= 60
    assert not any(response.is_late for response in first)
    assert all(response.is_simulated and response.cost_usd is not None for response in answered)
    assert all(
        response.time_to_first_token_ms is not None
        and response.latency_ms is not None
        and 0 < response.time_to_first_token_ms < response.latency_ms
        for response in answered
    )
