from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from orchestration.simulator.draws import CallKey, draws_of, normal

KEY = CallKey(1, "atlas", "sql/a", "00ff", datetime(2026, 11, 20, 5, tzinfo=UTC), 0)


def test_a_call_always_draws_the_same() -> None:
    assert draws_of(KEY) == draws_of(replace(KEY))
    assert [round(value, 6) for value in draws_of(KEY)[:3]] == [0.318632, 0.060638, 0.957406]


def test_each_part_of_the_key_changes_the_draws() -> None:
    others = [
        replace(KEY, seed=2),
        replace(KEY, model="borealis"),
        replace(KEY, scenario_id="sql/b"),
        replace(KEY, prompt_sha256="00fe"),
        replace(KEY, hour=KEY.hour + timedelta(hours=1)),
        replace(KEY, sample=1),
    ]
    assert len({draws_of(key).failure for key in (KEY, *others)}) == 7


def test_draws_are_uniform() -> None:
    drawn = [draws_of(replace(KEY, sample=sample)) for sample in range(2000)]
    for name in drawn[0]._fields:
        values = [getattr(draws, name) for draws in drawn]
        assert all(0 <= value < 1 for value in values)
        assert abs(sum(values) / len(values) - 0.5) < 0.03


def test_the_answers_of_a_day_fall_into_all_its_parts() -> None:
    day = KEY.hour.replace(hour=0)
    parts = [int(draws_of(replace(KEY, hour=day + timedelta(hours=hour))).answer * 24) for hour in range(24)]
    assert sorted(parts) == list(range(24))
    assert parts != sorted(parts)


def test_normal_is_centred_and_finite_at_the_ends() -> None:
    assert normal(0.5) == 0
    assert -7 < normal(0.0) < -5
