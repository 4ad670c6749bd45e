"""What goes over the wire and what came back, as bytes with their arrival times.

Not here: sending it (transport), nor what it means (dialects).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.providers.failures import MalformedAnswerError, TruncatedAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One POST, or one GET where `body` is None."""

    url: str
    headers: Mapping[str, str]
    body: bytes | None
    is_streamed: bool = False


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An HTTP answer. Times are of the event loop's clock, in seconds; `pieces` are (arrival, bytes) in order.

    `headers` have lower-case names. `is_cut` says that the connection ended before the body did.
    """

    status: int
    headers: Mapping[str, str]
    pieces: Sequence[tuple[float, bytes]]
    started: float
    ended: float
    is_cut: bool = False

    @property
    def body(self) -> bytes:
        return self.pieces[0][1] if len(self.pieces) == 1 else b"".join(piece for _, piece in self.pieces)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def latency_ms(self) -> float:
        return (self.ended - self.started) * 1000

    @property
    def is_json(self) -> bool:
        return self.headers.get("content-type", "").startswith("application/json")


def json_object(answer: WireAnswer) -> dict[str, Any]:
    """The body as a JSON object. Raises MalformedAnswerError (TruncatedAnswerError where the connection was cut)."""
    if answer.is_cut:
        raise TruncatedAnswerError(f"the connection ended after {len(answer.body)} bytes of the answer")
    return _object_of(answer.body, answer)


def json_events(answer: WireAnswer) -> Iterator[tuple[float, dict[str, Any]]]:
    """The JSON objects of a stream (server-sent events or one object a line), each with its arrival.

    Raises MalformedAnswerError at an event that is no JSON object, TruncatedAnswerError where a cut made it so.
    """
    for arrival, line, is_whole in _lines(answer.pieces):
        data = line.removeprefix(b"data:").strip()
        if not data or data == b"[DONE]" or not (line.startswith((b"data:", b"{"))):
            continue
        try:
            yield arrival, _object_of(data, answer)
        except MalformedAnswerError:
            if is_whole:
                raise
            raise TruncatedAnswerError(f"the stream ended within an event: {data[-80:]!r}") from None


def _lines(pieces: Sequence[tuple[float, bytes]]) -> Iterator[tuple[float, bytes, bool]]:
    """Each line with the arrival of its last byte; the last one may lack its end."""
    rest = b""
    for arrival, piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield arrival, line, True
    if rest:
        yield pieces[-1][0], rest, False


def _object_of(data: bytes, answer: WireAnswer) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        raise MalformedAnswerError(_complaint(data, answer)) from None
    if not isinstance(value, dict):
        raise MalformedAnswerError(f"not a JSON object: {data[:80]!r}")
    return value


def _complaint(data: bytes, answer: WireAnswer) -> str:
    if not data.strip():
        return f"HTTP {answer.status} with an empty body"
    kind = answer.headers.get("content-type", "no content type")
    return f"not JSON ({kind}): {data[:120].decode('utf-8', 'replace')}"
