"""Starts the API: `python -m api`. Says its address, or in one line why it can't start (exit code 2).

Not here: the application (app) and the names of its settings (settings).
"""

from __future__ import annotations

import socket
import sys

import uvicorn

from api.app import Api, create_app
from api.bounded_http import BoundedHttp
from api.logs import start_logging
from api.settings import Settings, SettingsError

USAGE_ERROR = 2


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything else is built. Raises SettingsError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"can't listen on {host} port {port} ({error.strerror or error}): "
            "stop what uses it, or change AIBAAS_API_PORT or AIBAAS_BIND"
        ) from None


def main() -> int:
    try:
        settings = Settings.from_environment()
        start_logging(settings)
        app = create_app(settings)
        listener = listen(settings.bind, settings.port)
    except SettingsError as error:
        sys.stderr.write(f"aibaas-api: {error}\n")
        return USAGE_ERROR
    host = f"[{settings.bind}]" if ":" in settings.bind else settings.bind
    sys.stdout.write(f"aibaas-api: http://{host}:{listener.getsockname()[1]}/docs\n")
    sys.stdout.flush()
    with listener:
        uvicorn.Server(server_configuration(app)).run(sockets=[listener])
    return 0


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
    )


if __name__ == "__main__":
    sys.exit(main())
