"""When an alarm is told: once extra answers confirm it, settle nothing or stay away, in spite of them after a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.alerting.anomaly_events import LONGEST_HELD, anomaly_events
from orchestration.alerting.event_making import Names
from orchestration.alerting.wording import Places, part_of
from orchestration.storage.alert_sources import Families
from tests.support.subscriptions import anomaly, published, resolved

if TYPE_CHECKING:
    from orchestration.storage.alert_rows import AlertEvent
    from orchestration.storage.anomaly_rows import Anomaly

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLACES = Places("http://dashboard", "http://api")
NAMES = Names({}, Families({}, {}))


def told(row: Anomaly, before: list[AlertEvent] | None = None, ago: timedelta = timedelta(0)) -> list[AlertEvent]:
    """What is new of an alarm that was published so long ago."""
    return anomaly_events([published(row, NOW - ago)], before or [], NAMES, NOW)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"verdict": "pending"}, []),
        ({"verdict": "degraded"}, ["raised"]),
        ({"verdict": "improved"}, ["raised"]),
        ({"verdict": "inconclusive"}, ["raised"]),
        ({"verdict": "stable", "is_final": False}, []),
        ({"verdict": "stable", "is_final": True}, ["raised"]),
        ({"verdict": "stable", "is_final": True, "is_of_single_scenarios": True}, []),
        ({"verdict": "stable", "state": "accepted"}, ["raised", "accepted"]),
    ],
)
def test_an_alarm_waits_for_its_verdict_and_a_refuted_one_for_a_day(changes: dict[str, Any], kinds: list[str]) -> None:
    assert [event.kind for event in told(anomaly(**changes))] == kinds


def test_answers_that_stay_away_hold_an_alarm_for_three_hours_at_most() -> None:
    held = anomaly(verdict="pending", confirming_answer_count=0, computed_at=NOW)
    assert told(held, ago=LONGEST_HELD - timedelta(seconds=1)) == []
    (event,) = told(held, ago=LONGEST_HELD)
    assert dict(part_of(event, PLACES).facts)["Verdict"] == "none: extra answers were asked and have not come"
    assert told(replace(held, revision=2, verdict="degraded"), [event], ago=LONGEST_HELD) == []


def test_an_alarm_is_as_old_as_when_it_was_published_and_not_as_what_was_learnt_of_it_since() -> None:
    real = anomaly(is_simulated=False, raised_hour=NOW - timedelta(days=5), revision=2, computed_at=NOW)
    assert [event.kind for event in told(real, ago=timedelta(days=5))] == ["raised"]
    assert [event.kind for event in told(real, ago=timedelta(days=3))] == ["raised"]
    assert told(real, ago=timedelta(days=2)) == []


def test_a_refuted_alarm_that_is_over_is_never_told() -> None:
    assert told(resolved(anomaly(verdict="stable"))) == []


def test_what_was_told_goes_on_whatever_is_asked_later() -> None:
    before = told(anomaly())
    assert [event.kind for event in told(replace(resolved(anomaly()), verdict="pending"), before)] == ["resolved"]


def test_the_verdict_is_told_with_its_evidence() -> None:
    facts = dict(part_of(told(anomaly())[0], PLACES).facts)
    assert (
        facts["Verdict"]
        == "degraded: 60 extra answers of the hours after show -1.10 points [-1.60 points, -0.60 points]"
    )
    alone = anomaly(verdict="inconclusive", confirming_answer_count=0, confirming_effect=None)
    facts = dict(part_of(told(alone)[0], PLACES).facts)
    assert facts["Verdict"] == "inconclusive: no extra answers were asked or given"
