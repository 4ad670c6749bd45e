"""Resident memory of the services over a soak, and whether it grows.

Not here: reading it (services).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

WATCHED = ("daemon", "webserver", "code")
MOST_GROWTH = 0.05
_SHARE = 5
"""The first and the last fifth of the second half are compared, by their medians."""


@dataclass(frozen=True, slots=True)
class Growth:
    """MB at the beginning and at the end of the second half."""

    name: str
    before_mb: float
    after_mb: float

    @property
    def share(self) -> float:
        return self.after_mb / self.before_mb - 1


@dataclass(slots=True)
class MemorySamples:
    """Samples of the second half, by service and process: one that was started again begins anew."""

    taken: dict[str, dict[int, list[float]]] = field(default_factory=dict)

    def add(self, name: str, pid: int, mb: float) -> None:
        self.taken.setdefault(name, {}).setdefault(pid, []).append(mb)

    def growth(self) -> list[Growth]:
        """Of each service's last process; none of one with fewer samples than can be compared."""
        found = []
        for name, by_process in self.taken.items():
            samples = list(by_process.values())[-1]
            if len(samples) >= 2 * _SHARE:
                part = len(samples) // _SHARE
                found.append(Growth(name, median(samples[:part]), median(samples[-part:])))
        return found
