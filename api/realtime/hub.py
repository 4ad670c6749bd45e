"""An event, and those who listen: each is a place in the events and a word that there are more.

Not here: the events themselves (feed.py), nor the ways on which they are sent (stream.py, live.py).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal

from api.realtime.schemas import EVENT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from api.database import Row
    from api.envelope import SimulatedLabel

EndReason = Literal[
    "shutdown", "slow_consumer", "unavailable", "history_replaced", "key_ended", "not_in_tier", "refused", "gone"
]
END_REASONS: dict[EndReason, str] = {
    "shutdown": "The server ends: connect again.",
    "slow_consumer": "Events were not taken in as fast as they came: connect again and go on behind the last one.",
    "unavailable": "Earlier events can't be read now: connect again in a while.",
    "history_replaced": "The events were put back to an older state: connect again and read the tables anew.",
    "key_ended": "The API key was revoked or has expired, or its account is closed.",
    "not_in_tier": "The tier of the account has no real time any more.",
    "refused": "What was sent can't be understood.",
    "gone": "The client went away.",
}


class TooManyClientsError(Exception):
    """As many clients listen to this process as its settings allow."""


class TooManyStreamsError(TooManyClientsError):
    """As many of them are one caller's as may be."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may listen to a process: all together, and of them one caller's."""

    clients: int
    clients_a_caller: int


@dataclass(frozen=True, slots=True)
class Listener:
    """Whose streams are counted together, by which key one is heard (None without one), and since when events are for
    its tier (None: all that are kept).
    """

    caller: str
    api_key_id: str | None = None
    history_start: datetime | None = None

    def may_hear_of(self, recorded_at: datetime) -> bool:
        return self.history_start is None or recorded_at >= self.history_start


@dataclass(frozen=True)
class Event:
    """One event, put into words once for all who hear it."""

    number: int
    topic: str
    kind: str
    text: str = field(repr=False)
    recorded_at: datetime

    @classmethod
    def of(cls, row: Row) -> Event:
        """Raises pydantic's ValidationError for content that this version does not know."""
        simulated: SimulatedLabel = "mixed" if row["is_simulated"] is None else row["is_simulated"]
        text = EVENT.dump_json(EVENT.validate_python({**row, "simulated": simulated})).decode()
        return cls(row["event_number"], row["topic"], row["kind"], text, row["recorded_at"])

    @cached_property
    def frame(self) -> bytes:
        """As Server-Sent Event."""
        return f"id: {self.number}\nevent: {self.topic}.{self.kind}\ndata: {self.text}\n\n".encode()

    @cached_property
    def message(self) -> str:
        """As message of a WebSocket."""
        return f'{{"type":"event","event":{self.text}}}'


class Client:
    """One stream of a listener, who was told all up to `position`."""

    __slots__ = ("_waiting", "end_reason", "listener", "position", "topics")

    def __init__(self, topics: Collection[str], position: int, listener: Listener) -> None:
        self.topics = frozenset(topics)
        self.position = position
        self.listener = listener
        self.end_reason: EndReason | None = None
        self._waiting: asyncio.Future[bool] | None = None

    def wake(self) -> None:
        if self._waiting is not None:
            _settle(self._waiting, is_woken=True)

    def end(self, reason: EndReason) -> None:
        """Nothing more is told; the first reason counts."""
        self.end_reason = self.end_reason or reason
        self.wake()

    async def is_woken(self, patience_s: float) -> bool:
        """True at the next word, or the end; False when there was none for so long. A bare future, as an event under a
        timeout takes twice the time of all that wakes a client.
        """
        if self.end_reason is not None:
            return True
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(patience_s, partial(_settle, self._waiting, is_woken=False))
        try:
            return await self._waiting
        finally:
            timer.cancel()
            self._waiting = None


def _settle(waiting: asyncio.Future[bool], *, is_woken: bool) -> None:
    if not waiting.done():
        waiting.set_result(is_woken)


class Hub:
    """All who listen to this process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.ended: Counter[EndReason] = Counter()
        self._clients: set[Client] = set()
        self._of_caller: Counter[str] = Counter()
        self._is_closed = False

    @property
    def client_count(self) -> int:
        return len(self._clients)

    @property
    def api_key_ids(self) -> set[str]:
        """Keys by which anyone listens."""
        return {client.listener.api_key_id for client in self._clients if client.listener.api_key_id is not None}

    def require_room(self, caller: str) -> None:
        """Raises TooManyClientsError when nobody more may listen, TooManyStreamsError when this caller may not."""
        if self._of_caller[caller] >= self.limits.clients_a_caller:
            raise TooManyStreamsError
        if len(self._clients) >= self.limits.clients:
            raise TooManyClientsError

    def join(self, client: Client) -> None:
        """Raises as `require_room`."""
        self.require_room(client.listener.caller)
        self._clients.add(client)
        self._of_caller[client.listener.caller] += 1
        if self._is_closed:
            client.end("shutdown")

    def leave(self, client: Client) -> None:
        self._clients.discard(client)
        self._of_caller[client.listener.caller] -= 1
        if not self._of_caller[client.listener.caller]:
            del self._of_caller[client.listener.caller]
        self.ended[client.end_reason or "gone"] += 1

    def wake_all(self) -> None:
        for client in self._clients:
            client.wake()

    def end_all(self, reason: EndReason) -> None:
        for client in self._clients:
            client.end(reason)

    def end_keys(self, reasons: Mapping[str, EndReason]) -> None:
        """End all who listen by one of these keys, each for its reason."""
        for client in self._clients:
            if (reason := reasons.get(client.listener.api_key_id or "")) is not None:
                client.end(reason)

    def close(self) -> None:
        """End all, and whoever still comes, as the process is about to end."""
        self._is_closed = True
        self.end_all("shutdown")
