from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from orchestration.records import PlannedCall, call_id_of
from orchestration.storage.database import COLLECTOR
from orchestration.storage.raw_tables import record_plan
from orchestration.storage.read_back import read_plan

if TYPE_CHECKING:
    from orchestration.storage.database import Database

FIRST = datetime(2026, 11, 20, tzinfo=UTC)
HOURS = [FIRST + timedelta(hours=n) for n in range(60)]
SCENARIOS = [f"sql/task-{n}" for n in range(5)]
TARGETS = ["a", "b", "c", "z"]


def planned(hour: datetime, target_id: str, scenario_id: str, seed: int) -> PlannedCall:
    call_id = call_id_of(hour, target_id, scenario_id, 1, seed, 0)
    return PlannedCall(
        hour, call_id, "core", 1, target_id, scenario_id, 1, seed, 0, False, "planned", None, planned_at=hour
    )


def test_a_plan_is_read_scenario_by_scenario_and_in_each_of_them_all_targets_take_turns(database: Database) -> None:
    calls = [planned(h, t, s, seed) for h in HOURS for t in TARGETS for s in SCENARIOS for seed in (0, 9)]
    with database.connect(COLLECTOR) as connection:
        record_plan(connection, calls)
        plans = read_plan(connection, HOURS)
        assert read_plan(connection, HOURS) == plans
    assert list(plans) == HOURS
    first, last = Counter[str](), Counter[str]()
    for hour in HOURS:
        groups = [(key, list(group)) for key, group in groupby(plans[hour], lambda c: (c.scenario_id, c.variant_seed))]
        assert [key for key, _ in groups] == [(scenario, seed) for scenario in SCENARIOS for seed in (0, 9)]
        assert all(sorted(call.target_id for call in group) == TARGETS for _, group in groups)
        first.update(group[0].target_id for _, group in groups)
        last.update(group[-1].target_id for _, group in groups)
    # 600 draws among four: 150 each, with a standard deviation of 10.6.
    assert all(100 < counted[target] < 200 for counted in (first, last) for target in TARGETS)
