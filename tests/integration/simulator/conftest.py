"""Simulated models of the real catalogue behind a real server on loopback."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest

from orchestration.settings import settings
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import SimulatedModels, simulated_models

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

ANCHOR = date(2026, 11, 20)


@pytest.fixture(scope="session")
def models() -> SimulatedModels:
    return simulated_models(settings().scenarios_dir, events_anchor=ANCHOR)


@pytest.fixture(scope="session")
def base_url(models: SimulatedModels) -> Iterator[str]:
    with serving(build_app(models)) as url:
        yield url


@pytest.fixture
def http(base_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base_url, timeout=10, trust_env=False) as client:
        yield client
