"""PostgreSQL itself stops, or is killed, and starts again while clients listen: each hears every event once."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.settings import Settings
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.event_stream import EventStream, follow
from tests.support.published import build, create_published_marts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import httpx

PATIENCE_S = 60
EVENTS_A_BUILD = 2
BUILDS_WHILE_AWAY = 4
MOVE = "UPDATE marts.fct_leaderboard SET score_mean = 10 - score_mean WHERE suite_version = 2"


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, with marts of which nothing was told yet."""
    made = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="aibaas-restart-")))
    try:
        made.start()
        Database(made.url).ensure_ready()
        with psycopg.connect(made.url) as connection:
            create_published_marts(connection)
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.files.home)


def stop(server: EmbeddedPostgres) -> None:
    server.stop()


def kill(server: EmbeddedPostgres) -> None:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def heard(stream: EventStream, count: int) -> list[int]:
    return [int(stream.event(PATIENCE_S).id or 0) for _ in range(count)]


@pytest.mark.parametrize("end", [stop, kill])
def test_nothing_is_lost_or_doubled(
    server: EmbeddedPostgres,
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]],
    end: Callable[[EmbeddedPostgres], None],
) -> None:
    with serve_api(Settings(database_url=server.url)) as api, ExitStack() as streams:
        staying = [streams.enter_context(follow(api)) for _ in range(3)]
        with follow(api) as leaving:
            build(server.url, MOVE)
            for stream in (*staying, leaving):
                assert heard(stream, EVENTS_A_BUILD) == [1, 2]
        end(server)
        during = streams.enter_context(follow(api, {"Last-Event-ID": "1"}))
        assert heard(during, 1) == [2]
        server.start()
        for _ in range(BUILDS_WHILE_AWAY):
            build(server.url, MOVE)
        after = streams.enter_context(follow(api, {"Last-Event-ID": "2"}))
        newest = EVENTS_A_BUILD * (1 + BUILDS_WHILE_AWAY)
        for stream in (*staying, during, after):
            assert heard(stream, newest - EVENTS_A_BUILD) == list(range(3, newest + 1))
        build(server.url, MOVE)
        for stream in (*staying, during, after):
            assert heard(stream, EVENTS_A_BUILD) == [newest + 1, newest + 2]
            assert stream.is_silent(0.2)
