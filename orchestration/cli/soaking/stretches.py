"""The hours of a soak as its runs take them: each run a stretch of partitions.

Not here: running them (hours).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.defs.partitions import partition_key_of, partition_tags

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive hours, oldest first."""

    hours: tuple[datetime, ...]

    @property
    def key(self) -> str:
        """Its first partition, by which its runs are known."""
        return partition_key_of(self.hours[0])

    @property
    def tags(self) -> dict[str, str]:
        return partition_tags(self.hours[0], self.hours[-1])


def stretches_of(hours: Sequence[datetime], size: int) -> list[Stretch]:
    """`size` hours each, the last one what is left."""
    return [Stretch(tuple(hours[start : start + size])) for start in range(0, len(hours), size)]
