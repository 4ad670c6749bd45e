"""Changes of what models are, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.api_answers import all_pages, get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/changes"


def test_a_change_has_both_values_and_who_said_so(api: httpx.Client) -> None:
    body = get(api, PATH)
    assert body["meta"] == {
        "as_of": "2026-11-23T20:07:30Z",
        "simulated": "mixed",
        "window_start": None,
        "window_end": None,
    }
    assert body["data"][0] == {
        "target_id": "sim-atlas",
        "label": "Atlas",
        "provider": "simulator",
        "kind": "served_model",
        "subject": "sim-atlas",
        "effective_at": "2026-11-22T20:00:00Z",
        "old_value": {"served_model": ["atlas-2026-09"]},
        "new_value": {"served_model": ["atlas-2026-11"]},
        "source": "the price list",
        "noticed_at": "2026-11-22T20:05:00Z",
        "is_simulated": True,
    }
    assert body["data"][-1]["old_value"] is None


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_are_complete_over_changes_of_one_moment(api: httpx.Client, limit: int) -> None:
    kinds = ["served_model", "listing", "price", "listing"]
    assert all_pages(api, PATH, "kind", limit=limit) == kinds


@pytest.mark.parametrize(
    ("parameters", "kinds"),
    [
        ({"kind": "price"}, ["price"]),
        ({"target_id": "acme-ohm"}, ["listing", "price"]),
        ({"provider": "simulator"}, ["served_model"]),
        ({"simulated": "false"}, ["listing", "price", "listing"]),
        ({"since": "2026-10-01T00:00:00Z", "until": "2026-11-01T00:00:00Z"}, ["listing", "price"]),
        ({"target_id": "sim-cobalt"}, []),
    ],
)
def test_changes_are_filtered(api: httpx.Client, parameters: dict[str, str], kinds: list[str]) -> None:
    assert [entry["kind"] for entry in get(api, PATH, **parameters)["data"]] == kinds


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("kind", "prices"), ("target_id", "atlas"), ("provider", "acm"), ("since", "2026"), ("cursor", "W10")],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, parameter: str, value: str) -> None:
    body = problem(api.get(PATH, params={parameter: value}), 422, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == [parameter]
