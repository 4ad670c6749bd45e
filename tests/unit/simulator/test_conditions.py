from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from orchestration.simulator.conditions import Conditions, Timeline, load_factor
from orchestration.simulator.profiles import Degradation, load_profiles

PROFILES = load_profiles()
TIMELINE = Timeline(date(2026, 11, 20))
FORTNIGHT = [datetime(2026, 11, 6, tzinfo=UTC) + timedelta(hours=hour) for hour in range(14 * 24)]


def conditions(model: str, moment: datetime) -> Conditions:
    return TIMELINE.conditions(model, PROFILES.models[model], PROFILES.seed, moment)


def test_ember_is_out_for_seven_hours() -> None:
    out = [moment for moment in FORTNIGHT if conditions("ember", moment).is_out]
    assert out[0] == datetime(2026, 11, 12, 9, tzinfo=UTC)
    assert len(out) == 7
    assert not any(conditions("atlas", moment).is_out for moment in FORTNIGHT)


def test_cobalt_loses_one_point_at_midnight_four_days_before_the_anchor() -> None:
    before = conditions("cobalt", datetime(2026, 11, 15, 23, tzinfo=UTC))
    after = conditions("cobalt", datetime(2026, 11, 16, 0, tzinfo=UTC))
    assert after.skill_shift - before.skill_shift == pytest.approx(-1.0, abs=0.01)
    assert (before.revision, after.revision) == (0, 1)


def test_a_degradation_may_end_and_leaves_its_mark_on_the_revision() -> None:
    passing = Degradation(kind="degradation", days_before=4, points=2.0, hours=6)
    profile = PROFILES.models["atlas"].model_copy(update={"events": (passing,)})
    day = datetime(2026, 11, 16, tzinfo=UTC)
    hours = [day + timedelta(hours=number) for number in (-1, 0, 5, 6)]
    found = [TIMELINE.conditions("atlas", profile, PROFILES.seed, hour) for hour in hours]
    assert [round(one.skill_shift - found[0].skill_shift) for one in found] == [0, -2, -2, 0]
    assert [one.revision for one in found] == [0, 1, 1, 1]


def test_dynamo_is_four_times_as_slow_for_six_hours() -> None:
    slow = [moment for moment in FORTNIGHT if conditions("dynamo", moment).slowness > 3]
    assert slow == [datetime(2026, 11, 15, hour, tzinfo=UTC) for hour in range(1, 7)]


def test_borealis_doubles_its_price() -> None:
    first, second = TIMELINE.prices(PROFILES.models["borealis"])
    assert first.valid_from == datetime(2026, 6, 23, tzinfo=UTC)
    assert second.valid_from == datetime(2026, 11, 14, tzinfo=UTC)
    assert (first.input_usd_per_mtok, second.input_usd_per_mtok) == (Decimal("1.25"), Decimal("2.50"))
    assert second.output_usd_per_mtok == 2 * first.output_usd_per_mtok


def test_load_is_highest_in_the_busiest_hour() -> None:
    speed = PROFILES.models["ember"].speed
    factors = [load_factor(speed, moment) for moment in FORTNIGHT[:24]]
    assert factors.index(max(factors)) == speed.busiest_hour
    assert max(factors) == pytest.approx(1 + speed.load_effect)
    assert min(factors) == pytest.approx(1)


@pytest.mark.parametrize("model", PROFILES.models)
def test_drift_stays_within_its_bounds_and_moves(model: str) -> None:
    shifts = [conditions(model, moment).skill_shift for moment in FORTNIGHT[: 9 * 24]]
    bound = PROFILES.models[model].skill.drift_points
    assert all(abs(shift) <= bound for shift in shifts)
    assert max(shifts) - min(shifts) > bound / 2
