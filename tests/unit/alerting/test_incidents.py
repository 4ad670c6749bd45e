"""Alarms of one incident of a provider are one matter: raised once, ended once, and lost to nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from orchestration.alerting.anomaly_events import anomaly_events, reminders
from orchestration.alerting.bounds import passed_bounds
from orchestration.alerting.event_making import Names
from orchestration.alerting.matching import notices_of
from orchestration.alerting.threads import Threads
from orchestration.alerting.wording import Places, part_of
from orchestration.storage.alert_sources import Families, KnownTarget
from tests.support.subscriptions import HOUR, anomaly, published, resolved
from tests.unit.alerting.test_matching import subscription

if TYPE_CHECKING:
    from orchestration.storage.alert_rows import AlertEvent
    from orchestration.storage.anomaly_rows import Anomaly

INCIDENT, OTHER = UUID(int=1), UUID(int=2)
NOW = HOUR + timedelta(hours=1)
TARGETS = {
    f"acme-{number}": KnownTarget(f"acme-{number}", f"Acme {number}", "acme", f"model-{number}", False)
    for number in range(6)
}
NAMES = Names(TARGETS, Families({"sql/task-1": "sql"}, {}))
EVIDENCE = {
    "cause": "provider_incident", "kind": "onsets", "at": HOUR.isoformat(), "before": None,
    "after": [f"model-{number}" for number in range(6)],
}  # fmt: skip


def alarm(number: int, **changes: Any) -> Anomaly:
    """Quality of that target of acme fell in the incident."""
    given = {
        "anomaly_id": UUID(int=100 + number), "target_id": f"acme-{number}", "is_simulated": False,
        "incident_id": INCIDENT, "evidence": [EVIDENCE], "cause": "provider_incident",
    }  # fmt: skip
    return anomaly(0, **given | changes)


def told(rows: list[Anomaly], before: list[AlertEvent] | None = None) -> list[AlertEvent]:
    return anomaly_events([published(row, NOW) for row in rows], before or [], NAMES, NOW)


def kinds(events: list[AlertEvent]) -> list[str]:
    return [event.kind for event in events]


def test_six_alarms_of_one_incident_are_told_once_and_end_once_when_all_have_ended() -> None:
    rows = [alarm(number) for number in range(6)]
    (raised,) = told(rows)
    assert (raised.kind, raised.thread_id, raised.provider) == ("raised", INCIDENT, "acme")
    assert raised.target_ids == sorted(TARGETS)
    assert (raised.content["incident_id"], len(raised.content["changes"])) == (str(INCIDENT), 6)
    assert told(rows, [raised]) == []
    assert told([*map(resolved, rows[:5]), rows[5]], [raised]) == []
    (over,) = told([*map(resolved, rows)], [raised])
    assert (over.kind, over.thread_id, over.occurred_at) == ("resolved", INCIDENT, HOUR + timedelta(hours=10))
    assert told([*map(resolved, rows)], [over, raised]) == []


def test_an_alarm_that_was_told_before_its_incident_was_known_goes_on_alone() -> None:
    alone = told([alarm(0, incident_id=None)])
    later = told([alarm(number) for number in range(4)], alone)
    assert [(event.kind, event.thread_id) for event in later] == [("raised", INCIDENT)]
    assert later[0].target_ids == ["acme-1", "acme-2", "acme-3"]
    ends = told([resolved(alarm(number)) for number in range(4)], [*later, *alone])
    assert [(event.kind, event.target_ids) for event in ends] == [
        ("resolved", ["acme-0"]),
        ("resolved", ["acme-1", "acme-2", "acme-3"]),
    ]


def test_what_joins_is_told_to_those_alone_who_have_not_heard() -> None:
    every, of_three = subscription(topics=["anomalies"]), subscription(target_ids=["acme-3"])
    before = told([alarm(number) for number in range(3)])
    first = list(notices_of(before, [every, of_three], {}, NOW))
    assert [notice.subscription_id for notice in first] == [every.subscription_id]
    (spread,) = told([alarm(number) for number in range(4)], before)
    assert (spread.kind, spread.target_ids) == ("spread", ["acme-3"])
    then = notices_of([spread], [every, of_three], {INCIDENT: {every.subscription_id}}, NOW)
    assert [notice.subscription_id for notice in then] == [of_three.subscription_id]
    assert told([alarm(number) for number in range(4)], [spread, *before]) == []


def test_more_than_the_worst_that_was_told_is_told_again_and_less_only_to_its_own() -> None:
    before = told([alarm(0, severity="minor"), alarm(1, severity="major")])
    (spread,) = told([alarm(0, severity="moderate"), alarm(1, severity="major")], before)
    assert (spread.kind, spread.target_ids, spread.severity) == ("spread", ["acme-0"], "moderate")
    (worse,) = told([alarm(0, severity="critical"), alarm(1, severity="major")], [spread, *before])
    assert (worse.kind, worse.target_ids, worse.severity) == ("worse", ["acme-0"], "critical")
    assert told([alarm(0, severity="critical"), alarm(1, severity="major")], [worse, spread, *before]) == []


def test_metrics_of_one_incident_are_told_together_and_matched_one_by_one() -> None:
    (raised,) = told([alarm(0), alarm(1, metric="latency", sign=1, after_value=900.0, severity="critical")])
    assert (raised.metric, raised.severity) == (None, "critical")
    wishes = [
        ({"metrics": ["latency"]}, True),
        ({"metrics": ["cost"]}, False),
        ({"metrics": ["quality"], "least_severity": "critical"}, False),
        ({"metrics": ["latency"], "value_ceiling": 800.0}, True),
        ({"metrics": ["latency"], "value_ceiling": 1000.0}, False),
        ({"target_ids": ["acme-1"], "metrics": ["quality"]}, False),
    ]
    heard = [bool(list(notices_of([raised], [subscription(**wish)], {}, NOW))) for wish, _ in wishes]
    assert heard == [is_told for _, is_told in wishes]


def test_an_incident_that_a_replay_knows_by_another_id_is_the_same_while_it_is_open() -> None:
    before = told([alarm(0), alarm(1)])
    again = [alarm(number, incident_id=OTHER) for number in range(3)]
    (spread,) = told(again, before)
    assert (spread.kind, spread.thread_id) == ("spread", INCIDENT)
    over = told([resolved(row) for row in again[:2]], before)
    (new,) = told([*map(resolved, again[:2]), again[2]], [*over, *before])
    assert (new.kind, new.thread_id) == ("raised", OTHER)


def test_a_change_under_another_id_and_a_lost_incident_stay_in_the_matter() -> None:
    before = told([alarm(0), alarm(1)])
    withdrawn = replace(alarm(0), state="retracted")
    twin = alarm(0, anomaly_id=uuid4(), onset_hour=HOUR + timedelta(hours=2), incident_id=None)
    other = resolved(alarm(1, incident_id=None))
    assert told([withdrawn, twin, other], before) == []
    (over,) = told([withdrawn, resolved(twin), other], before)
    assert (over.kind, over.thread_id) == ("resolved", INCIDENT)


@pytest.mark.parametrize(
    ("states", "end"),
    [
        (["resolved", "retracted", "retracted"], "resolved"),
        (["accepted", "accepted", "resolved"], "accepted"),
        (["retracted", "retracted", "retracted"], "retracted"),
    ],
)
def test_an_incident_ends_as_most_of_its_alarms_do(states: list[str], end: str) -> None:
    before = told([alarm(number) for number in range(3)])
    assert kinds(told([alarm(number, state=state) for number, state in enumerate(states)], before)) == [end]


def test_what_still_waits_for_its_answers_has_no_part_as_yet() -> None:
    (raised,) = told([alarm(0), alarm(1, verdict="pending")])
    assert raised.target_ids == ["acme-0"]
    assert told([alarm(0, verdict="pending"), alarm(1, verdict="pending")]) == []
    assert kinds(told([resolved(alarm(0)), alarm(1, verdict="pending")], [raised])) == ["resolved"]


def test_an_open_incident_is_said_again_once_for_all() -> None:
    rows = [alarm(0), resolved(alarm(1)), alarm(2)]
    threads = Threads(told([alarm(number) for number in range(3)]), TARGETS)
    later = NOW + timedelta(hours=7)
    due = reminders([published(row, NOW) for row in rows], threads, [timedelta(hours=6)], NAMES, later)
    assert [(event.kind, event.thread_id, event.target_ids) for _, event in due] == [
        ("reminder", INCIDENT, ["acme-0", "acme-2"])
    ]


def test_the_words_name_the_provider_its_models_and_each_change() -> None:
    places = Places("http://dashboard", "http://api")
    rows = [alarm(number) for number in range(2)]
    before = told(rows)
    part = part_of(before[0], places)
    assert part.title == "acme: 6 models got worse together (major)"
    facts = dict(part.facts)
    assert facts["What"].endswith("model-0, model-1, model-2, model-3, model-4, model-5")
    assert facts["Cause"] == "an incident of the provider: several of its models changed together"
    assert facts["Acme 1"].startswith("quality from 8.10 [7.90, 8.30] to 6.80 [6.40, 7.20]; change -1.30 points")
    over = part_of(told([*map(resolved, rows)], before)[0], places)
    assert over.title == "acme: 6 models are back at their earlier levels"
    critical = told([rows[0], alarm(1, severity="critical")], before)
    assert part_of(critical[0], places).title == (
        "acme: 6 models got worse together, and further than was told: Acme 1 (critical)"
    )


def test_a_held_alarm_of_an_incident_is_beyond_nobodys_bounds() -> None:
    threads = Threads(told([alarm(0, after_value=9.0), alarm(1, after_value=9.0, verdict="pending")]), TARGETS)
    floored = replace(subscription(value_floor=7.0), enabled_at=NOW - timedelta(days=1))
    fallen = [alarm(number, revision=2, after_value=6.0, verdict="pending") for number in range(2)]
    beyond = list(passed_bounds(fallen, threads, [floored], {}, NAMES, NOW))
    assert [event.target_ids for event, _ in beyond] == [["acme-0"]]
