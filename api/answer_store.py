"""Whole answers in memory, the most recently used of them, within a number of bytes.

Not here: for how long an answer is right (caching).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute

OVERHEAD_BYTES = 2048
"""What an answer takes beside its body: headers, key and the objects around them."""
SHARE = 8
"""No answer takes more than this part of the whole, so that one can't drive all others out."""


class Key(NamedTuple):
    """Everything of a request that its answer depends on."""

    path: str
    query: bytes
    forms: tuple[str, ...]
    coding: bytes
    audience: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with status 200, as it goes out but for what every answer carries."""

    etag: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    route: BaseRoute
    stored_at: float


class AnswerStore:
    """Answers by what was asked."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self.used_bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: Key) -> Answer | None:
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Keeps the answer if it is small enough, in place of those that were not asked for the longest time."""
        self._drop(key)
        if _size(answer) * SHARE > self.limit_bytes:
            return
        self._answers[key] = answer
        self.used_bytes += _size(answer)
        while self.used_bytes > self.limit_bytes:
            self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        self._answers.clear()
        self.used_bytes = 0

    def _drop(self, key: Key) -> None:
        if (dropped := self._answers.pop(key, None)) is not None:
            self.used_bytes -= _size(dropped)


def _size(answer: Answer) -> int:
    return len(answer.body) + OVERHEAD_BYTES
