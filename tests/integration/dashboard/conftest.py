"""The client against a real loopback server that speaks the API's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.api_client.client import ApiClient
from dashboard.api_client.transport import Transport
from tests.support.fake_api import FakeApi, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake_api() -> Iterator[FakeApi]:
    with serving(FakeApi.demo()) as api:
        yield api


@pytest.fixture
def client(fake_api: FakeApi) -> Iterator[ApiClient]:
    with ApiClient(Transport(fake_api.url, timeout_s=2)) as opened:
        yield opened
