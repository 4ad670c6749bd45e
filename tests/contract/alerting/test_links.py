"""Every link of an alert leads to a page that the dashboard has, or to a route of the API that takes what it asks."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from api.anomalies.schemas import AnomaliesQuery
from api.changes.schemas import ChangesQuery
from api.models.history_schemas import HistoryQuery
from api.prices.schemas import PricesQuery
from dashboard import app_pages
from orchestration.alerting.change_events import FailedRun, change_events, pipeline_events
from orchestration.alerting.event_making import Names, event_of, incident_event_of
from orchestration.alerting.threads import RAISED
from orchestration.alerting.wording import Places, part_of
from orchestration.storage.alert_sources import Families, KnownTarget
from tests.support.subscriptions import HOUR, anomaly

if TYPE_CHECKING:
    from pydantic import BaseModel

    from orchestration.storage.alert_rows import AlertEvent

TARGET = KnownTarget("acme/atlas", "Atlas", "acme", "atlas", False)
NAMES = Names({TARGET.target_id: TARGET}, Families({}, {}))
PLACES = Places("https://bench.example", "https://api.bench.example", "a secret")
QUERIES: dict[str, type[BaseModel]] = {
    "/v1/models/acme/atlas/history": HistoryQuery,
    "/v1/anomalies": AnomaliesQuery,
    "/v1/changes": ChangesQuery,
    "/v1/prices": PricesQuery,
}
ALARM = anomaly(target_id=TARGET.target_id, incident_id=uuid.uuid4())


def changed(kind: str, subject: str, old: Any, new: Any) -> AlertEvent:
    noted = {"kind": kind, "subject": subject, "effective_at": HOUR, "old_value": old, "new_value": new}
    (event,) = change_events([noted], NAMES.targets, HOUR)
    return event


EVENTS = {
    "an alarm": (event_of(ALARM, uuid.uuid4(), RAISED, NAMES, HOUR), ["Chart", "Runs"], 3),
    "an alarm that is over": (event_of(ALARM, uuid.uuid4(), "resolved", NAMES, HOUR), ["Chart", "Runs"], 0),
    "an incident": (incident_event_of([ALARM], uuid.uuid4(), RAISED, NAMES, HOUR), ["Chart", "Changes"], 3),
    "a price": (changed("price", "acme/atlas", {}, {"input": 2}), ["Chart", "Changes", "Prices"], 0),
    "a suspect price": (
        changed("price", "acme/atlas", {}, {"suspicion": "more than 20 times"}),
        ["Chart", "Changes", "Prices"],
        2,
    ),
    "a price of what is not measured": (changed("price", "acme/nova", {}, {"input": 2}), ["Prices"], 0),
    "a model that is new": (changed("listing", "acme/nova", None, {"event": "first_seen"}), [], 0),
    "a model that is gone": (changed("listing", "acme/atlas", {"host": "acme"}, None), ["Chart", "Changes"], 1),
    "another served model": (changed("served_model", "acme/atlas", {}, {"served": "b"}), ["Chart", "Changes"], 1),
    "late hours": (next(pipeline_events(HOUR - timedelta(hours=3), [], [], HOUR)), ["Status"], 2),
    "a failed run": (next(pipeline_events(None, [FailedRun("r", "job", "", HOUR)], [], HOUR)), ["Status"], 1),
}


@pytest.mark.parametrize(("event", "labels", "answers"), EVENTS.values(), ids=EVENTS)
def test_links_lead_where_more_is_to_be_seen_and_to_the_answers_that_there_are(
    event: AlertEvent, labels: list[str], answers: int
) -> None:
    links = part_of(event, PLACES).links
    assert [label for label, _ in links[: len(labels)]] == labels
    assert len(links) == len(labels) + answers
    for _, url in links[: len(labels)]:
        place, path, asked = url.split("example/")[0], unquote(urlsplit(url).path), parse_qs(urlsplit(url).query)
        if place == "https://api.bench.":
            QUERIES[path].model_validate({name: value for name, (value,) in asked.items()})
        else:
            assert (Path(app_pages.__file__).parent / f"{path[1:].replace('-', '_')}.py").is_file()


def test_the_runs_of_an_alarm_are_the_hours_around_its_onset() -> None:
    runs = dict(part_of(EVENTS["an alarm"][0], PLACES).links)["Runs"]
    asked = {name: value for name, (value,) in parse_qs(urlsplit(runs).query).items()}
    query = HistoryQuery.model_validate(asked)
    assert query.since == datetime(2026, 11, 21, 2, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 30, 2, tzinfo=UTC)
    assert (query.granularity, query.suite) == ("hour", "canary")
