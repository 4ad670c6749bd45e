"""Receivers of alerts: an HTTP server whose answers a test scripts, and a mail server.

Not here: what is sent to them.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

from aiosmtpd.controller import Controller

from tests.support.product import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass
class HttpReceiver:
    """What arrived, and the answers to come: a status, or `hang`; after the last one 204. Each takes `delay_s`."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    location: str = ""
    delay_s: float = 0.0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in self.requests]


@contextmanager
def http_receiver() -> Iterator[HttpReceiver]:
    """Listens on a free port of loopback until the end of the block."""
    received, ended = HttpReceiver(), threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(received.delay_s)
            answer = received.answers.pop(0) if received.answers else 204
            if isinstance(answer, str):
                ended.wait(60)
                return
            self.send_response(answer)
            if received.location:
                self.send_header("Location", received.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    received.url = f"http://127.0.0.1:{server.server_address[1]}/alerts"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield received
    finally:
        ended.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


class MailServer:
    """Mails that arrived; addresses that begin with `unknown` are refused for good, with `later` for now."""

    REFUSALS: ClassVar = {"unknown": "550 5.1.1 no such user", "later": "450 4.2.1 try again later"}

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.url = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        for beginning, refusal in self.REFUSALS.items():
            if address.startswith(beginning):
                return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Listens on a free port of loopback until the end of the block."""
    server = MailServer()
    (port,) = free_ports(1)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    server.url = f"smtp://127.0.0.1:{port}"
    try:
        yield server
    finally:
        controller.stop()
