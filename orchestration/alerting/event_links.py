"""Where more of an event is to be seen, and what there is to answer to it.

Pure. Not here: the words (wording), nor how a link to answer by is signed (answer_links).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from orchestration.alerting.threads import ENDS, is_of_incident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.alert_rows import AlertEvent

Link = tuple[str, str]
"""A label and an address."""
RUNS_BEFORE, RUNS_AFTER = timedelta(days=2), timedelta(days=7)
"""Of the onset: enough to see the level before, and as long as a change may be open."""
ACKNOWLEDGE, FALSE_ALARM, MUTE = "Acknowledge", "False alarm", "Mute"
_ANSWERED: Final = {
    "price_suspect": (ACKNOWLEDGE, MUTE),
    "model_vanished": (ACKNOWLEDGE,),
    "model_deprecated": (ACKNOWLEDGE,),
    "served_model_changed": (ACKNOWLEDGE,),
    "budget_80": (ACKNOWLEDGE, MUTE),
    "budget_100": (ACKNOWLEDGE, MUTE),
    "late": (ACKNOWLEDGE, MUTE),
    "run_failed": (ACKNOWLEDGE,),
}
"""By the kind of what somebody is to look after; to be muted where more of it may be told."""
_COMMANDS: Final = {ACKNOWLEDGE: "ack", MUTE: "mute"}


def links_of(event: AlertEvent, dashboard: str, api: str) -> Iterator[Link]:
    match event.topic:
        case "anomalies" if is_of_incident(event):
            direction = "worse" if event.content["is_worse"] else "better"
            yield "Chart", f"{dashboard}/degradations?{urlencode({'direction': direction})}"
            yield "Changes", f"{api}/v1/anomalies?{urlencode({'incident_id': event.content['incident_id']})}"
        case "anomalies":
            yield _chart(event, dashboard)
            yield "Runs", _runs(event, api)
        case "prices" | "lifecycle":
            yield from _links_of_change(event, dashboard, api)
        case "budget" | "pipeline":
            yield "Status", f"{dashboard}/status"


def _chart(event: AlertEvent, dashboard: str) -> Link:
    return "Chart", f"{dashboard}/model-trend?{urlencode({'model': event.target_ids[0], 'days': 30})}"


def _runs(event: AlertEvent, api: str) -> str:
    """The hours around the onset."""
    onset = datetime.fromisoformat(event.content["onset_hour"])
    span = {"since": onset - RUNS_BEFORE, "until": onset + RUNS_AFTER}
    asked = {"granularity": "hour", "suite": event.content["suite"]}
    asked |= {name: moment.strftime("%Y-%m-%dT%H:%MZ") for name, moment in span.items()}
    return f"{api}/v1/models/{quote(event.target_ids[0], safe='')}/history?{urlencode(asked)}"


def _links_of_change(event: AlertEvent, dashboard: str, api: str) -> Iterator[Link]:
    """Of what is measured its chart, where the change is marked, and its other changes; of the rest the prices."""
    if event.target_ids:
        yield _chart(event, dashboard)
        yield "Changes", f"{api}/v1/changes?{urlencode({'target_id': event.target_ids[0]})}"
    if event.topic == "prices" and event.provider is not None:
        yield "Prices", f"{api}/v1/prices?{urlencode({'provider': event.provider})}"


def answers_to(event: AlertEvent) -> tuple[str, ...]:
    """The labels of what can be said to it; none where there is nothing to say."""
    if event.topic == "anomalies":
        return () if event.kind in ENDS else (ACKNOWLEDGE, FALSE_ALARM, MUTE)
    return _ANSWERED.get(event.kind, ())


def commands_of(event: AlertEvent) -> list[tuple[str, str]]:
    """What to type to answer, under its heading."""
    return [
        (label, f"./aibaas alerts {_COMMANDS[label]} {event.thread_id}")
        for label in answers_to(event)
        if label in _COMMANDS
    ]
