"""What ought to be asked in a benchmark hour, in the order in which it is asked.

Not here: asking it (collect), nor what was asked already.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.records import PlannedCall, benchmark_hour_of, call_id_of
from scenarios.schema import PUBLIC_SEED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.providers.targets import Target
    from scenarios.loader import Catalogue
    from scenarios.schema import Scenario, Suite

SAMPLE_INDEX = 0


def plan_hour(
    hour: datetime,
    catalogue: Catalogue,
    suite: Suite,
    targets: Sequence[Target],
    *,
    planned_at: datetime | None = None,
    spare_past: bool = False,
) -> list[PlannedCall]:
    """One call per scenario of `suite` and enabled target, one scenario after the other.

    Targets take turns, and another one begins in every hour and for every scenario, so that none is always asked
    first or last. The same arguments give the same calls in the same order. With `spare_past` an hour that has ended
    before it is planned is planned only for targets that answer for past hours: nothing is paid for late answers.
    """
    start = benchmark_hour_of(hour)
    moment = planned_at or datetime.now(UTC)
    only_past = spare_past and moment >= start + timedelta(hours=1)
    enabled = [t for t in targets if t.is_enabled and (t.answers_for_past_hours or not only_past)]
    offset = int(start.timestamp()) // 3600
    return [
        _planned(start, suite, catalogue.scenarios[scenario_id], target, moment)
        for index, scenario_id in enumerate(suite.scenario_ids)
        for target in _rotated(enabled, offset + index)
    ]


def askable_calls(calls: Iterable[PlannedCall], catalogue: Catalogue) -> list[PlannedCall]:
    """The planned calls whose scenario version the catalogue still holds.

    An hour keeps the plan that it had; a call whose scenario has changed since then stays unanswered.
    """
    versions = {(scenario.id, scenario.version) for scenario in catalogue.scenarios.values()}
    return [call for call in calls if (call.scenario_id, call.scenario_version) in versions]


def _rotated(targets: list[Target], offset: int) -> list[Target]:
    first = offset % len(targets) if targets else 0
    return targets[first:] + targets[:first]


def _planned(hour: datetime, suite: Suite, scenario: Scenario, target: Target, planned_at: datetime) -> PlannedCall:
    return PlannedCall(
        benchmark_hour=hour,
        call_id=call_id_of(hour, target.target_id, scenario.id, scenario.version, PUBLIC_SEED, SAMPLE_INDEX),
        suite=suite.name,
        suite_version=suite.version,
        target_id=target.target_id,
        scenario_id=scenario.id,
        scenario_version=scenario.version,
        variant_seed=PUBLIC_SEED,
        sample_index=SAMPLE_INDEX,
        is_simulated=target.is_simulated,
        status="planned",
        reason=None,
        planned_at=planned_at,
    )
