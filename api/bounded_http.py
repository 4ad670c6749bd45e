"""HTTP/1.1 as the server speaks it, within bounds: the head of a request is neither endless nor ever on its way.

Not here: bounds of a head that is whole, and of a body (request_limits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

MAX_HEAD_BYTES = 128 * 1024
"""Far above what request_limits lets pass, which says what is wrong in better words."""
MAX_HEAD_S = 10.0


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's own protocol, which would keep whatever came before the end of the head, for as long as it came."""

    _is_in_head = False
    _head_bytes = 0
    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_in_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response("The headers are too large.")
        elif self._giving_up is None:
            self._wait_for_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._giving_up = self.loop.call_later(MAX_HEAD_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
