"""Which faults befall which hours of a soak: drawn from a seed, the same for the same seed.

Not here: bringing them about (faults).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


class FaultKind(StrEnum):
    """What can go wrong in a soak."""

    PROVIDER_ERRORS = "provider-errors"
    HANG = "hang"
    KILLED_WORKER = "killed-worker"
    KILLED_DAEMON = "killed-daemon"
    KILLED_CODE_SERVER = "killed-code-server"
    RESTARTED_DATABASE = "restarted-database"
    FULL_DISK = "full-disk"


HOURS_PER_FAULT = {
    FaultKind.PROVIDER_ERRORS: 8,
    FaultKind.HANG: 168,
    FaultKind.KILLED_WORKER: 28,
    FaultKind.KILLED_DAEMON: 84,
    FaultKind.KILLED_CODE_SERVER: 84,
    FaultKind.RESTARTED_DATABASE: 84,
    FaultKind.FULL_DISK: 168,
}
"""One fault of a kind in so many hours, and at least one of each kind that is wanted."""

IN_FIRST_HALF = {FaultKind.KILLED_DAEMON, FaultKind.KILLED_CODE_SERVER, FaultKind.RESTARTED_DATABASE}
"""In the second half memory is measured, which needs processes that live through it."""

ASKING = "raw__responses.collect_share"
STAGES = (ASKING, "raw__scores.grade_share", "resolved_models", "published_models")
"""Beginnings of step keys: where a run's worker is killed, one after the other."""

PROVIDER_FAULTS = ("429", "500", "503", "529", "malformed-json", "cut-stream", "wrong-usage", "other-model")
CALLS_HIT = 6


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A fault of one hour; `calls` are what the simulator does to the hour's first calls, `stage` when it happens."""

    kind: FaultKind
    hour: datetime
    calls: tuple[str, ...] = ()
    stage: str = ""


def fault_plan(hours: Sequence[datetime], kinds: Collection[FaultKind], seed: int) -> dict[datetime, PlannedFault]:
    """At most one fault an hour, and none in the first: its run makes the tables."""
    draw = random.Random(seed)  # noqa: S311 - a schedule, no secret
    planned: dict[datetime, PlannedFault] = {}
    for kind in sorted(kinds, key=lambda kind: (kind not in IN_FIRST_HALF, -HOURS_PER_FAULT[kind])):
        for number in range(max(1, len(hours) // HOURS_PER_FAULT[kind])):
            if free := _free(hours, planned, kind):
                hour = draw.choice(free)
                planned[hour] = _drawn(kind, hour, number, draw)
    return planned


def _free(hours: Sequence[datetime], planned: dict[datetime, PlannedFault], kind: FaultKind) -> list[datetime]:
    end = max(2, len(hours) // 2) if kind in IN_FIRST_HALF else len(hours)
    return [hour for hour in hours[1:end] if hour not in planned]


def _drawn(kind: FaultKind, hour: datetime, number: int, draw: random.Random) -> PlannedFault:
    if kind is FaultKind.PROVIDER_ERRORS:
        return PlannedFault(kind, hour, calls=tuple(draw.choice(PROVIDER_FAULTS) for _ in range(CALLS_HIT)))
    if kind is FaultKind.HANG:
        return PlannedFault(kind, hour, calls=("hang",) * 3)
    if kind is FaultKind.KILLED_WORKER:
        return PlannedFault(kind, hour, stage=STAGES[number % len(STAGES)])
    return PlannedFault(kind, hour, stage="" if kind is FaultKind.FULL_DISK else draw.choice(STAGES))
