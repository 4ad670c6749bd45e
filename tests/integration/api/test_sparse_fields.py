"""Lists with chosen columns, in every form, by real requests."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.negotiation import ARROW, CSV, FORMS, JSON, PARQUET
from api.openapi import OPENAPI_FILE
from tests.support.api_answers import get, problem

if TYPE_CHECKING:
    import httpx

DOCUMENT = json.loads(OPENAPI_FILE.read_text(encoding="utf-8"))
LISTS = {
    path: path.replace("{model_id}", "sim-atlas")
    for path, methods in DOCUMENT["paths"].items()
    if "fields" in {parameter["name"] for parameter in methods.get("get", {}).get("parameters", ())}
}


def columns(api: httpx.Client, address: str, form: str) -> list[str]:
    """Names of the columns of the rows; in a table, with what is told once."""
    answer = api.get(address, headers={"Accept": form})
    assert answer.status_code == 200, answer.text
    match answer.headers["content-type"].partition(";")[0]:
        case "application/json":
            return list(answer.json()["data"][0])
        case "text/csv":
            return next(csv.reader(io.StringIO(answer.text, newline="")))
        case found if found == ARROW:
            return list(pa.ipc.open_stream(answer.content).schema.names)
    return list(pq.ParquetFile(io.BytesIO(answer.content)).schema_arrow.names)


def test_the_lists_that_can_be_told_so_are_these() -> None:
    assert set(LISTS) == {
        "/v1/leaderboard", "/v1/models", "/v1/models/{model_id}/history", "/v1/scenarios", "/v1/anomalies",
        "/v1/changes", "/v1/prices", "/v1/prices/history", "/v1/coverage", "/v1/providers", "/v1/reports",
    }  # fmt: skip


def test_a_row_has_what_was_named_its_interval_and_what_it_can_not_be_read_without(api: httpx.Client) -> None:
    body = get(api, "/v1/leaderboard", fields="score_mean,cost_per_task_usd", limit=1)
    whole = get(api, "/v1/leaderboard", limit=1)
    assert body["data"] == [
        {
            "target_id": "sim-atlas",
            "score_mean": 8.25,
            "score_ci95_lower": 7.25,
            "score_ci95_upper": 9.25,
            "asked_count": 2010,
            "response_count": 2000,
            "priced_count": 2000,
            "streamed_count": 1996,
            "scored_count": 1990,
            "cost_per_task_usd": 0.001834,
            "cost_per_task_ci95_lower": 0.0018,
            "cost_per_task_ci95_upper": 0.0019,
            "is_simulated": True,
        }
    ]
    assert body["meta"] == whole["meta"]


@pytest.mark.parametrize(
    ("name", "brought"),
    [
        ("pass_hat_k_rate", {"pass_hat_k_ci95_lower", "pass_hat_k_ci95_upper"}),
        ("score_change_7d", {"score_change_7d_ci95_lower", "score_change_7d_ci95_upper"}),
        ("latency_p95_ms", {"latency_p95_ci95_lower", "latency_p95_ci95_upper"}),
        ("error_rate", {"error_rate_ci95_lower", "error_rate_ci95_upper"}),
        ("label", set()),
    ],
)
def test_a_number_brings_its_own_interval_only(api: httpx.Client, name: str, brought: set[str]) -> None:
    told = set(get(api, "/v1/leaderboard", fields=name)["data"][0])
    counts = {"asked_count", "response_count", "priced_count", "streamed_count", "scored_count"}
    assert told == {"target_id", "is_simulated", name, *counts, *brought}


def test_a_gap_keeps_its_reason(api: httpx.Client) -> None:
    point = get(api, "/v1/models/sim-atlas/history", days=1, fields="cost_usd")["data"][-4]
    assert (point["status"], point["reason"], "score_mean" in point) == ("missing", "overloaded", False)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("form", FORMS)
def test_every_list_leaves_out_what_was_not_named_in_every_form(api: httpx.Client, path: str, form: str) -> None:
    schema = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"][JSON]["schema"]["anyOf"][1]["$ref"]
    answer = DOCUMENT["components"]["schemas"][schema.rpartition("/")[2]]["properties"]
    entry = DOCUMENT["components"]["schemas"][answer["data"]["items"]["$ref"].rpartition("/")[2]]
    meta = DOCUMENT["components"]["schemas"][answer["meta"]["$ref"].rpartition("/")[2]]["properties"]
    told_once = set() if form == JSON else {name for name, node in meta.items() if node.get("type") != "array"}
    named = next(name for name in entry["properties"] if name not in {*entry["required"], *meta})
    told = columns(api, f"{LISTS[path]}?fields={named}", form)
    assert set(told) == {*entry["required"], named} | told_once


def test_names_may_stand_in_one_parameter_or_in_several(api: httpx.Client) -> None:
    joined = api.get("/v1/models?fields=label,host")
    parted = api.get("/v1/models?fields=label&fields=host")
    assert joined.json() == parted.json()
    assert set(joined.json()["data"][0]) == {"target_id", "label", "host", "is_simulated"}


@pytest.mark.parametrize(
    ("fields", "near"), [("score_men", ["score_mean", "score_sd"]), ("label,scroe_mean", ["score_mean"]), ("", [])]
)
@pytest.mark.parametrize("form", [JSON, CSV, PARQUET])
def test_an_unknown_column_is_named_with_those_that_look_like_it(
    api: httpx.Client, fields: str, near: list[str], form: str
) -> None:
    body = problem(
        api.get("/v1/leaderboard", params={"fields": fields}, headers={"Accept": form}), 422, "invalid-parameter"
    )
    assert [error["parameter"] for error in body["errors"]] == ["fields"]
    assert body["near"][: len(near)] == near


def test_lists_without_a_choice_and_single_answers_take_no_fields(api: httpx.Client) -> None:
    for path in ("/v1/coverage/calendar", "/v1/models/sim-atlas"):
        body = problem(api.get(path, params={"fields": "provider"}), 422, "invalid-parameter")
        assert body["errors"][0]["parameter"] == "fields"


def test_a_choice_has_an_etag_of_its_own_and_its_link_keeps_it(api: httpx.Client) -> None:
    chosen, whole = api.get("/v1/models?fields=label&limit=2"), api.get("/v1/models?limit=2")
    assert chosen.headers["etag"] != whole.headers["etag"]
    again = api.get("/v1/models?fields=label&limit=2", headers={"If-None-Match": chosen.headers["etag"]})
    assert again.status_code == 304
    following = api.get(chosen.links["next"]["url"]).json()
    assert set(following["data"][0]) == {"target_id", "label", "is_simulated"}


def test_a_cursor_is_of_the_columns_that_it_was_given_with(api: httpx.Client) -> None:
    cursor: Any = get(api, "/v1/models", fields="label", limit=2)["next_cursor"]
    assert get(api, "/v1/models", fields="label", limit=2, cursor=cursor)["data"]
    body = problem(api.get("/v1/models", params={"limit": 2, "cursor": cursor}), 422, "invalid-parameter")
    assert body["errors"][0]["parameter"] == "cursor"
