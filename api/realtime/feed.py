"""The events of this process: read from the table behind the last one that was read, whenever there may be new ones.

Not here: the connection that tells when (api.announcements), nor the ways on which events go out (stream.py, live.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated, Self

from fastapi import Depends
from fastapi.requests import HTTPConnection  # noqa: TC002 - FastAPI reads the annotation
from pydantic import ValidationError

from api.announcements import EVENTS
from api.database import DatabaseUnavailableError, MartsUnavailableError, QueryTimeoutError
from api.realtime import queries
from api.realtime.hub import Client, EndReason, Event, Hub
from api.realtime.schemas import TOPICS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterator

    from api.announcements import Announcements
    from api.database import Database, Row
    from api.realtime.hub import Limits, Listener

KEPT = 256
"""Newest events in memory, once for all: who listens is let go when the next one to tell is no longer among them, and
who comes back after a short while costs the database nothing."""
PAGE = 100
FARTHEST = 10_000
"""How many events back one can go on; the tables tell the rest better."""
READING_AT_ONCE = 2
"""Connections that readers of older events take from the pool, however many they are."""
HEARTBEAT_S = 15.0
FAREWELL_STEPS, FAREWELL_STEP_S = 40, 0.05
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 15.0

TROUBLE = (DatabaseUnavailableError, QueryTimeoutError, MartsUnavailableError)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reset:
    """What was missed can't be told: read the tables anew, and go on from `position`."""

    position: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing has happened since `position`."""

    position: int


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more comes."""

    reason: EndReason


Message = Event | Reset | Heartbeat | End


class Feed:
    """Reads events from its beginning to its end and passes them to all who listen."""

    def __init__(self, database: Database, announcements: Announcements, limits: Limits) -> None:
        self.hub = Hub(limits)
        self._database = database
        self._announcements = announcements
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._position: int | None = None
        self._forgotten = 0
        self._trouble: Exception = DatabaseUnavailableError()
        self._has_looked = asyncio.Event()
        self._reading = asyncio.Semaphore(READING_AT_ONCE)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._read_events())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hub.close()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @property
    def position(self) -> int:
        """The newest event's number. Raises the errors of the database while it is not known."""
        if self._position is None:
            raise self._trouble
        return self._position

    async def say_farewell(self) -> None:
        """End all who listen, and whoever still comes; waits a moment until they have been told."""
        self.hub.close()
        for _ in range(FAREWELL_STEPS):
            if not self.hub.client_count:
                return
            await asyncio.sleep(FAREWELL_STEP_S)

    @asynccontextmanager
    async def client(
        self, topics: Collection[str], last_event_id: int | None, listener: Listener
    ) -> AsyncIterator[Client]:
        """One who listens for a block, once this process has looked for events. Raises TooManyClientsError and the
        errors of the database.
        """
        await self._has_looked.wait()
        newest = self.position
        client = Client(topics, newest if last_event_id is None else last_event_id, listener)
        self.hub.join(client)
        try:
            yield client
        finally:
            self.hub.leave(client)

    async def messages(self, client: Client) -> AsyncIterator[Message]:
        """What is to be said to a client, to its end."""
        try:
            async for message in self._missed(client):
                yield message
        except TROUBLE:
            client.end("unavailable")
        while client.end_reason is None:
            for event in self._kept_after(client):
                yield event
            if client.position >= self.position and not await client.is_woken(HEARTBEAT_S):
                yield Heartbeat(client.position)
        yield End(client.end_reason)

    async def _missed(self, client: Client) -> AsyncIterator[Message]:
        """What happened before it came, as far as that is no longer in memory."""
        newest = self.position
        if client.position > newest:  # another process may have told it what this one is about to read
            async with self._reading:
                newest = await queries.newest_number(self._database)
        if not newest - FARTHEST <= client.position <= newest:
            yield _reset(client, newest)
        in_memory = next((event for event in self._kept if event.number > client.position), None)
        if client.position >= self._forgotten and in_memory and not client.listener.may_hear_of(in_memory.recorded_at):
            yield _reset(client, newest)
        while client.position < self._forgotten and client.end_reason is None:
            newest = self._forgotten
            async with self._reading:
                rows = await queries.event_rows(
                    self._database, after=client.position, topics=client.topics, row_limit=PAGE
                )
            if rows and not client.listener.may_hear_of(rows[0]["recorded_at"]):
                yield _reset(client, self.position)
                return
            for event in _understood(rows):
                client.position = event.number
                yield event
            if len(rows) < PAGE:
                client.position = max(client.position, newest)

    def _kept_after(self, client: Client) -> Iterator[Event]:
        """Of the events in memory those that the client has not been told; ends it when some are no longer there."""
        newest = self.position
        if client.position < self._forgotten:
            client.end("slow_consumer")
        behind = takewhile(lambda event: event.number > client.position, reversed(self._kept))
        for event in reversed([event for event in behind if event.topic in client.topics]):
            if client.end_reason is not None:
                return
            client.position = event.number
            yield event
        client.position = max(client.position, newest)

    async def _read_events(self) -> None:
        """A word that is lost with a connection costs nothing: what happened is read when there is one again."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                async with aclosing(self._announcements.hear(EVENTS)) as heard:
                    async for _ in heard:
                        await self._read_new()
                        self._has_looked.set()
                        pause = FIRST_PAUSE_S
            except TROUBLE as trouble:
                self._trouble = trouble
            except Exception:
                logger.exception("events can't be read")
            self._has_looked.set()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _read_new(self) -> None:
        newest = await queries.newest_number(self._database)
        if self._position is None or newest < self._position:
            self._begin_at(newest)
        while self._position is not None and self._position < newest:
            rows = await queries.event_rows(self._database, after=self._position, topics=TOPICS, row_limit=PAGE)
            self._keep(_understood(rows))
            self._position = rows[-1]["event_number"] if rows else newest
            self.hub.wake_all()

    def _keep(self, events: list[Event]) -> None:
        for event in events:
            if len(self._kept) == KEPT:
                self._forgotten = self._kept[0].number
            self._kept.append(event)

    def _begin_at(self, number: int) -> None:
        """At the start, and when the table was put back to an older state: numbers that were told may be told again."""
        if self._position is not None:
            logger.warning("events went back from number %s to %s", self._position, number)
            self.hub.end_all("history_replaced")
        self._kept.clear()
        self._position = self._forgotten = number


def _reset(client: Client, position: int) -> Reset:
    """Takes a client to where it goes on."""
    client.position = position
    return Reset(position)


def _understood(rows: list[Row]) -> list[Event]:
    """Events in words; one that another version of the pipeline wrote in another shape is left out and logged."""
    events = []
    for row in rows:
        try:
            events.append(Event.of(row))
        except ValidationError as error:
            logger.error("event %s has another shape than this version knows: %s", row["event_number"], error)  # noqa: TRY400
    return events


async def get_feed(connection: HTTPConnection) -> Feed:
    feed: Feed = connection.app.state.feed
    return feed


CurrentFeed = Annotated[Feed, Depends(get_feed)]
