"""Writes down which tiers have alerts, by which the pipeline knows to whom it may deliver.

Not here: what a tier may do (entitlements), nor the view that the pipeline reads (migrations).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from api.accounts.queries import record_alert_tiers
from api.database import DatabaseUnavailableError, QueryTimeoutError
from api.entitlements import TIERS, higher
from api.errors import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.accounts.database import AccountsDatabase
    from api.settings import Settings

NEXT_TRY_S = 30.0


@asynccontextmanager
async def written_down(accounts: AccountsDatabase, settings: Settings) -> AsyncIterator[None]:
    """Within the block, as soon as the database can be reached. Where no key is taken there is nobody to tell."""
    if settings.key_secret is None:
        yield
        return
    writing = asyncio.create_task(_write(accounts, tiers_with_alerts(settings)))
    try:
        yield
    finally:
        writing.cancel()
        await asyncio.wait([writing])


def tiers_with_alerts(settings: Settings) -> list[str]:
    """Where callers without a key have alerts, accounts of every tier have."""
    everyone = TIERS[settings.anonymous_tier]
    return [name for name, tier in TIERS.items() if "alerts" in higher(tier, everyone).features]


async def _write(accounts: AccountsDatabase, tiers: list[str]) -> None:
    while True:
        try:
            await record_alert_tiers(accounts, tiers)
        except (ProblemError, DatabaseUnavailableError, QueryTimeoutError):
            await asyncio.sleep(NEXT_TRY_S)
        else:
            return
