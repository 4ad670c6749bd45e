"""A server that introduces itself as an old PostgreSQL and agrees to everything; no old one is at hand to install.

Not here: real servers (embedded_postgres).
"""

from __future__ import annotations

import socketserver
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_THE_CLEAR = {80877103, 80877104}  # requests for TLS and for GSSAPI encryption, which may be declined


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


_READY = _message(b"Z", b"I")


class _Session(socketserver.StreamRequestHandler):
    """Protocol 3.0: the start without a password, then `SET` as the answer to every simple query."""

    server: _OldServer

    def handle(self) -> None:
        while self._read_start() in _IN_THE_CLEAR:
            self.wfile.write(b"N")
        version = _message(b"S", b"server_version\0" + self.server.version.encode() + b"\0")
        encoding = _message(b"S", b"client_encoding\0UTF8\0")
        self.wfile.write(_message(b"R", struct.pack("!I", 0)) + version + encoding + _READY)
        while (kind := self.rfile.read(1)) not in {b"", b"X"}:
            (size,) = struct.unpack("!I", self.rfile.read(4))
            self.rfile.read(size - 4)
            self.wfile.write(_message(b"C", b"SET\0") + _READY if kind == b"Q" else b"")

    def _read_start(self) -> int:
        size, code = struct.unpack("!II", self.rfile.read(8))
        self.rfile.read(size - 8)
        return int(code)


class _OldServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, version: str) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.version = version


@contextmanager
def old_server(version: str) -> Iterator[int]:
    """The port that it listens on."""
    with _OldServer(version) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
