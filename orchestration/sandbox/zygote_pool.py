"""Zygotes that wait for work, and how many runs there may be at once.

Not here: a zygote itself (zygote).
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.sandbox.users import MOST_SLOTS
from orchestration.sandbox.zygote import StartError, Zygote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.sandbox.profiles import Profile


class ZygotePool:
    """Lends a zygote to one run at a time. As many runs as processors go at once; others wait their turn."""

    def __init__(self, slots: int | None = None) -> None:
        self._turns = threading.BoundedSemaphore(slots or os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._idle: dict[Profile, list[tuple[Zygote, int]]] = {}
        self._lent: set[Zygote] = set()
        self._free = set(range(MOST_SLOTS))
        self._is_closed = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._turns:
            yield

    @contextmanager
    def lend(self, profile: Profile) -> Iterator[Zygote]:
        """A zygote of that kind, an idle one or a new one. One that failed is not used again.

        Raises StartError when a new one does not come up, MissingProgramError when the machine lacks its program.
        """
        zygote, slot = self._take_idle(profile) or self._start(profile)
        is_sound = False
        try:
            yield zygote
            is_sound = True
        finally:
            self._give_back(zygote, slot, is_sound=is_sound)

    def _take_idle(self, profile: Profile) -> tuple[Zygote, int] | None:
        with self._lock:
            waiting = self._idle.setdefault(profile, [])
            while waiting:
                zygote, slot = waiting.pop()
                if zygote.is_alive:
                    self._lent.add(zygote)
                    return zygote, slot
                self._free.add(slot)
                zygote.close()
        return None

    def _start(self, profile: Profile) -> tuple[Zygote, int]:
        with self._lock:
            if self._is_closed or not self._free:
                raise StartError("the sandbox is closed" if self._is_closed else "too many cells at once")
            slot = self._free.pop()
        try:
            zygote = Zygote(profile, slot)
        except BaseException:
            with self._lock:
                self._free.add(slot)
            raise
        with self._lock:
            self._lent.add(zygote)
        return zygote, slot

    def _give_back(self, zygote: Zygote, slot: int, *, is_sound: bool) -> None:
        with self._lock:
            self._lent.discard(zygote)
            if is_sound and not self._is_closed and zygote.channel.fileno() >= 0:
                self._idle[zygote.profile].append((zygote, slot))
                return
            self._free.add(slot)
        zygote.close()

    def close(self) -> None:
        """End every zygote; runs that are under way end with theirs."""
        with self._lock:
            self._is_closed = True
            idle = [zygote for waiting in self._idle.values() for zygote, _ in waiting]
            self._idle.clear()
            lent = list(self._lent)
        for zygote in idle:
            zygote.close()
        for zygote in lent:
            zygote.interrupt()
