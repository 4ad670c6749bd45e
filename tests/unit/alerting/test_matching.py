"""Who hears of an event, and when."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time
from typing import Any

import pytest

from orchestration.alerting.event_making import Names, event_of
from orchestration.alerting.matching import due_at, is_wanted
from orchestration.alerting.threads import RAISED
from orchestration.storage.alert_rows import AlertEvent, Subscription
from orchestration.storage.alert_sources import Families, KnownTarget
from tests.support.subscriptions import HOUR, anomaly

NAMES = Names(
    {"sim-a": KnownTarget("sim-a", "A", "simulator", "a", True)},
    Families({"sql/task-1": "sql", "sql/task-2": "sql"}, {"canary": ["debugging", "sql"]}),
)


def event(*shares: float, **changes: Any) -> AlertEvent:
    """Quality of sim-a, of the provider simulator, fell to 6.8, by such shares in scenarios of the family sql."""
    named = [{"scenario_id": f"sql/task-{number}", "share": share} for number, share in enumerate(shares or (0.9,), 1)]
    return event_of(anomaly(responsible_scenarios=named, **changes), uuid.uuid4(), RAISED, NAMES, HOUR)


def subscription(**wishes: Any) -> Subscription:
    made: dict[str, Any] = {
        "subscription_id": uuid.uuid4(), "topics": ["anomalies"], "target_ids": [], "families": [], "providers": [],
        "metrics": [], "least_severity": "minor", "direction": "any", "value_floor": None, "value_ceiling": None,
        "has_simulated": True,
        "quiet_from": None, "quiet_until": None, "time_zone": "UTC", "is_digest": False, "digest_at": time(8),
        "remind_after": None, "channel": "webhook", "channel_settings": {"secret": "s3cret"}, "enabled_at": HOUR,
        "email": "someone@example.org",
    }  # fmt: skip
    return Subscription(**made | wishes)


@pytest.mark.parametrize(
    ("wish", "is_told"),
    [
        ({}, True),
        ({"target_ids": ["sim-a"]}, True),
        ({"target_ids": ["sim-b"]}, False),
        ({"target_ids": ["sim-b"], "providers": ["simulator"]}, True),
        ({"providers": ["acme"]}, False),
        ({"families": ["sql"]}, True),
        ({"families": ["debugging"]}, False),
        ({"metrics": ["cost", "latency"]}, False),
        ({"least_severity": "major"}, True),
        ({"least_severity": "critical"}, False),
        ({"metrics": ["quality"], "value_floor": 7.0}, True),
        ({"metrics": ["quality"], "value_floor": 6.0}, False),
        ({"metrics": ["quality"], "value_floor": 6.0, "value_ceiling": 6.5}, True),
        ({"direction": "worse"}, True),
        ({"direction": "better"}, False),
        ({"topics": ["prices", "pipeline"]}, False),
        ({"has_simulated": False}, False),
    ],
)
def test_who_is_told_is_who_asked(wish: dict[str, object], is_told: bool) -> None:
    assert is_wanted(subscription(**wish), event()) is is_told


@pytest.mark.parametrize(
    ("metric", "sign", "direction"),
    [("quality", 1, "better"), ("latency", -1, "better"), ("latency", 1, "worse"), ("errors", 1, "worse")],
)
def test_improvements_are_told_to_who_asked_for_them(metric: str, sign: int, direction: str) -> None:
    moved = event_of(anomaly(metric=metric, sign=sign), uuid.uuid4(), RAISED, NAMES, HOUR)
    told = {wish for wish in ("worse", "better", "any") if is_wanted(subscription(direction=wish), moved)}
    assert told == {direction, "any"}


@pytest.mark.parametrize(
    ("fallen", "families"),
    [
        (event(0.5, 0.3), ["sql"]),
        (event(0.4, 0.3), ["debugging", "sql"]),
        (event(0.4, 0.3, metric="latency"), ["debugging", "sql"]),
        (event(0.4, 0.3, is_of_single_scenarios=True), ["sql"]),
        (event(0.4, 0.3, suite="core"), ["sql"]),
    ],
    ids=["nearly all of it", "of the whole model", "any metric", "single scenarios", "a suite that is not known"],
)
def test_a_change_that_is_not_the_named_scenarios_alone_concerns_all_families(
    fallen: AlertEvent, families: list[str]
) -> None:
    assert fallen.families == families


NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}
BERLIN = {"time_zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("wish", "now", "due"),
    [
        ({}, "2026-11-23T03:00", "2026-11-23T03:00"),
        (NIGHT, "2026-11-23T21:59", "2026-11-23T21:59"),
        (NIGHT, "2026-11-23T22:00", "2026-11-24T07:00"),
        (NIGHT, "2026-11-24T06:59", "2026-11-24T07:00"),
        (NIGHT, "2026-11-24T07:00", "2026-11-24T07:00"),
        (NIGHT | BERLIN, "2026-11-23T21:30", "2026-11-24T06:00"),
        (NIGHT | BERLIN, "2026-07-23T20:30", "2026-07-24T05:00"),
        # The clocks of Berlin go from 02:00 to 03:00 in this night.
        (NIGHT | BERLIN, "2026-03-28T22:00", "2026-03-29T05:00"),
        ({"quiet_from": time(12), "quiet_until": time(14)}, "2026-11-23T13:00", "2026-11-23T14:00"),
        ({"is_digest": True}, "2026-11-23T07:59", "2026-11-23T08:00"),
        ({"is_digest": True}, "2026-11-23T08:00", "2026-11-24T08:00"),
        ({"is_digest": True} | NIGHT, "2026-11-23T23:00", "2026-11-24T08:00"),
    ],
)
def test_a_message_waits_for_the_end_of_quiet_hours_and_for_the_digest(
    wish: dict[str, Any], now: str, due: str
) -> None:
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due))
    assert due_at(subscription(**wish), moment) == expected


def test_a_subscription_that_is_printed_shows_no_secret() -> None:
    assert "s3cret" not in repr(subscription())
