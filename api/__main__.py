"""Starts the API: `python -m api`. Says its address, or in one line why it can't start (exit code 2).

Not here: the application (app) and the names of its settings (settings).
"""

from __future__ import annotations

import gc
import resource
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from api.bounded_http import BoundedHttp
from api.logs import start_logging
from api.settings import Settings, SettingsError

if TYPE_CHECKING:
    from api.app import Api

USAGE_ERROR = 2
STUCK_MS = 30_000
"""For how long a peer may leave what was sent to it unacknowledged before the kernel ends its connection."""

LARGEST_MESSAGE_BYTES = 64 * 1024
"""Of a client over a WebSocket."""


class Server(uvicorn.Server):
    """Says to those who listen to events why it ends, before it waits for connections to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app: Api = self.config.app  # type: ignore[assignment]  # as server_configuration gave it
        await app.state.feed.say_farewell()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything else is built. Raises SettingsError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"can't listen on {host} port {port} ({error.strerror or error}): "
            "stop what uses it, or change AIBAAS_API_PORT or AIBAAS_BIND"
        ) from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_MS)
    return listener


def server_configuration(app: Api) -> uvicorn.Config:
    """The server, and what it leaves to the application: logs, and who the caller is."""
    return uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        http=BoundedHttp,
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
    )


def allow_open_files() -> None:
    """As many as the machine allows: each who listens holds one, and the usual limit is 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def build(settings: Settings) -> Api:
    """The application. What is imported for it stays: the collector, which would look through it again and again, takes
    a seventh of the start, and later a pause of requests now and then.
    """
    gc.disable()
    from api.app import create_app  # noqa: PLC0415 - without the collector

    app = create_app(settings)
    gc.freeze()
    gc.enable()
    return app


def main() -> int:
    try:
        settings = Settings.from_environment()
        start_logging(settings)
        allow_open_files()
        app = build(settings)
        listener = listen(settings.bind, settings.port)
    except SettingsError as error:
        sys.stderr.write(f"aibaas-api: {error}\n")
        return USAGE_ERROR
    host = f"[{settings.bind}]" if ":" in settings.bind else settings.bind
    sys.stdout.write(f"aibaas-api: http://{host}:{listener.getsockname()[1]}/docs\n")
    sys.stdout.flush()
    with listener:
        Server(server_configuration(app)).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
