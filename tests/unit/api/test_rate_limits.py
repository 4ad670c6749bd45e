from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from api import rate_limits
from api.rate_limits import LocalStorage, Quota, RateLimits
from orchestration.cli.processes import is_listening
from tests.support.shared_hour import redis_server

if TYPE_CHECKING:
    from collections.abc import Iterator

FIVE = Quota("test", 5)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[SecretStr]:
    with redis_server() as address:
        while not is_listening(urlsplit(address).port or 0):
            time.sleep(0.02)
        yield SecretStr(address)


def outages() -> tuple[list[None], RateLimits]:
    noted: list[None] = []
    away = RateLimits(SecretStr("redis://127.0.0.1:1/0"), lambda: noted.append(None))
    return noted, away


async def counted(limits: RateLimits, caller: str, number: int) -> list[tuple[bool, int]]:
    usages = [await limits.count(FIVE, caller) for _ in range(number)]
    return [(usage.is_allowed, usage.remaining_count) for usage in usages if usage]


FIVE_AND_TWO_MORE = [(True, 4), (True, 3), (True, 2), (True, 1), (True, 0), (False, 0), (False, 0)]


def test_a_caller_has_what_its_quota_says_and_others_have_theirs() -> None:
    async def both() -> None:
        limits = RateLimits(None, pytest.fail)
        assert await counted(limits, "one", 7) == FIVE_AND_TWO_MORE
        assert await counted(limits, "other", 1) == [(True, 4)]
        left = await limits.look(FIVE, "other")
        assert (left and left.remaining_count) == 4, "a look costs nothing"

    asyncio.run(both())


def test_processes_share_one_count_in_redis(redis_url: SecretStr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "WITHIN_S", 20)  # a busy machine is no outage

    async def both() -> None:
        async with RateLimits(redis_url, pytest.fail) as one, RateLimits(redis_url, pytest.fail) as other:
            found = [usage for limits in (one, other) * 4 for usage in await counted(limits, "shared", 1)]
        assert found == [*FIVE_AND_TWO_MORE, (False, 0)]

    asyncio.run(both())


def test_many_at_once_do_not_pass_the_quota() -> None:
    async def flood() -> None:
        limits = RateLimits(None, pytest.fail)
        usages = await asyncio.gather(*(limits.count(FIVE, "one") for _ in range(200)))
        assert sum(usage.is_allowed for usage in usages if usage) == 5

    asyncio.run(flood())


def test_when_redis_is_away_everything_passes_and_is_noted_and_it_is_left_alone() -> None:
    noted, away = outages()

    async def ask() -> None:
        started = time.monotonic()
        assert [await away.count(FIVE, "one") for _ in range(50)] == [None] * 50
        assert time.monotonic() - started < 1

    asyncio.run(ask())
    assert len(noted) == 50


def test_a_redis_that_comes_back_counts_again(redis_url: SecretStr, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[None] = []
    monkeypatch.setattr(rate_limits, "PAUSE_S", 3600)
    monkeypatch.setattr(rate_limits, "WITHIN_S", 20)

    async def ask() -> None:
        async with RateLimits(redis_url, lambda: noted.append(None)) as limits:
            monkeypatch.setattr(rate_limits, "WITHIN_S", 0.0)
            assert await limits.count(FIVE, "back") is None
            monkeypatch.setattr(rate_limits, "WITHIN_S", 20)
            assert await limits.count(FIVE, "back") is None, "still left alone"
            limits._away_until = 0.0
            usage = await limits.count(FIVE, "back")
        assert usage is not None
        assert usage.is_allowed

    asyncio.run(ask())
    assert len(noted) == 2


def test_the_window_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000 * 3600.0
    monkeypatch.setattr(time, "time", lambda: now)

    async def over_two_hours() -> None:
        nonlocal now
        limits = RateLimits(None, pytest.fail)
        assert [allowed for allowed, _ in await counted(limits, "one", 6)] == [True] * 5 + [False]
        now += 3601
        assert await counted(limits, "one", 2) == [(True, 0), (False, 0)], "the last hour counts nearly whole"
        now += 1800
        assert sum(allowed for allowed, _ in await counted(limits, "one", 6)) in {2, 3}
        now += 7200
        assert [allowed for allowed, _ in await counted(limits, "one", 6)] == [True] * 5 + [False]

    asyncio.run(over_two_hours())


def test_what_has_expired_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000 * 3600.0
    monkeypatch.setattr(time, "time", lambda: now)
    storage = LocalStorage()

    async def many() -> None:
        nonlocal now
        for number in range(100):
            await storage.incr(f"caller {number}", 7200)
        assert len(storage.storage) == len(storage.expirations) == 100
        now += 7300
        await storage.incr("one more", 7200)
        assert list(storage.storage) == list(storage.expirations) == ["one more"]
        assert storage.locks == {}

    asyncio.run(many())


def test_headers_are_those_of_the_draft() -> None:
    async def refused() -> dict[str, str]:
        limits = RateLimits(None, pytest.fail)
        usages = [await limits.count(Quota("pro", 1), "one") for _ in range(2)]
        return usages[1].headers if usages[1] else {}

    headers = asyncio.run(refused())
    assert headers["RateLimit-Policy"] == '"pro";q=1;w=3600'
    assert headers["RateLimit"] == f'"pro";r=0;t={headers["Retry-After"]}'
    assert 1 <= int(headers["Retry-After"]) <= 3600
