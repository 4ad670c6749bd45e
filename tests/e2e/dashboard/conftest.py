"""The dashboard as a person starts it, before a loopback server that speaks the API's JSON, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.accessibility import axe_source
from tests.support.browser import launched
from tests.support.dashboard_server import dashboard_before
from tests.support.fake_api import OPERATOR_KEY, FakeApi, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def served_api() -> Iterator[FakeApi]:
    with serving(FakeApi()) as api:
        yield api


@pytest.fixture(scope="module")
def dashboard_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard-home")


@pytest.fixture(scope="module")
def dashboard_url(served_api: FakeApi, dashboard_home: Path) -> Iterator[str]:
    told = {"AIBAAS_API_TIMEOUT_S": "1", "AIBAAS_DASHBOARD_FRESH_FOR_S": "0", "AIBAAS_API_KEY": OPERATOR_KEY}
    with dashboard_before(served_api.url, dashboard_home, **told) as url:
        yield url


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_source(tmp_path_factory.mktemp("axe"))


@pytest.fixture
def api(served_api: FakeApi) -> FakeApi:
    """The served API with the demo's data, whatever a test before did to it."""
    fresh = FakeApi.demo()
    served_api.entries, served_api.models, served_api.histories = fresh.entries, fresh.models, fresh.histories
    served_api.families, served_api.scenarios, served_api.anomalies = fresh.families, fresh.scenarios, fresh.anomalies
    served_api.changes, served_api.newest = fresh.changes, None
    served_api.account = fresh.account
    served_api.open_days = None
    served_api.delay_s, served_api.problem, served_api.body = 0, None, None
    return served_api
