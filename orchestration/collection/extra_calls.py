"""The extra calls of an hour: the same questions again, to targets whose answers look as if they had changed.

They are planned, paid for, archived and graded as all calls are, and have a sample_index above 0. As they are asked
because of what was measured, no mean of an hour holds them. Not here: what looks like a change, and the verdict
(detection).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from orchestration.collection.plan import SAMPLE_INDEX
from orchestration.records import call_id_of
from orchestration.storage.confirmation_rows import PENDING, read_recent_confirmations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from orchestration.records import PlannedCall
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.confirmation_rows import ConfirmationRow

CALLS_PER_SIGNAL = 60
"""For a target in an hour: about five times what the hourly suite asks."""
MOST_SAMPLES = 6
WAITS = timedelta(hours=2)
"""For how long after its hour a signal waits for extra answers."""


@dataclass(frozen=True, slots=True)
class ExtraCalls:
    """What is asked beyond the plan, and for how many signals there was no room."""

    calls: Sequence[PlannedCall]
    asked_signals: int
    left_signals: int

    def told(self) -> dict[str, Any]:
        return {
            "confirming_calls": len(self.calls),
            "confirmed_signals": self.asked_signals,
            "signals_without_room": self.left_signals,
        }


def confirming_calls(connection: Connection, plan: Sequence[PlannedCall], most_calls: int) -> ExtraCalls:
    """The extra calls of the planned hours, at most `most_calls` in each."""
    by_hour: dict[datetime, list[PlannedCall]] = defaultdict(list)
    for call in plan:
        by_hour[call.benchmark_hour].append(call)
    if not by_hour or not most_calls:
        return ExtraCalls([], 0, 0)
    known = read_recent_confirmations(connection, min(by_hour) - WAITS)
    found = [extra_calls(calls, _waiting(known, hour), most_calls) for hour, calls in by_hour.items()]
    return ExtraCalls(
        [call for extra in found for call in extra.calls],
        sum(extra.asked_signals for extra in found),
        sum(extra.left_signals for extra in found),
    )


def _waiting(rows: Iterable[ConfirmationRow], hour: datetime) -> list[ConfirmationRow]:
    """Those that wait for answers of that hour, the strongest first."""
    waiting = [row for row in rows if row.verdict == PENDING and timedelta(0) < hour - row.signal_hour <= WAITS]
    return sorted(waiting, key=lambda row: (-abs(row.statistic), row.confirmation_id))


def extra_calls(plan: Sequence[PlannedCall], waiting: Iterable[ConfirmationRow], most_calls: int) -> ExtraCalls:
    """The questions of an hour's plan that concern the signals again, as often as makes about 60 calls for each.

    Two signals of a target share their calls. One whose calls would be too many is left, and a smaller one may follow.
    """
    chosen: dict[UUID, PlannedCall] = {}
    asked = left = 0
    for row in waiting:
        extra = {call.call_id: call for call in _repeated(_concerned(plan, row))}
        new = {key: call for key, call in extra.items() if key not in chosen}
        if extra and len(chosen) + len(new) <= most_calls:
            chosen |= new
            asked += 1
        elif extra:
            left += 1
    return ExtraCalls(list(chosen.values()), asked, left)


def _concerned(plan: Iterable[PlannedCall], row: ConfirmationRow) -> list[PlannedCall]:
    """A real target is asked no more about an hour that has ended: what it says then is late."""
    return [
        call
        for call in plan
        if (call.target_id, call.suite, call.is_simulated) == row.stream
        and call.status == "planned"
        and (not row.scenario_ids or call.scenario_id in row.scenario_ids)
        and (call.is_simulated or call.planned_at < call.benchmark_hour + timedelta(hours=1))
    ]


def _repeated(calls: Sequence[PlannedCall]) -> list[PlannedCall]:
    if not calls:
        return []
    samples = min(max(round(CALLS_PER_SIGNAL / len(calls)), 1), MOST_SAMPLES)
    return [_again(call, SAMPLE_INDEX + number) for number in range(1, samples + 1) for call in calls]


def _again(call: PlannedCall, sample: int) -> PlannedCall:
    key = (call.benchmark_hour, call.target_id, call.scenario_id, call.scenario_version, call.variant_seed)
    return replace(call, sample_index=sample, call_id=call_id_of(*key, sample))
