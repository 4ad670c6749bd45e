"""SIGINT and SIGTERM while an hour is collected: noted at once, obeyed when what was paid for is safe.

Not here: what is still done before it is obeyed (collect).
"""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruption() -> Iterator[asyncio.Event]:
    """Set by the first signal, which is sent again at the end of the block, to those who listened before.

    A second signal reaches them at once. Only the main thread of a program hears signals; in others it is never set.
    A signal that the program was told to ignore (a shell's background job and SIGINT) stays ignored.
    """
    noted = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    heard = _Heard(noted)
    try:
        yield noted
    finally:
        heard.restore()
    if heard.number is not None:
        signal.raise_signal(heard.number)


class _Heard:
    """Listens in place of the handlers before it, until it has heard one signal or is told to stop."""

    def __init__(self, noted: asyncio.Event) -> None:
        self.number: int | None = None
        self._noted = noted
        self._loop = asyncio.get_running_loop()
        handlers = {number: signal.getsignal(number) for number in SIGNALS}
        self._before: dict[int, Any] = {n: handler for n, handler in handlers.items() if handler != signal.SIG_IGN}
        for number in self._before:
            self._loop.add_signal_handler(number, self._hear, number)

    def _hear(self, number: int) -> None:
        self.number = number
        self._noted.set()
        self.restore()

    def restore(self) -> None:
        """Put the handlers back."""
        while self._before:
            number, handler = self._before.popitem()
            self._loop.remove_signal_handler(number)
            signal.signal(number, handler)
