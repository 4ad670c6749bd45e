"""Who may listen: the one place that every way of hearing events asks first.

Not here: what they hear (feed.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.requests import HTTPConnection

    from api.realtime.feed import Feed


def admit(connection: HTTPConnection, feed: Feed) -> None:  # noqa: ARG001 - tiers are told from it
    """Raises TooManyClientsError when as many listen as may."""
    feed.hub.require_room()
