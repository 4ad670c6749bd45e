"""Who may listen: the one place that every way of hearing events asks first.

Not here: what they hear (feed.py), nor which tiers may (api.entitlements).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.accounts.principal import get_principal
from api.entitlements import refuse_feature

if TYPE_CHECKING:
    from fastapi.requests import HTTPConnection

    from api.realtime.feed import Feed


def admit(connection: HTTPConnection, feed: Feed) -> None:
    """Raises not-in-tier for a tier without real time, and TooManyClientsError when as many listen as may."""
    refuse_feature(get_principal(connection).tier, "real_time")
    feed.hub.require_room()
