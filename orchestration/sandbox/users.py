"""Users that exist only while cells run: which ones, and whether this process may change into them.

Not here: changing (cell.confine).
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final

FIRST_USER: Final = 61_184
USER_COUNT: Final = 4_336
"""The ids that systemd reserves for users that exist only while something runs."""

MOST_SLOTS: Final = 64

NEEDED_CAPABILITIES: Final = 1 << 6 | 1 << 7 | 1 << 21
"""CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN."""


def user_of_slot(slot: int) -> int | None:
    """The user of a slot's cells, so that limits on processes count them alone; None where we can't change users.

    Slots of other processes of this machine get other users, as far as there are enough.
    """
    return FIRST_USER + (os.getpid() * MOST_SLOTS + slot) % USER_COUNT if may_change_user() else None


@cache
def may_change_user() -> bool:
    """Whether we are root with the capabilities for it, and the ids exist in our user namespace."""
    maps = (Path("/proc/self/uid_map"), Path("/proc/self/gid_map"))
    return os.geteuid() == 0 and has_capabilities() and all(covers_users(file.read_text()) for file in maps)


def has_capabilities() -> bool:
    lines = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace").splitlines()
    effective = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
    return int(effective, 16) & NEEDED_CAPABILITIES == NEEDED_CAPABILITIES


def covers_users(id_map: str) -> bool:
    ranges = [tuple(map(int, line.split())) for line in id_map.splitlines()]
    return any(inside <= FIRST_USER and inside + count >= FIRST_USER + USER_COUNT for inside, _, count in ranges)
