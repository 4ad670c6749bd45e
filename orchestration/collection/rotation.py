"""Which fresh variant of a scenario is asked in which month: known to who holds the key, and to nobody before.

Not here: what a seed makes of a scenario (scenarios.variants), nor which suites ask fresh variants (suites.yaml).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC
from typing import TYPE_CHECKING

from scenarios.schema import PUBLIC_SEED
from scenarios.variants import variant_count

if TYPE_CHECKING:
    from datetime import datetime

    from scenarios.schema import Scenario


class Rotation:
    """The fresh seeds of an installation; all hours of a month share them, so that hours are compared pair by pair."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seed(self, scenario: Scenario, hour: datetime) -> int | None:
        """A seed that is not the public one; None for a scenario that has one variant only."""
        count = variant_count(scenario) - 1
        if count < 1:
            return None
        drawn = self._number(f"{scenario.id}|{scenario.version}|{hour.astimezone(UTC):%Y-%m}")
        return PUBLIC_SEED + 1 + drawn % count

    def _number(self, name: str) -> int:
        return int.from_bytes(hmac.new(self._key, name.encode(), hashlib.sha256).digest()[:8])
