"""One page run by Streamlit's own test harness, before a loopback server that speaks the API's JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

if TYPE_CHECKING:
    from tests.support.fake_api import FakeApi

SCRIPT = """
from dashboard.api_client.client import ApiClient, shared_transport
from dashboard.app_pages import {page}

{page}.show(ApiClient(shared_transport({url!r}, 2.0, 0)))
"""


@dataclass(frozen=True)
class Shown:
    """A page after its run."""

    app: AppTest

    @property
    def words(self) -> str:
        """Everything said in notices, captions and HTML."""
        kinds = (self.app.warning, self.app.error, self.app.info, self.app.caption, self.app.get("html"))
        return "\n".join(str(getattr(each, "value", None) or each.proto.body) for kind in kinds for each in kind)

    @property
    def charts(self) -> list[Any]:
        return list(self.app.get("plotly_chart"))


OpenPage = Callable[..., Shown]


@pytest.fixture
def open_page(fake_api: FakeApi) -> OpenPage:
    """Opens a page by its module's name with what its address says."""

    def opened(page: str, **address: str) -> Shown:
        app = AppTest.from_string(SCRIPT.format(page=page, url=fake_api.url), default_timeout=20)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return Shown(app)

    return opened
