from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from orchestration.collection.plan import plan_hour
from tests.support.scripted_targets import scripted_target

HOUR = datetime(2026, 11, 20, 10, tzinfo=UTC)
SCENARIOS = {f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=2) for n in range(5)}
CATALOGUE: Any = SimpleNamespace(scenarios=SCENARIOS)
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=tuple(SCENARIOS))
TARGETS = [scripted_target("http://x", name=f"sim-{n}", is_simulated=True) for n in range(3)]


def test_every_target_is_asked_every_scenario_once_in_a_stable_order() -> None:
    plan = plan_hour(HOUR + timedelta(minutes=7), CATALOGUE, SUITE, TARGETS, planned_at=HOUR)
    assert plan == plan_hour(HOUR, CATALOGUE, SUITE, TARGETS, planned_at=HOUR)
    assert len({call.call_id for call in plan}) == len(plan) == 15
    assert {call.benchmark_hour for call in plan} == {HOUR}
    assert all((call.status, call.scenario_version, call.is_simulated) == ("planned", 2, True) for call in plan)


def test_targets_take_turns_in_being_first() -> None:
    plan = plan_hour(HOUR, CATALOGUE, SUITE, TARGETS, planned_at=HOUR)
    assert Counter(call.target_id for call in plan[:3]) == Counter({t.target_id: 1 for t in TARGETS})
    firsts = {plan_hour(HOUR + timedelta(hours=n), CATALOGUE, SUITE, TARGETS)[0].target_id for n in range(3)}
    assert firsts == {target.target_id for target in TARGETS}


def test_disabled_targets_are_left_out_and_real_targets_of_past_hours_where_they_are_spared() -> None:
    real = scripted_target("http://x", name="real")
    off = scripted_target("http://x", name="off", disabled_reason="missing KEY")
    now = plan_hour(HOUR, CATALOGUE, SUITE, [real, off, *TARGETS], planned_at=HOUR + timedelta(minutes=59))
    ended = HOUR + timedelta(minutes=60)
    late = plan_hour(HOUR, CATALOGUE, SUITE, [real, off, *TARGETS], planned_at=ended)
    past = plan_hour(HOUR, CATALOGUE, SUITE, [real, off, *TARGETS], planned_at=ended, spare_past=True)
    assert real.target_id in {call.target_id for call in late}
    assert {call.target_id for call in now} == {"real", "sim-0", "sim-1", "sim-2"}
    assert {call.target_id for call in past} == {"sim-0", "sim-1", "sim-2"}
    assert plan_hour(HOUR, CATALOGUE, SUITE, [off], planned_at=HOUR) == []
