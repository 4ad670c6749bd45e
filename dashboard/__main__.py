"""`python -m dashboard`: runs the Streamlit server, with every option stated here.

Not here: pages. Streamlit reads no file of ours for its options, asks nothing, and sends nothing.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from streamlit import net_util
from streamlit.web import cli

from dashboard import theme
from dashboard.logs import start_logging
from dashboard.settings import Settings, SettingsError, settings

APP = Path(__file__).resolve().parent / "app.py"

QUIET = {
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "viewer",
    "logger.hideWelcomeMessage": "true",  # with an open address the welcome asks the internet for its own address
    "logger.level": "warning",
    "runner.magicEnabled": "false",
    "server.fileWatcherType": "none",
    "server.headless": "true",
    "server.showEmailPrompt": "false",
}


def refuse_taken_port(host: str, port: int) -> None:
    """Raises SettingsError when nothing can listen on `host` and `port`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as refused:
        raise SettingsError(
            f"can't listen on {host}:{port} ({(refused.strerror or str(refused)).lower()}): stop the program that "
            "listens there, or change AIBAAS_DASHBOARD_PORT or AIBAAS_BIND"
        ) from None


def ask_nobody_for_the_own_address() -> None:
    """A connection from a foreign origin makes Streamlit ask a host on the internet for this machine's address."""
    net_util.get_external_ip = lambda: None


def arguments(chosen: Settings) -> list[str]:
    """What Streamlit is told on its command line."""
    options = {
        "server.address": chosen.bind,
        "server.port": str(chosen.dashboard_port),
        **QUIET,
        **theme.streamlit_options(chosen),
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return ["run", str(APP), *flags]


def main() -> int:
    try:
        chosen = settings()
        told = arguments(chosen)
        refuse_taken_port(chosen.bind, chosen.dashboard_port)
    except SettingsError as wrong:
        sys.stderr.write(f"dashboard: {wrong}\n")
        return 2
    host = f"[{chosen.bind}]" if ":" in chosen.bind else chosen.bind
    sys.stdout.write(f"dashboard: http://{host}:{chosen.dashboard_port} reads the API at {chosen.api_url}\n")
    sys.stdout.flush()
    ask_nobody_for_the_own_address()
    start_logging(chosen)
    cli.main(told, prog_name="dashboard", standalone_mode=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
