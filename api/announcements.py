"""What the pipeline announces on channels of the database, over one connection of the process for all who hear.

Not here: the connection itself (database), nor what an announcement leads to (marts_version, realtime).
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, LiteralString, Self

from api.database import DatabaseUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from api.database import Database

MARTS: LiteralString = "aibaas_marts"
"""A mart has another content."""
EVENTS: LiteralString = "aibaas_events"
"""Events were recorded."""
PATIENCE_S = 10.0
"""Without a word for so long all look all the same: a pooler between may keep notifications to itself."""
RECONNECT_S = 0.5


@dataclass(eq=False)
class Hearer:
    """One who hears a channel; `lost` is why there is nothing to hear."""

    channel: str
    news: asyncio.Event = field(default_factory=asyncio.Event)
    lost: DatabaseUnavailableError | None = None


class Announcements:
    """Listens from its beginning to its end, and finds a server that comes back."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hearers: set[Hearer] = set()
        self._is_listening = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def hear(self, channel: LiteralString) -> AsyncGenerator[None]:
        """Yields as soon as this process listens, after every word, or several, and after a long silence. Never ends;
        raises DatabaseUnavailableError when there is no connection or it is lost.
        """
        hearer = Hearer(channel)
        self._hearers.add(hearer)
        if self._is_listening:
            hearer.news.set()
        try:
            while True:
                await hearer.news.wait()
                hearer.news.clear()
                if hearer.lost is not None:
                    raise hearer.lost
                yield
        finally:
            self._hearers.discard(hearer)

    async def _listen(self) -> None:
        while True:
            try:
                async with aclosing(self._database.hear((MARTS, EVENTS), patience_s=PATIENCE_S)) as heard:
                    async for channel in heard:
                        self._is_listening = True
                        self._tell(channel)
            except DatabaseUnavailableError as lost:
                self._is_listening = False
                self._tell(None, lost)
            await asyncio.sleep(RECONNECT_S)

    def _tell(self, channel: str | None, lost: DatabaseUnavailableError | None = None) -> None:
        """Those of one channel, or all."""
        for hearer in self._hearers:
            if channel in {None, hearer.channel}:
                hearer.lost = lost
                hearer.news.set()
