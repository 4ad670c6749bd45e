"""Each cause by its own evidence, and what is believed where several speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from orchestration.detection.causes import (
    CAUSES,
    Onset,
    Window,
    evidence_of_changes,
    evidence_of_versions,
    likeliest,
    provider_incidents,
)
from orchestration.storage.anomaly_rows import TargetChange

ONSET = datetime(2026, 11, 10, 12, tzinfo=UTC)
WINDOW = Window(ONSET - timedelta(hours=2), ONSET + timedelta(hours=1))
ACME = {f"t-{number}": ("acme", f"model-{number}") for number in range(5)}


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def noted(kind: str, at: datetime = ONSET) -> TargetChange:
    return TargetChange("t-1", kind, at, {"is": "old"}, {"is": "new"})


def onset(number: int, at: float = 0, **other: Any) -> Onset:
    given = {
        "provider": "acme",
        "model": f"model-{number}",
        "metric": "quality",
        "sign": -1,
        "is_simulated": False,
    } | other
    return Onset(UUID(int=number), hour=ONSET + hours(at), **given)


def cells(**later: Any) -> pl.DataFrame:
    """Two scenarios over two days; from the onset on they are as `later` says."""
    plain = {"suite_version": 1, "scenario_version": 1, "scorer": "sql", "scorer_version": 1}
    return pl.DataFrame(
        [
            {"benchmark_hour": at, "scenario_id": scenario, **plain, **(later if at >= ONSET else {})}
            for number in range(48)
            for scenario in ("sql/a", "sql/b")
            for at in [ONSET + hours(number - 24)]
        ]
    )


@pytest.mark.parametrize(
    ("kind", "metric", "cause"),
    [
        ("libraries", "quality", "harness"),
        ("settings", "quality", "harness"),
        ("limits", "latency", "harness"),
        ("price", "cost", "price"),
        ("host", "latency", "host"),
        ("served_model", "quality", "model"),
        ("fingerprint", "errors", "model"),
    ],
)
def test_a_noted_change_is_evidence_of_its_cause(kind: str, metric: str, cause: str) -> None:
    (found,) = evidence_of_changes([noted(kind)], metric, WINDOW)
    assert found.told() == {
        "cause": cause,
        "kind": kind,
        "at": ONSET.isoformat(),
        "before": {"is": "old"},
        "after": {"is": "new"},
    }


def test_another_model_that_we_asked_for_is_our_doing() -> None:
    old, new = ({"requested_models": [name], "served_models": [name]} for name in ("atlas", "atlas-2"))
    (ours,) = evidence_of_changes([replace(noted("served_model"), old_value=old, new_value=new)], "quality", WINDOW)
    assert ours.cause == "harness"
    fallback = old | {"served_models": ["atlas-mini"]}
    (theirs,) = evidence_of_changes(
        [replace(noted("served_model"), old_value=old, new_value=fallback)], "quality", WINDOW
    )
    assert theirs.cause == "model"


@pytest.mark.parametrize(
    ("kind", "metric"),
    [("price", "quality"), ("price", "latency"), ("limits", "quality"), ("lifecycle", "quality"), ("listing", "cost")],
)
def test_what_can_not_move_a_metric_is_no_evidence(kind: str, metric: str) -> None:
    assert evidence_of_changes([noted(kind)], metric, WINDOW) == []


@pytest.mark.parametrize(("after_onset", "is_evidence"), [(-8.5, False), (-8, True), (1.9, True), (2, False)])
def test_only_what_changed_when_it_may_have_begun_is_evidence(after_onset: float, is_evidence: bool) -> None:
    found = evidence_of_changes([noted("served_model", ONSET + hours(after_onset))], "quality", WINDOW)
    assert bool(found) == is_evidence


def test_a_new_scorer_is_our_harness_and_concerns_quality_alone() -> None:
    (found,) = evidence_of_versions(cells(scorer_version=2), "quality", WINDOW)
    assert (found.cause, found.kind, found.at) == ("harness", "scorer", ONSET)
    assert (found.before, found.after) == (
        {"scorer": "sql", "scorer_version": 1},
        {"scorer": "sql", "scorer_version": 2},
    )
    assert evidence_of_versions(cells(scorer_version=2), "latency", WINDOW) == []


def test_another_suite_or_scenario_is_our_suite() -> None:
    (suite,) = evidence_of_versions(cells(suite_version=2), "cost", WINDOW)
    assert (suite.cause, suite.after) == ("suite", {"suite_version": 2})
    scenarios = evidence_of_versions(cells(scenario_version=2), "cost", WINDOW)
    assert [(found.cause, found.after["scenario_id"]) for found in scenarios] == [
        ("suite", "sql/a"),
        ("suite", "sql/b"),
    ]
    assert evidence_of_versions(cells(), "quality", WINDOW) == []


def test_three_models_and_half_of_a_providers_within_six_hours_are_one_incident() -> None:
    (incident,) = provider_incidents([onset(0, 0), onset(1, 3), onset(2, 6), onset(3, 13)], ACME)
    assert incident.models == ("model-0", "model-1", "model-2")
    assert incident.anomaly_ids == {UUID(int=number) for number in range(3)}
    assert incident.hour == ONSET


@pytest.mark.parametrize(
    "third",
    [
        onset(2, 7),
        onset(2, sign=1),
        onset(2, metric="latency"),
        onset(2, is_simulated=True),
        onset(2, provider="other"),
        onset(1, 1),
    ],
    ids=["later", "other direction", "other metric", "simulated", "other provider", "same model"],
)
def test_two_models_and_another_thing_are_none(third: Onset) -> None:
    assert provider_incidents([onset(0), onset(1), third], ACME) == []


def test_what_else_got_worse_at_the_same_models_is_of_the_same_incident() -> None:
    slower = [onset(number, number, metric="latency", sign=1) for number in range(3)]
    others = [
        onset(10, 4, model="model-0"),
        onset(11, 5, model="model-1", metric="errors", sign=1),
        onset(12, -5, model="model-2", metric="ttft", sign=1),
        onset(13, 2, model="model-4"),
        onset(14, 2, model="model-0", metric="cost", sign=-1),
        onset(15, 8, model="model-1"),
    ]
    (incident,) = provider_incidents([*slower, *others], ACME)
    assert incident.anomaly_ids == {UUID(int=number) for number in (0, 1, 2, 10, 11, 12)}
    assert incident.models == ("model-0", "model-1", "model-2")
    assert incident.hour == ONSET - hours(5)


def test_three_of_seven_models_are_none() -> None:
    seven = {f"t-{number}": ("acme", f"model-{number}") for number in range(7)}
    assert provider_incidents([onset(number) for number in range(3)], seven) == []
    assert provider_incidents([onset(number) for number in range(4)], seven) != []


def test_what_we_changed_ourselves_is_believed_first_and_nothing_is_unknown() -> None:
    assert likeliest([]) == "unknown"
    assert [likeliest(CAUSES[place:]) for place in range(len(CAUSES))] == list(CAUSES)
    assert likeliest(["model", "harness"]) == "harness"
