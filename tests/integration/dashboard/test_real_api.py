"""The client and every page before the real API over a real database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
import pytest
import uvicorn
from streamlit.testing.v1 import AppTest

from api.__main__ import listen
from api.app import create_app
from api.settings import Settings
from dashboard.api_client.client import ApiClient
from dashboard.api_client.transport import Transport
from tests.support.marts import create_marts, fill_marts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.database import Database

SCRIPT = """
from dashboard.api_client.client import ApiClient, shared_transport
from dashboard.app_pages import {page}

{page}.show(ApiClient(shared_transport({url!r}, 10.0, 0)))
"""


OTHER_SUITE: LiteralString = """
SELECT format('UPDATE marts.%I SET suite = %L WHERE suite = %L', table_name, 'queries', 'canary')
FROM information_schema.columns INNER JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'marts' AND column_name = 'suite' AND table_type = 'BASE TABLE'
"""


@pytest.fixture
def api_url(database: Database) -> Iterator[str]:
    with psycopg.connect(database.url) as connection:
        create_marts(connection)
        fill_marts(connection)
    with listen("127.0.0.1", 0) as listener:
        settings = Settings(database_url=database.url)
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def shown(page: str, url: str) -> Any:
    app = AppTest.from_string(SCRIPT.format(page=page, url=url), default_timeout=30).run()
    assert not app.exception
    assert [error.value for error in app.error] == []
    return app


def words_of(page: Any) -> str:
    return "\n".join(each.proto.body for each in page.get("html"))


def test_the_client_reads_what_the_api_answers(api_url: str) -> None:
    with ApiClient(Transport(api_url, timeout_s=10)) as client:
        models = client.models()
        entries = client.leaderboard(window="7d", family="all", provider=None)
        history = client.history(entries[0].target_id, granularity="hour", days=14, family="all")
        assert {entry.target_id for entry in entries} <= {model.target_id for model in models}
        assert client.families()
        assert client.providers()
        assert {model.target_id for model in client.coverage(hours=48)} == {model.target_id for model in models}
        assert client.status().model_count == len(models)
        assert history


def test_every_page_draws_what_the_api_answers(api_url: str) -> None:
    assert "Score" in words_of(shown("leaderboard", api_url))
    assert len(shown("compare", api_url).get("plotly_chart")) >= 1
    assert len(shown("cost_and_speed", api_url).get("plotly_chart")) == 1
    assert shown("recommend", api_url).get("html")
    assert len(shown("model_trend", api_url).get("plotly_chart")) == 3
    assert len(shown("degradations", api_url).get("plotly_chart")) == 1
    assert "sql/first" in words_of(shown("scenarios", api_url))
    assert "score_ci95_lower" in words_of(shown("methodology", api_url))
    assert len(shown("status", api_url).get("plotly_chart")) == 2


def test_an_installation_that_measures_no_canary_has_every_page(api_url: str, database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        for (statement,) in connection.execute(OTHER_SUITE).fetchall():
            connection.execute(statement)
    assert "Score" in words_of(shown("leaderboard", api_url))
    assert len(shown("compare", api_url).get("plotly_chart")) >= 1
    assert len(shown("cost_and_speed", api_url).get("plotly_chart")) == 1
    assert shown("recommend", api_url).get("html")
    assert len(shown("model_trend", api_url).get("plotly_chart")) == 3
