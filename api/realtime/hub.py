"""From one event to all who listen: each has a bounded queue, and whoever does not keep up is let go with a reason.

Not here: where events come from (feed.py), nor the ways on which they are sent (stream.py, live.py).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from api.realtime.schemas import EVENT

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.database import Row
    from api.envelope import SimulatedLabel

EndReason = Literal["shutdown", "slow_consumer", "unavailable", "history_replaced", "refused", "gone"]
END_REASONS: dict[EndReason, str] = {
    "shutdown": "The server ends: connect again.",
    "slow_consumer": "Events were not taken in as fast as they came: connect again and go on behind the last one.",
    "unavailable": "Earlier events can't be read now: connect again in a while.",
    "history_replaced": "The events were put back to an older state: connect again and read the tables anew.",
    "refused": "What was sent can't be understood.",
    "gone": "The client went away.",
}
QUEUE_LIMIT = 64
"""Events that wait for one client at most. A build makes a handful; whoever is behind by more does not read."""


class TooManyClientsError(Exception):
    """As many clients listen to this process as its settings allow."""


@dataclass(frozen=True)
class Event:
    """One event, put into words once for all who hear it."""

    number: int
    topic: str
    kind: str
    text: str = field(repr=False)

    @classmethod
    def of(cls, row: Row) -> Event:
        """Raises pydantic's ValidationError for content that this version does not know."""
        simulated: SimulatedLabel = "mixed" if row["is_simulated"] is None else row["is_simulated"]
        text = EVENT.dump_json(EVENT.validate_python({**row, "simulated": simulated})).decode()
        return cls(row["event_number"], row["topic"], row["kind"], text)

    @cached_property
    def frame(self) -> bytes:
        """As Server-Sent Event."""
        return f"id: {self.number}\nevent: {self.topic}.{self.kind}\ndata: {self.text}\n\n".encode()


class Client:
    """One who listens, and was told all up to `position`. While it reads up, nothing is kept for it."""

    __slots__ = ("_news", "_waiting", "end_reason", "is_reading_up", "position", "topics")

    def __init__(self, topics: Collection[str], position: int) -> None:
        self.topics = frozenset(topics)
        self.position = position
        self.is_reading_up = True
        self.end_reason: EndReason | None = None
        self._waiting: deque[Event] = deque()
        self._news = asyncio.Event()

    def offer(self, event: Event) -> None:
        """Take an event in, unless it was told already or is none of this client's."""
        if event.number <= self.position or self.is_reading_up or self.end_reason:
            return
        if event.topic not in self.topics:
            if not self._waiting:
                self.position = event.number
            return
        if len(self._waiting) >= QUEUE_LIMIT:
            self.end("slow_consumer")
            return
        self._waiting.append(event)
        self._news.set()

    def end(self, reason: EndReason) -> None:
        """Nothing more comes; the first reason counts, and what was waiting is left to a later `Last-Event-ID`."""
        self.end_reason = self.end_reason or reason
        self._news.set()

    async def next(self, patience_s: float) -> Event | None:
        """The next event; None when there was none for so long, or when it has ended."""
        if not self._waiting and not self.end_reason:
            self._news.clear()
            try:
                async with asyncio.timeout(patience_s):
                    await self._news.wait()
            except TimeoutError:
                return None
        if self.end_reason:
            return None
        event = self._waiting.popleft()
        self.position = event.number
        return event


class Hub:
    """All who listen to this process."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.ended: Counter[EndReason] = Counter()
        self._clients: set[Client] = set()
        self._is_closed = False

    @property
    def client_count(self) -> int:
        return len(self._clients)

    def require_room(self) -> None:
        """Raises TooManyClientsError when nobody more may listen."""
        if len(self._clients) >= self.limit:
            raise TooManyClientsError

    def join(self, client: Client) -> None:
        """Raises TooManyClientsError."""
        self.require_room()
        self._clients.add(client)
        if self._is_closed:
            client.end("shutdown")

    def leave(self, client: Client) -> None:
        self._clients.discard(client)
        self.ended[client.end_reason or "gone"] += 1

    def publish(self, event: Event) -> None:
        for client in self._clients:
            client.offer(event)

    def end_all(self, reason: EndReason) -> None:
        for client in self._clients:
            client.end(reason)

    def close(self) -> None:
        """End all, and whoever still comes, as the process is about to end."""
        self._is_closed = True
        self.end_all("shutdown")
