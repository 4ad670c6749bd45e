from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from orchestration.collection.plan import due_suites, plan_hour
from orchestration.collection.rotation import Rotation
from orchestration.settings import PROJECT_ROOT
from scenarios.loader import load_catalogue
from scenarios.schema import Suite
from scenarios.variants import variant_count
from tests.support.scripted_targets import scripted_target

HOUR = datetime(2026, 11, 20, 10, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 12, 1, tzinfo=UTC)
SCENARIOS = {f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=2) for n in range(5)}
CATALOGUE: Any = SimpleNamespace(scenarios=SCENARIOS)
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=tuple(SCENARIOS), variants="public")
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


@pytest.mark.parametrize(
    ("hour", "due"), [(0, ["often", "core", "full"]), (5, ["often"]), (6, ["often", "core"]), (23, ["often"])]
)
def test_suites_are_due_by_their_cadence(hour: int, due: list[str]) -> None:
    suites = [
        Suite(name="often", version=1, cadence="hourly", scenario_ids=("sql/a",)),
        Suite(name="core", version=1, cadence="every-6-hours", scenario_ids=("sql/a",)),
        Suite(name="full", version=1, cadence="daily", scenario_ids=("sql/a",)),
    ]
    assert [suite.name for suite in due_suites(HOUR.replace(hour=hour), suites)] == due


def test_a_month_has_one_fresh_variant_of_each_scenario_that_only_the_key_tells() -> None:
    scenarios = [s for s in load_catalogue(PROJECT_ROOT / "scenarios").scenarios.values() if variant_count(s) > 12]
    drawn = [[Rotation(key).seed(s, month) for s in scenarios] for key in (b"a", b"b") for month in (HOUR, NEXT_MONTH)]
    assert drawn[0] == [Rotation(b"a").seed(s, HOUR + timedelta(days=9)) for s in scenarios]
    assert all(0 < (seed or 0) < variant_count(s) for seeds in drawn for seed, s in zip(seeds, scenarios, strict=True))
    same = [sum(a == b for a, b in zip(drawn[0], other, strict=True)) for other in drawn[1:]]
    assert max(same) < len(scenarios) / 3


def test_a_fresh_variant_is_asked_beside_the_public_one_where_the_suite_wants_it() -> None:
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios")
    suite = Suite(
        name="core", version=1, cadence="daily", variants="public-and-fresh",
        scenario_ids=("bug-fixing/off-by-one-pager",),
    )  # fmt: skip
    plan = plan_hour(HOUR, catalogue, suite, TARGETS, rotation=Rotation(b"key"))
    fresh = Rotation(b"key").seed(catalogue.scenarios[suite.scenario_ids[0]], HOUR)
    assert Counter(call.variant_seed for call in plan) == {0: 3, fresh: 3}
    assert len({call.call_id for call in plan}) == 6
    assert {call.variant_seed for call in plan_hour(HOUR, catalogue, suite, TARGETS)} == {0}
