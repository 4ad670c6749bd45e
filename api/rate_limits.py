"""Counts requests of a caller in the last hour, in this process or for all of them in Redis, and says what is left.

The window slides by two counters of whole hours, weighted, so that a caller costs the same memory whatever its quota.
An outage of Redis lets everything pass: it is counted, and Redis is left alone for some seconds.

Not here: which caller has which quota (entitlements, accounts).
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr
    from redis.asyncio import ConnectionPool

WINDOW_S: Final = 3600
WITHIN_S: Final = 0.25
"""How long Redis may take; a request is never held up for longer."""
PAUSE_S: Final = 5.0
"""After an outage, until Redis is asked again."""
SWEEP_S: Final = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in any hour; the name is shown to the caller."""

    name: str
    amount: int

    @property
    def item(self) -> RateLimitItemPerSecond:
        return RateLimitItemPerSecond(self.amount, WINDOW_S, namespace="aibaas")


@dataclass(frozen=True, slots=True)
class Usage:
    """Whether the request may pass, what is left, and in how many seconds more is."""

    is_allowed: bool
    quota: Quota
    remaining_count: int
    reset_s: int

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft-ietf-httpapi-ratelimit-headers-10 has them; Retry-After where it was refused."""
        name, amount = self.quota.name, self.quota.amount
        told = {
            "RateLimit-Policy": f'"{name}";q={amount};w={WINDOW_S}',
            "RateLimit": f'"{name}";r={self.remaining_count};t={self.reset_s}',
        }
        return told if self.is_allowed else told | {"Retry-After": str(self.reset_s)}


class RateLimits:
    """`note_outage` hears of every request that could not be counted."""

    def __init__(self, redis_url: SecretStr | None, note_outage: Callable[[], None]) -> None:
        self._pool = None if redis_url is None else _connections(redis_url)
        storage = LocalStorage() if self._pool is None else _redis(self._pool)
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._note_outage = note_outage
        self._away_until = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            await self._pool.aclose()

    async def count(self, quota: Quota, caller: str) -> Usage | None:
        """Count one request; None when it can't be counted, which lets it pass."""
        return await self._asked(quota, caller, counts=True)

    async def look(self, quota: Quota, caller: str) -> Usage | None:
        """What is left, without a request being counted; None when it is not known."""
        return await self._asked(quota, caller, counts=False)

    async def _asked(self, quota: Quota, caller: str, *, counts: bool) -> Usage | None:
        if time.monotonic() < self._away_until:
            self._note_outage()
            return None
        try:
            async with asyncio.timeout(WITHIN_S):
                return await self._usage(quota, caller, counts=counts)
        except (StorageError, TimeoutError) as error:
            self._away_until = time.monotonic() + PAUSE_S
            self._note_outage()
            logger.warning("requests are not counted: Redis does not answer (%s)", type(error).__name__)
            return None

    async def _usage(self, quota: Quota, caller: str, *, counts: bool) -> Usage:
        item = quota.item
        is_allowed = await self._limiter.hit(item, caller) if counts else True
        stats = await self._limiter.get_window_stats(item, caller)
        reset_s = max(1, math.ceil(stats.reset_time - time.time()))
        return Usage(is_allowed, quota, stats.remaining if is_allowed else 0, reset_s)


class LocalStorage(MemoryStorage):
    """Counts of one process. It forgets what has expired once a minute, its parent as often as it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._sweep_at = 0.0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        if now >= self._sweep_at:
            self._sweep(now)
        await self.get(key)
        self.storage[key] += amount
        self.expirations.setdefault(key, now + expiry)
        return self.storage[key]

    def _sweep(self, now: float) -> None:
        self._sweep_at = now + SWEEP_S
        for key in [key for key, expires_at in self.expirations.items() if expires_at <= now]:
            self.storage.pop(key, None)
            self.expirations.pop(key, None)
            self.locks.pop(key, None)


def _connections(url: SecretStr) -> ConnectionPool:
    from redis.asyncio import ConnectionPool  # noqa: PLC0415 - 60 ms of the start of a process that counts alone

    within: dict[str, Any] = {"socket_timeout": WITHIN_S, "socket_connect_timeout": WITHIN_S}
    return ConnectionPool.from_url(url.get_secret_value(), **within)


def _redis(pool: ConnectionPool) -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage(
        "async+redis://", wrap_exceptions=True, implementation="redispy", key_prefix="aibaas-api", **options
    )
