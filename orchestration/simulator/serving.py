"""Starts the server: for ever in the foreground, or in a thread for as long as a block runs.

Not here: what is served.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHUTDOWN_S = 1.0
BACKLOG = 1024


async def _start(app: web.Application, bind: str, port: int) -> tuple[web.AppRunner, str]:
    """Listens; returns the runner and the base URL with the port that was chosen. Raises OperatorError."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, bind, port, backlog=BACKLOG).start()
    except (OSError, OverflowError) as error:
        await runner.cleanup()
        raise OperatorError(
            f"can't listen on {bind} port {port}: {_reason(error)}; free it or choose another"
        ) from None
    host, chosen, *_ = runner.addresses[0]
    return runner, f"http://{host}:{chosen}/v1"


def _reason(error: OSError | OverflowError) -> str:
    """The system's own words; asyncio's repeat the address."""
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return os.strerror(error.errno).lower()
    return str(error)


async def _serve(app: web.Application, bind: str, port: int, announce: Callable[[str], None]) -> None:
    runner, url = await _start(app, bind, port)
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    announce(url)
    await stopped.wait()
    await runner.cleanup()


def serve(app: web.Application, *, bind: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; `announce` is called with the base URL once it listens."""
    asyncio.run(_serve(app, bind, port, announce))


@contextmanager
def serving(app: web.Application, *, bind: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serves in a thread of its own while the block runs, which is given the base URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="model-server", daemon=True)
    thread.start()

    try:
        runner, url = asyncio.run_coroutine_threadsafe(_start(app, bind, port), loop).result()
        try:
            yield url
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
