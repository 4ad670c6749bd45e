"""Which fresh variant of a scenario is asked in which month: known to who holds the key, and to nobody before.

Not here: what a seed makes of a scenario (scenarios.variants), nor which suites ask fresh variants (suites.yaml).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from datetime import UTC
from typing import TYPE_CHECKING, Final

from orchestration.settings import OperatorError
from scenarios.schema import PUBLIC_SEED
from scenarios.variants import variant_count

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from scenarios.schema import Scenario

KEY_BYTES: Final = 32


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


def rotation_key(file: Path) -> bytes:
    """The key in `file`, which is made with the first use and readable by its owner alone. Raises OperatorError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        if not file.exists():
            write_once(made, file)
        key = file.read_bytes()
    except OSError as error:
        raise OperatorError(
            f"{file}: {error.strerror}; make it readable and writable or set AIBAAS_ROTATION_KEY"
        ) from None
    if len(key) < KEY_BYTES:
        raise OperatorError(f"{file} is not whole; delete it and another one is made (this month's fresh seeds change)")
    return key


def write_once(made: Path, file: Path) -> None:
    """A whole key under its name; where another process was faster, its key stays."""
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secrets.token_bytes(KEY_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(made, file)
    except FileExistsError:
        pass
    finally:
        made.unlink()
