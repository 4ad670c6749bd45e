"""The id of the request that is being answered: the caller's own where it is one, else a new one.

Not here: where it is sent back (headers) and written (logs).
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

HEADER = b"x-request-id"
SHAPE = re.compile(rb"[A-Za-z0-9._-]{1,64}")
"""What may be echoed and logged: no space, no control character, nothing that ends a line."""

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def begin_request(given: bytes | None) -> bytes:
    """The id under which the rest of this task is logged."""
    request_id = given if given is not None and SHAPE.fullmatch(given) else secrets.token_hex(8).encode()
    _current.set(request_id.decode())
    return request_id


def current_request_id() -> str | None:
    """None outside a request."""
    return _current.get()
