"""Who may listen: the one place that every way of hearing events asks first, and that looks again while they listen.

Not here: what they hear (feed.py), nor which tiers may (api.entitlements).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from api.accounts.principal import get_principal
from api.accounts.queries import tiers_of_living_keys
from api.database import DatabaseUnavailableError, QueryTimeoutError
from api.entitlements import TIERS, higher, refuse_feature
from api.errors import ProblemError
from api.realtime.hub import Listener

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.requests import HTTPConnection

    from api.accounts.database import AccountsDatabase
    from api.entitlements import Tier, TierName
    from api.realtime.feed import Feed
    from api.realtime.hub import EndReason, Hub

FEATURE: Final = "real_time"
LOOK_EVERY_S = 5.0
"""All keys by which anyone listens are looked up so often, in one query."""

logger = logging.getLogger(__name__)


def admit(connection: HTTPConnection, feed: Feed) -> Listener:
    """Who listens.

    Raises not-in-tier for a tier without real time, TooManyClientsError when as many listen as may, and
    TooManyStreamsError when as many of these are the caller's.
    """
    principal = get_principal(connection)
    refuse_feature(principal.tier, FEATURE)
    feed.hub.require_room(principal.caller)
    api_key_id = None if principal.holder is None else principal.holder.api_key_id
    return Listener(principal.caller, api_key_id, principal.history_start)


class Watch:
    """Ends those who listen by a key that would be refused by now."""

    def __init__(self, accounts: AccountsDatabase, hub: Hub, anonymous: Tier) -> None:
        self._accounts = accounts
        self._hub = hub
        self._anonymous = anonymous

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """For the time of the block."""
        watching = asyncio.create_task(self._look_again())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait([watching])

    async def _look_again(self) -> None:
        """While accounts can't be asked everyone goes on: an outage is no revocation."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self._look()
            except (ProblemError, DatabaseUnavailableError, QueryTimeoutError):
                continue
            except Exception:
                logger.exception("keys of those who listen can't be looked up")

    async def _look(self) -> None:
        if not (listening := self._hub.api_key_ids):
            return
        tiers = await tiers_of_living_keys(self._accounts, listening)
        reasons = {api_key_id: self._reason(tiers.get(api_key_id)) for api_key_id in listening}
        self._hub.end_keys({api_key_id: reason for api_key_id, reason in reasons.items() if reason is not None})

    def _reason(self, tier: TierName | None) -> EndReason | None:
        if tier is None:
            return "key_ended"
        return None if FEATURE in higher(TIERS[tier], self._anonymous).features else "not_in_tier"
