"""Anomalies, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.support.api_answers import all_pages, get, problem
from tests.support.other_marts import COST, INCIDENT, LATENCY, QUALITY

if TYPE_CHECKING:
    import httpx

PATH = "/v1/anomalies"


def ids(api: httpx.Client, **parameters: str) -> list[UUID]:
    return [UUID(entry["anomaly_id"]) for entry in get(api, PATH, **parameters)["data"]]


def test_anomalies_are_told_raised_last_first(api: httpx.Client) -> None:
    assert ids(api) == [QUALITY, LATENCY, COST]


@pytest.mark.parametrize("limit", [1, 2])
def test_pages_are_complete(api: httpx.Client, limit: int) -> None:
    assert [UUID(found) for found in all_pages(api, PATH, "anomaly_id", limit=limit)] == [QUALITY, LATENCY, COST]


def test_an_anomaly_comes_with_both_levels_their_intervals_and_its_evidence(api: httpx.Client) -> None:
    body = get(api, f"{PATH}/{QUALITY}")
    assert body["meta"] == {"as_of": "2026-11-23T20:07:30Z", "simulated": True}
    anomaly = body["data"]
    assert (anomaly["target_id"], anomaly["label"], anomaly["metric"]) == ("sim-atlas", "Atlas", "quality")
    assert [anomaly[f"before_{part}"] for part in ("value", "ci95_lower", "ci95_upper")] == [8.5, 8.25, 8.75]
    assert [anomaly[f"after_{part}"] for part in ("value", "ci95_lower", "ci95_upper")] == [7.25, 7.0, 7.5]
    assert (anomaly["effect"], anomaly["detectable_effect"]) == (-1.25, 0.25)
    rests_on = [anomaly[name] for name in ("suite_version", "before_answer_count", "after_answer_count")]
    assert rests_on == [2, 2400, 48]
    confirming = [anomaly[f"confirming_{part}"] for part in ("answer_count", "effect")]
    interval = [anomaly[f"confirming_effect_ci95_{end}"] for end in ("lower", "upper")]
    assert (anomaly["verdict"], confirming, interval) == ("degraded", [24, -1.5], [-2.0, -1.0])
    assert anomaly["responsible_scenarios"] == [
        {"scenario_id": "sql/first", "before": 9.5, "after": 5.0, "share": 0.75}
    ]
    assert anomaly["evidence"] == [
        {
            "cause": "model",
            "kind": "served_model",
            "at": "2026-11-22T02:00:00Z",
            "before": ["atlas-2026-09"],
            "after": ["atlas-2026-11"],
        }
    ]
    assert anomaly == next(entry for entry in get(api, PATH)["data"] if entry["anomaly_id"] == str(QUALITY))


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"state": "open"}, [QUALITY]),
        ({"state": "resolved"}, [LATENCY]),
        ({"severity": "moderate"}, [COST]),
        ({"metric": "latency"}, [LATENCY]),
        ({"target_id": "acme-ohm"}, [COST]),
        ({"provider": "simulator"}, [QUALITY, LATENCY]),
        ({"cause": "price"}, [COST]),
        ({"verdict": "degraded"}, [QUALITY]),
        ({"verdict": "inconclusive"}, [LATENCY, COST]),
        ({"direction": "better"}, [LATENCY]),
        ({"direction": "worse"}, [QUALITY, COST]),
        ({"simulated": "false"}, [COST]),
        ({"incident_id": str(INCIDENT)}, [QUALITY, LATENCY]),
        ({"since": "2026-11-22T00:00:00Z"}, [QUALITY]),
        ({"until": "2026-11-22T00:00:00Z"}, [LATENCY, COST]),
        ({"until": "2026-11-22T15:00:00+01:00"}, [LATENCY, COST]),
        ({"suite": "canary", "state": "retracted"}, []),
    ],
)
def test_anomalies_are_filtered(api: httpx.Client, parameters: dict[str, str], expected: list[UUID]) -> None:
    assert ids(api, **parameters) == expected


def test_an_empty_answer_says_as_of_when(api: httpx.Client) -> None:
    body = get(api, PATH, state="retracted")
    assert (body["meta"]["as_of"], body["meta"]["simulated"]) == ("2026-11-23T20:07:30Z", None)


def test_an_unknown_anomaly_is_a_problem(api: httpx.Client) -> None:
    problem(api.get(f"{PATH}/{INCIDENT}"), 404, "unknown-anomaly")
    problem(api.get(f"{PATH}/one"), 422, "invalid-parameter")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("state", "closed"),
        ("severity", "5"),
        ("metric", "quality'"),
        ("cause", "moon"),
        ("verdict", "guilty"),
        ("direction", "up"),
        ("incident_id", "1"),
        ("since", "yesterday"),
        ("since", "2026-11-22T00:00:00"),
        ("until", "2026-13-01T00:00:00Z"),
        ("target_id", "sim-atlass"),
        ("provider", "acm"),
        ("suite", "canry"),
        ("sort", "severity"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, parameter: str, value: str) -> None:
    body = problem(api.get(PATH, params={parameter: value}), 422, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == [parameter]
