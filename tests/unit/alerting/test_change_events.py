"""Events of prices, models, budgets and the pipeline, and their words."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orchestration.alerting.change_events import FailedRun, budget_events, change_events, pipeline_events
from orchestration.alerting.wording import Places, message_of
from orchestration.storage.alert_sources import KnownTarget
from orchestration.storage.spending import Account

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLACES = Places("https://bench.example", "https://api.bench.example")
TARGETS = {name: KnownTarget(name, name.upper(), "acme", "atlas", False) for name in ("acme-atlas", "acme-atlas-high")}


def change(kind: str, subject: str, old: Any, new: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "effective_at": NOW, "old_value": old, "new_value": new}


def told(change: dict[str, Any]) -> tuple[str, str, list[str]] | None:
    events = list(change_events([change], TARGETS, NOW))
    if not events:
        return None
    (event,) = events
    return event.kind, message_of(uuid.uuid4(), events, PLACES).title, event.target_ids


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        (
            change("price", "acme/atlas", {"input": 1}, {"input": 2}),
            ("price_changed", "acme/atlas price changed", ["acme-atlas", "acme-atlas-high"]),
        ),
        (
            change("price", "acme/other", {"input": 1}, {"input": 90, "suspicion": "more than 20 times"}),
            ("price_suspect", "acme/other published price looks like a mistake and is not used", []),
        ),
        (
            change("listing", "acme/nova", None, {"event": "first_seen"}),
            ("model_listed", "acme/nova is listed by its host", []),
        ),
        (change("listing", "acme/nova", None, {"event": "in_first_listing"}), None),
        (
            change("listing", "acme/atlas", {"host": "acme"}, None),
            ("model_vanished", "acme/atlas is listed by its host no more", ["acme-atlas", "acme-atlas-high"]),
        ),
        (
            change("lifecycle", "acme-atlas", {"lifecycle": "active"}, {"lifecycle": "deprecated", "successor": "b"}),
            ("model_deprecated", "acme-atlas is deprecated", ["acme-atlas"]),
        ),
        (change("lifecycle", "acme-atlas", {"lifecycle": "preview"}, {"lifecycle": "active"}), None),
        (
            change("served_model", "acme-atlas", {"served_models": ["atlas"]}, {"served_models": ["atlas-mini"]}),
            ("served_model_changed", "acme-atlas is answered by another model", ["acme-atlas"]),
        ),
        (
            change(
                "served_model",
                "acme-atlas",
                {"requested_models": ["atlas"], "served_models": ["atlas"]},
                {"requested_models": ["atlas-2"], "served_models": ["atlas-2"]},
            ),
            None,
        ),
        (change("limits", "acme-atlas", {"rpm": 1}, {"rpm": 2}), None),
    ],
)
def test_a_change_is_told_as_what_it_is(noted: dict[str, Any], expected: tuple[str, str, list[str]] | None) -> None:
    assert told(noted) == expected


@pytest.mark.parametrize(
    ("published", "kind", "title"),
    [
        ({"input": 1}, "price_withdrawn", "acme/atlas price that looked like a mistake is published no more"),
        (
            {"input": 90},
            "price_confirmed",
            "acme/atlas price that looked like a mistake was stated by a person and is used",
        ),
    ],
)
def test_a_suspected_price_says_how_it_is_settled_and_ends_in_its_own_thread(
    published: dict[str, int], kind: str, title: str
) -> None:
    doubted = {"input": 90, "suspicion": "input rises by a factor of 90"}
    earlier = change("price", "acme/atlas", {"input": 1}, doubted) | {"effective_at": NOW - timedelta(days=5)}
    suspect = change("price", "acme/atlas", {"input": 1}, doubted) | {"effective_at": NOW - timedelta(days=1)}
    other = change("price", "acme/nova", {"input": 1}, doubted) | {"effective_at": NOW - timedelta(hours=2)}
    changes = [earlier, suspect, other, change("price", "acme/atlas", doubted, published)]
    *_, raised, _, over = change_events(changes, TARGETS, NOW)
    said, ended = (message_of(uuid.uuid4(), [event], PLACES).parts[0] for event in (raised, over))
    assert "To settle it" in dict(said.facts)
    assert "To settle it" not in dict(ended.facts)
    assert (over.kind, over.thread_id, ended.title) == (kind, raised.thread_id, title)


def test_a_budget_is_told_at_80_and_at_100_percent_of_each_period() -> None:
    account = Account("day", NOW.replace(hour=0), "")
    limits = {account: Decimal(10)}

    def kinds(spent: str) -> list[tuple[str, uuid.UUID]]:
        return [(event.kind, event.event_id) for event in budget_events({account: Decimal(spent)}, {}, limits, NOW)]

    assert kinds("7.99") == []
    ((first, first_id),) = kinds("8")
    assert (first, kinds("9.99")) == ("budget_80", [(first, first_id)])
    ((second, second_id),) = kinds("10")
    assert (second, first_id != second_id) == ("budget_100", True)
    (event,) = budget_events({account: Decimal("8.5")}, {}, limits, NOW)
    part = message_of(uuid.uuid4(), [event], PLACES).parts[0]
    assert part.title == "80% of the budget per day of all targets is spent"
    assert part.facts == (("Spent", "8.50 of 10.00 USD since 2026-11-23 00:00 UTC"),)


def test_a_budget_that_leaves_calls_out_below_its_limit_is_told_as_used_up() -> None:
    account, quiet = Account("day", NOW.replace(hour=0), ""), Account("hour", NOW, "")
    limits = {account: Decimal(10), quiet: Decimal(10)}
    (event,) = budget_events({account: Decimal("9.73")}, {account: NOW - timedelta(hours=1)}, limits, NOW)
    (reached,) = budget_events({account: Decimal(10)}, {}, {account: Decimal(10)}, NOW)
    assert (event.kind, event.event_id) == ("budget_100", reached.event_id)
    part = message_of(uuid.uuid4(), [event], PLACES).parts[0]
    assert part.title == "calls are left out: the budget per day of all targets does not reach for them"
    assert part.facts == (
        ("Spent", "9.73 of 10.00 USD since 2026-11-23 00:00 UTC"),
        ("Left out", "what does not fit is not measured since 2026-11-23 11:00 UTC, until the day ends"),
    )


def test_hours_that_are_late_are_told_once_and_so_is_their_end() -> None:
    fresh = NOW - timedelta(hours=2)
    assert list(pipeline_events(None, [], [], NOW)) == []
    assert list(pipeline_events(fresh, [], [], NOW)) == []
    (late,) = pipeline_events(NOW - timedelta(hours=3), [], [], NOW)
    (again,) = pipeline_events(NOW - timedelta(hours=3), [], [late], NOW + timedelta(hours=1))
    assert late.event_id == again.event_id
    (over,) = pipeline_events(NOW, [], [late], NOW)
    assert (over.kind, over.thread_id) == ("late_over", late.thread_id)


def test_failed_runs_are_told_once_a_day() -> None:
    runs = [FailedRun(f"run-{number}", "job", f"hour {number}", NOW + timedelta(hours=number)) for number in range(3)]
    events = list(pipeline_events(NOW, runs, [], NOW))
    assert {event.kind for event in events} == {"run_failed"}
    assert len({event.event_id for event in events}) == 1
    assert message_of(uuid.uuid4(), events[:1], PLACES).title == "a run of job failed"
