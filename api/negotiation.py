"""What a caller prefers, read from its headers Accept and Accept-Encoding (RFC 9110, 12.5).

Not here: how an answer takes one of these forms (published, tables).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

JSON = "application/json"
CSV = "text/csv"
ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
FORMS = (JSON, CSV, ARROW, PARQUET)
"""In the order in which the API prefers them."""

CODINGS = ("zstd", "br", "gzip")
"""Of the body, in the order in which the API prefers them."""


def forms_asked_for(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
    """The forms that a request takes, best first."""
    return preferred_forms(b",".join(value for name, value in headers if name == b"accept"))


@lru_cache(maxsize=256)
def preferred_forms(accept: bytes) -> tuple[str, ...]:
    """The forms that an Accept header takes, best first; all of them, JSON first, by an empty one."""
    if not accept.strip():
        return FORMS
    qualities = _qualities(accept)
    judged = [(_quality(form, qualities), form) for form in FORMS]
    return tuple(form for quality, form in sorted(judged, key=lambda each: -each[0]) if quality > 0)


@lru_cache(maxsize=256)
def preferred_coding(accept_encoding: bytes) -> bytes:
    """The first of the API's codings that the header takes; empty for none."""
    qualities = _qualities(accept_encoding)
    taken = (coding for coding in CODINGS if qualities.get(coding, qualities.get("*", 0.0)) > 0)
    return next(taken, "").encode()


def _qualities(header: bytes) -> dict[str, float]:
    return dict(filter(None, map(_range, header.decode("latin-1").split(","))))


def _range(said: str) -> tuple[str, float] | None:
    """A media range and its quality; None for nothing at all. What can't be read has none."""
    media_range, *parameters = (part.strip().lower() for part in said.split(";"))
    if not media_range:
        return None
    given = [value.strip() for name, _, value in (part.partition("=") for part in parameters) if name.strip() == "q"]
    try:
        quality = float(given[0]) if given else 1.0
    except ValueError:
        quality = 0.0
    return media_range, quality if 0 <= quality <= 1 else 0.0


def _quality(form: str, qualities: dict[str, float]) -> float:
    """Of the most exact range that takes the form."""
    for media_range in (form, f"{form.partition('/')[0]}/*", "*/*"):
        if media_range in qualities:
            return qualities[media_range]
    return 0.0
