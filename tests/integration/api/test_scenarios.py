"""Scenarios and the evidence of their public variants, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.api_answers import all_pages, get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/scenarios"


def test_scenarios_are_listed_with_the_suites_that_ask_them_now(api: httpx.Client) -> None:
    body = get(api, PATH)
    assert [(entry["scenario_id"], entry["suites"]) for entry in body["data"]] == [
        ("bug-fixing/first", ["canary"]),
        ("sql/first", ["canary", "full"]),
    ]
    assert body["meta"] == {"as_of": "2026-11-23T20:07:30Z", "simulated": None}
    assert all_pages(api, PATH, "scenario_id", limit=1) == ["bug-fixing/first", "sql/first"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"family": "sql"}, ["sql/first"]),
        ({"suite": "full"}, ["sql/first"]),
        ({"difficulty": "easy"}, ["bug-fixing/first", "sql/first"]),
        ({"language": "python", "family": "bug-fixing"}, ["bug-fixing/first"]),
        ({"suite": "full", "family": "bug-fixing"}, []),
    ],
)
def test_scenarios_are_filtered(api: httpx.Client, parameters: dict[str, str], expected: list[str]) -> None:
    assert [entry["scenario_id"] for entry in get(api, PATH, **parameters)["data"]] == expected


def test_a_scenario_shows_how_answers_to_its_public_variant_were_graded(api: httpx.Client) -> None:
    body = get(api, f"{PATH}/sql/first")
    assert body["meta"]["simulated"] is True
    evidence = body["data"]["evidence"]
    assert [each["target_id"] for each in evidence] == ["sim-atlas", "sim-borealis", "sim-cobalt"]
    assert evidence[0]["checks"] == [
        {"name": "in order", "weight": 1.0, "passed": True, "detail": None},
        {"name": "refunds are taken off", "weight": 3.0, "passed": False, "detail": "another result"},
    ]
    assert (evidence[0]["score"], evidence[0]["outcome"], evidence[0]["scorer_version"]) == (7.5, "wrong", 2)
    assert (evidence[2]["score"], evidence[2]["score_reason"]) == (None, "the sandbox failed")
    assert not any("answer" in name and name != "answered_at" for each in evidence for name in each)


def test_a_scenario_tells_what_its_public_variant_asks_and_lists_do_not(api: httpx.Client) -> None:
    told = get(api, f"{PATH}/sql/first")["data"]
    assert (told["public_prompt"], told["public_prompt_length"]) == ("What did <b>each</b> month bring?", 50_000)
    unrecorded = get(api, f"{PATH}/bug-fixing/first")["data"]
    assert (unrecorded["public_prompt"], unrecorded["public_prompt_length"]) == (None, None)
    assert not any("prompt" in name for entry in get(api, PATH)["data"] for name in entry)


def test_evidence_keeps_to_a_model(api: httpx.Client) -> None:
    evidence = get(api, f"{PATH}/sql/first", target_id="sim-borealis")["data"]["evidence"]
    assert [each["target_id"] for each in evidence] == ["sim-borealis"]
    assert get(api, f"{PATH}/bug-fixing/first")["data"]["evidence"] == []


def test_an_unknown_scenario_is_answered_with_near_names(api: httpx.Client) -> None:
    body = problem(api.get(f"{PATH}/sql/frist"), 404, "unknown-scenario")
    assert body["near"][0] == "sql/first"


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        (PATH, "family", "sqll"),
        (PATH, "difficulty", "trivial"),
        (PATH, "language", "cobol"),
        (PATH, "suite", "canry"),
        (PATH, "title", "x"),
        (f"{PATH}/sql/first", "target_id", "atlas"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, path: str, parameter: str, value: str) -> None:
    body = problem(api.get(path, params={parameter: value}), 422, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == [parameter]
