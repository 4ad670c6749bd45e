"""What ought to be asked in a benchmark hour, in the order in which it is asked.

Not here: asking it (collect), nor what was asked already.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.records import PlannedCall, benchmark_hour_of, call_id_of
from orchestration.settings import OperatorError
from scenarios.schema import HOURS_OF, PUBLIC_SEED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orchestration.collection.rotation import Rotation
    from orchestration.providers.targets import Target
    from scenarios.loader import Catalogue
    from scenarios.schema import Scenario, Suite

SAMPLE_INDEX = 0
"""Of what is asked in every hour; calls with a higher one confirm a change (extra_calls)."""


def plan_hour(
    hour: datetime,
    catalogue: Catalogue,
    suite: Suite,
    targets: Sequence[Target],
    *,
    planned_at: datetime | None = None,
    spare_past: bool = False,
    rotation: Rotation | None = None,
) -> list[PlannedCall]:
    """One call per variant of `suite` and enabled target, one variant after the other.

    A scenario is asked in its public variant, and in the month's fresh one of `rotation` where the suite wants it.
    Targets take turns, and another one begins in every hour and for every variant, so that none is always asked first
    or last. The same arguments give the same calls in the same order. With `spare_past` an hour that has ended before
    it is planned is planned only for targets that answer for past hours: nothing is paid for late answers.
    """
    start = benchmark_hour_of(hour)
    moment = planned_at or datetime.now(UTC)
    only_past = spare_past and moment >= start + timedelta(hours=1)
    enabled = [t for t in targets if t.is_enabled and (t.answers_for_past_hours or not only_past)]
    offset = int(start.timestamp()) // 3600
    return [
        _planned(start, suite, scenario, seed, target, moment)
        for index, (scenario, seed) in enumerate(_variants(start, catalogue, suite, rotation))
        for target in _rotated(enabled, offset + index)
    ]


def due_suites(hour: datetime, suites: Iterable[Suite]) -> list[Suite]:
    """The suites whose turn is in a benchmark hour: every six hours and every day from midnight (UTC) on."""
    return [suite for suite in suites if benchmark_hour_of(hour).hour % HOURS_OF[suite.cadence] == 0]


def measured_suites(catalogue: Catalogue, names: Sequence[str] | None) -> list[Suite]:
    """The suites of these names, all of them without any. Raises OperatorError for a name that there is not."""
    for name in names or ():
        if name not in catalogue.suites:
            raise OperatorError(f"AIBAAS_SUITES: no suite {name!r}; there are: {', '.join(catalogue.suites)}")
    return [suite for name, suite in catalogue.suites.items() if not names or name in names]


def _variants(
    hour: datetime, catalogue: Catalogue, suite: Suite, rotation: Rotation | None
) -> Iterator[tuple[Scenario, int]]:
    for scenario_id in suite.scenario_ids:
        scenario = catalogue.scenarios[scenario_id]
        yield scenario, PUBLIC_SEED
        if rotation and suite.variants == "public-and-fresh" and (fresh := rotation.seed(scenario, hour)):
            yield scenario, fresh


def askable_calls(calls: Iterable[PlannedCall], catalogue: Catalogue) -> list[PlannedCall]:
    """The planned calls whose scenario version the catalogue still holds.

    An hour keeps the plan that it had; a call whose scenario has changed since then stays unanswered.
    """
    versions = {(scenario.id, scenario.version) for scenario in catalogue.scenarios.values()}
    return [call for call in calls if (call.scenario_id, call.scenario_version) in versions]


def _rotated(targets: list[Target], offset: int) -> list[Target]:
    first = offset % len(targets) if targets else 0
    return targets[first:] + targets[:first]


def _planned(
    hour: datetime, suite: Suite, scenario: Scenario, seed: int, target: Target, planned_at: datetime
) -> PlannedCall:
    return PlannedCall(
        benchmark_hour=hour,
        call_id=call_id_of(hour, target.target_id, scenario.id, scenario.version, seed, SAMPLE_INDEX),
        suite=suite.name,
        suite_version=suite.version,
        target_id=target.target_id,
        scenario_id=scenario.id,
        scenario_version=scenario.version,
        variant_seed=seed,
        sample_index=SAMPLE_INDEX,
        is_simulated=target.is_simulated,
        status="planned",
        reason=None,
        planned_at=planned_at,
    )
