"""What the models' server answered, against what the archive holds: nothing paid is lost or paid twice unseen.

Not here: counting at the server (counted_models), nor the rows of the database (storage.reconciliation).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.cli.soaking.counted_models import Asked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from orchestration.storage.archive import Archive


@dataclass(slots=True)
class AskedCalls:
    """`asked_again` counts answers that were on their way when a process was killed, and were asked for again."""

    requests: int
    answered: int
    archived: int = 0
    asked_again: Counter[datetime] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def compare_asked(
    requests: int,
    answered: Mapping[Asked, int],
    archive: Archive,
    hours: Iterable[datetime],
    struck: Collection[datetime],
    in_flight: int,
) -> AskedCalls:
    """`struck` are the hours in which collecting was cut off; up to `in_flight` of their answers may be asked again."""
    found = AskedCalls(requests, sum(answered.values()))
    for hour in hours:
        responses = [response for response in archive.read(hour) if response.status == "answered"]
        archived = {Asked(hour, response.requested_model, response.prompt_sha256, 0) for response in responses}
        sound = {asked for asked in answered if asked.hour == hour and asked.turn == 0}
        found.archived += len(archived)
        again = sum(count - 1 for asked, count in answered.items() if asked.hour == hour)
        found.asked_again[hour] += again
        if again > (in_flight if hour in struck else 0):
            found.differences.append(f"{hour:%Y-%m-%dT%H} {again} answers were asked for again")
        failed = {
            Asked(hour, response.requested_model, response.prompt_sha256, 0)
            for response in archive.read(hour)
            if response.status == "failed"
        }
        if lost := sound - archived - failed:
            found.differences.append(f"{hour:%Y-%m-%dT%H} {len(lost)} answers were given and not archived")
    return found
