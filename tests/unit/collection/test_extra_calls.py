"""Which calls are made to confirm a change: the same questions, bounded, after all others."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from orchestration.collection.extra_calls import CALLS_PER_SIGNAL, MOST_SAMPLES, extra_calls
from orchestration.collection.plan import plan_hour
from tests.support.scripted_targets import scripted_target
from tests.support.signals import signal

if TYPE_CHECKING:
    from orchestration.records import PlannedCall
    from orchestration.storage.confirmation_rows import ConfirmationRow

HOUR = datetime(2026, 11, 20, 10, tzinfo=UTC)
SCENARIOS = {f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=2) for n in range(12)}
CATALOGUE: Any = SimpleNamespace(scenarios=SCENARIOS)
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=tuple(SCENARIOS), variants="public")
CORE: Any = SimpleNamespace(name="core", version=1, scenario_ids=tuple(SCENARIOS), variants="public")
TARGETS = [scripted_target("http://x", name=f"sim-{n}", is_simulated=True) for n in range(3)]
REAL = scripted_target("http://x", name="real")


def plan(*suites: Any, planned_at: datetime = HOUR) -> list[PlannedCall]:
    return [
        call
        for suite in suites or (SUITE,)
        for call in plan_hour(HOUR, CATALOGUE, suite, [*TARGETS, REAL], planned_at=planned_at)
    ]


def seen(target: str = "sim-0", **changes: Any) -> ConfirmationRow:
    return signal(target, HOUR - timedelta(hours=1), is_simulated=target != "real", **changes)


def test_a_target_is_asked_the_same_questions_again_under_other_sample_numbers() -> None:
    extra = extra_calls(plan(SUITE, CORE), [seen()], 1000)
    assert {call.target_id for call in extra.calls} == {"sim-0"}
    assert {call.suite for call in extra.calls} == {"canary"}
    assert Counter(call.sample_index for call in extra.calls) == dict.fromkeys(range(1, 6), 12)
    assert len(extra.calls) == CALLS_PER_SIGNAL
    ids = {call.call_id for call in extra.calls}
    assert len(ids) == len(extra.calls)
    assert not ids & {call.call_id for call in plan(SUITE, CORE)}
    assert extra.told() == {"confirming_calls": 60, "confirmed_signals": 1, "signals_without_room": 0}


def test_one_scenario_is_asked_a_few_times_only() -> None:
    extra = extra_calls(plan(), [seen(scenario_ids=["family/task-3"])], 1000)
    assert Counter(call.scenario_id for call in extra.calls) == {"family/task-3": MOST_SAMPLES}


def test_an_hour_has_room_for_so_many_calls_and_two_signals_of_a_target_share_theirs() -> None:
    slow, dear = seen(metric="latency"), seen("sim-1")
    small = seen("sim-2", scenario_ids=["family/task-3"])
    extra = extra_calls(plan(), [seen(), slow, dear, small], 100)
    assert Counter(call.target_id for call in extra.calls) == {"sim-0": 60, "sim-2": 6}
    assert (extra.asked_signals, extra.left_signals) == (3, 1)


def test_a_real_target_is_not_asked_about_an_hour_that_has_ended() -> None:
    late = plan(planned_at=HOUR + timedelta(hours=1))
    assert extra_calls(late, [seen("real")], 1000).calls == []
    assert len(extra_calls(plan(), [seen("real")], 1000).calls) == 60
    assert len(extra_calls(late, [seen()], 1000).calls) == 60
    assert extra_calls(plan(), [seen("gone")], 1000).told()["signals_without_room"] == 0
