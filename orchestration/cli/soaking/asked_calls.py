"""What the models' server answered, against what the archive holds: nothing paid is lost or paid twice unseen.

Not here: counting at the server (counted_models), nor the rows of the database (storage.reconciliation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.cli.soaking.counted_models import Asked, asked_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from orchestration.cli.soaking.stretches import Stretch
    from orchestration.storage.archive import Archive


@dataclass(slots=True)
class AskedCalls:
    """`asked_again` counts answers that were on their way when a run was cut off, and were asked for again."""

    requests: int
    answered: int
    archived: int = 0
    kept: int = 0
    asked_again: int = 0
    differences: list[str] = field(default_factory=list)


def compare_asked(
    requests: int,
    answered: Mapping[Asked, int],
    archive: Archive,
    stretches: Sequence[Stretch],
    cut_runs: Mapping[str, int],
    in_flight: int,
    kept: AbstractSet[Asked],
) -> AskedCalls:
    """Each run of a stretch that was cut off may cost its calls under way, `in_flight`, again.

    `kept` were journalled when a fault struck: none of them may be asked again.
    """
    found = AskedCalls(requests, sum(answered.values()), kept=len(kept))
    for stretch in stretches:
        again = 0
        for hour in stretch.hours:
            again += sum(count - 1 for asked, count in answered.items() if asked.hour == hour)
            _compare_hour(found, hour, answered, archive)
        if again > in_flight * cut_runs.get(stretch.key, 0):
            found.differences.append(f"{stretch.key} {again} answers were asked for again")
        found.asked_again += again
    found.differences += [
        f"{asked.hour:%Y-%m-%dT%H} an answer of {asked.model} was journalled and asked for again"
        for asked in sorted(kept)
        if answered[asked] > 1
    ]
    return found


def _compare_hour(found: AskedCalls, hour: datetime, answered: Mapping[Asked, int], archive: Archive) -> None:
    by_status: dict[str, set[Asked]] = {}
    for response in archive.read(hour):
        by_status.setdefault(response.status, set()).add(asked_of(hour, response))
    archived = by_status.get("answered", set())
    found.archived += len(archived)
    sound = {asked for asked in answered if asked.hour == hour and asked.turn == 0}
    if lost := sound - archived - by_status.get("failed", set()):
        found.differences.append(f"{hour:%Y-%m-%dT%H} {len(lost)} answers were given and not archived")
