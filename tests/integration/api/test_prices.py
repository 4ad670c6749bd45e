"""Prices of now and before, asked over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.api_answers import all_pages, get, problem

if TYPE_CHECKING:
    import httpx

PATH = "/v1/prices"


def test_prices_of_now_leave_out_past_and_future_ones(api: httpx.Client) -> None:
    found = [(price["provider"], price["model"], price["input_usd_per_mtok"]) for price in get(api, PATH)["data"]]
    assert found == [("acme", "ghost", 1.0), ("acme", "ohm", 3.0), ("simulator", "atlas", 3.0)]


def test_a_price_says_where_it_was_read_and_whom_it_buys(api: httpx.Client) -> None:
    (price,) = get(api, PATH, target_id="acme-ohm")["data"]
    assert price == {
        "price_id": "acme/ohm@2026-10-01",
        "provider": "acme",
        "model": "ohm",
        "valid_from": "2026-10-01T00:00:00Z",
        "valid_to": None,
        "input_usd_per_mtok": 3.0,
        "output_usd_per_mtok": 15.0,
        "cached_input_usd_per_mtok": None,
        "cache_write_usd_per_mtok": None,
        "reasoning_usd_per_mtok": None,
        "tiers": [
            {
                "service": "batch",
                "above_input_tokens": 0,
                "input_usd_per_mtok": 1.5,
                "output_usd_per_mtok": None,
                "cached_input_usd_per_mtok": None,
                "cache_write_usd_per_mtok": None,
                "reasoning_usd_per_mtok": None,
            }
        ],
        "source": "the price list of acme",
        "checked_on": "2026-11-20",
        "target_ids": ["acme-ohm"],
        "is_simulated": False,
    }


@pytest.mark.parametrize(
    ("parameters", "models"),
    [
        ({"provider": "acme"}, ["ghost", "ohm"]),
        ({"measured": "true"}, ["ohm", "atlas"]),
        ({"measured": "false"}, ["ghost"]),
        ({"simulated": "true"}, ["atlas"]),
        ({"provider": "acme", "simulated": "true"}, []),
    ],
)
def test_prices_are_filtered(api: httpx.Client, parameters: dict[str, str], models: list[str]) -> None:
    assert [price["model"] for price in get(api, PATH, **parameters)["data"]] == models


def test_the_history_has_every_price_over_the_one_before(api: httpx.Client) -> None:
    found = [
        (price["model"], price["valid_from"][:10], price["input_price_ratio"], price["output_price_ratio"])
        for price in get(api, f"{PATH}/history")["data"]
    ]
    assert found == [
        ("volt", "2099-01-01", None, None),
        ("ohm", "2026-10-01", 0.75, 1.0),
        ("ghost", "2026-08-01", None, None),
        ("ohm", "2026-08-01", None, None),
        ("atlas", "2026-08-01", None, None),
    ]


@pytest.mark.parametrize(
    ("parameters", "prices"),
    [
        ({"model": "ohm"}, ["acme/ohm@2026-10-01", "acme/ohm@2026-08-01"]),
        ({"target_id": "sim-atlas"}, ["simulator/atlas@2026-08-01"]),
        ({"model": "ohm", "since": "2026-10-01T00:00:00Z"}, ["acme/ohm@2026-10-01"]),
        ({"model": "ohm", "until": "2026-10-01T00:00:00Z"}, ["acme/ohm@2026-08-01"]),
    ],
)
def test_the_history_is_filtered(api: httpx.Client, parameters: dict[str, str], prices: list[str]) -> None:
    assert [price["price_id"] for price in get(api, f"{PATH}/history", **parameters)["data"]] == prices


def test_a_filtered_history_still_knows_the_price_before(api: httpx.Client) -> None:
    (price,) = get(api, f"{PATH}/history", model="ohm", since="2026-10-01T00:00:00Z")["data"]
    assert price["input_price_ratio"] == 0.75


@pytest.mark.parametrize("limit", [1, 2])
def test_pages_are_complete(api: httpx.Client, limit: int) -> None:
    assert all_pages(api, PATH, "model", limit=limit) == ["ghost", "ohm", "atlas"]
    prices = [price["price_id"] for price in get(api, f"{PATH}/history")["data"]]
    assert all_pages(api, f"{PATH}/history", "price_id", limit=limit) == prices


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        (PATH, "provider", "acm"),
        (PATH, "target_id", "ohm"),
        (PATH, "measured", "yes"),
        (f"{PATH}/history", "model", "ohmm"),
        (f"{PATH}/history", "provider", "acm"),
        (f"{PATH}/history", "since", "1"),
        (f"{PATH}/history", "measured", "true"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, path: str, parameter: str, value: str) -> None:
    body = problem(api.get(path, params={parameter: value}), 422, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == [parameter]
