"""The versions of the method, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx


def test_suites_scorers_detectors_and_formulas_have_versions(api: httpx.Client) -> None:
    body = get(api, "/v1/methodology")
    data = body["data"]
    assert [(suite["suite"], suite["suite_version"], suite["scenario_count"]) for suite in data["suites"]] == [
        ("canary", 2, 2),
        ("canary", 1, 1),
        ("full", 1, 1),
    ]
    assert [suite["is_current"] for suite in data["suites"]] == [True, False, True]
    assert data["scorers"] == [
        {"scorer": "function", "scorer_version": 5, "suites": ["canary"]},
        {"scorer": "sql", "scorer_version": 2, "suites": ["canary"]},
    ]
    assert [(row["metric"], row["watched_count"], row["insufficient_count"]) for row in data["detectors"]] == [
        ("quality", 1, 1)
    ]
    assert all(formula["version"] >= 1 and formula["statement"] for formula in data["formulas"])
    assert body["meta"]["as_of"] == "2026-11-23T20:07:30Z"


def test_it_takes_no_parameters_that_would_be_ignored(api: httpx.Client) -> None:
    assert get(api, "/v1/methodology")["data"]["formulas"]
    problem(api.post("/v1/methodology"), 405, "method-not-allowed")
