"""Lists as CSV, Arrow and Parquet, by the Accept header of a real request."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from api.negotiation import ARROW, CSV, FORMS, JSON, PARQUET
from api.settings import Settings
from tests.support.marts import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

LISTS = ("/v1/leaderboard", "/v1/models", "/v1/models/sim-atlas/history", "/v1/providers", "/v1/coverage")


def get(api: httpx.Client, path: str, accept: str) -> httpx.Response:
    response = api.get(path, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] == accept
    return response


def csv_rows(response: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def table_of(response: httpx.Response, form: str) -> pa.Table:
    if form == ARROW:
        return pa.ipc.open_stream(response.content).read_all()
    return pq.ParquetFile(io.BytesIO(response.content)).read(use_threads=False)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("form", [ARROW, PARQUET])
def test_a_table_holds_what_the_json_holds_and_each_row_what_is_told_once(
    api: httpx.Client, path: str, form: str
) -> None:
    whole = get(api, path, JSON).json()
    table = table_of(get(api, path, form), form)
    assert table.num_rows == len(whole["data"]) > 0
    told_once = {name for name, value in whole["meta"].items() if not isinstance(value, list)}
    assert set(table.column_names) == set(whole["data"][0]) | told_once
    for name in ("target_id", "provider", "score_mean", "cost_usd", "planned_count", "is_simulated"):
        if name in whole["data"][0]:
            assert table.column(name).to_pylist() == [entry[name] for entry in whole["data"]]
    assert set(table.column("as_of").to_pylist()) == {AS_OF}


def test_columns_have_the_types_of_the_contract(api: httpx.Client) -> None:
    schema = table_of(get(api, "/v1/leaderboard", ARROW), ARROW).schema
    types = {name: str(schema.field(name).type) for name in ("label", "score_mean", "response_count", "window_end")}
    assert types == {
        "label": "string", "score_mean": "double", "response_count": "int64", "window_end": "timestamp[us, tz=UTC]",
    }  # fmt: skip
    assert str(schema.field("is_simulated").type) == "bool"
    assert str(schema.field("quantisation").type) == "string"
    models = table_of(get(api, "/v1/models", PARQUET), PARQUET).schema
    assert str(models.field("training_cutoff").type).startswith("date32")
    hours = table_of(get(api, "/v1/coverage", ARROW), ARROW).schema.field("hours").type
    assert str(hours.value_type.field("benchmark_hour").type) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize("path", LISTS)
def test_csv_holds_what_the_json_holds_with_empty_cells_for_null(api: httpx.Client, path: str) -> None:
    whole = get(api, path, JSON).json()
    rows = csv_rows(get(api, path, CSV))
    assert len(rows) == len(whole["data"])
    for row, entry in zip(rows, whole["data"], strict=True):
        for name, value in entry.items():
            if isinstance(value, str | int | float | None) and not isinstance(value, bool):
                assert row[name] == ("" if value is None else str(value)), name
    assert {row["as_of"] for row in rows} == {whole["meta"]["as_of"]}


def test_a_history_names_its_model_in_every_row_of_a_table(api: httpx.Client) -> None:
    rows = csv_rows(get(api, "/v1/models/sim-atlas/history?days=2&family=sql", CSV))
    assert {(row["target_id"], row["suite"], row["family"]) for row in rows} == {("sim-atlas", "canary", "sql")}
    assert [row["score_mean"] for row in rows if row["status"] != "measured"] == ["", "", ""]


def test_an_empty_list_is_a_table_with_its_columns(api: httpx.Client) -> None:
    path = "/v1/leaderboard?provider=acme&simulated=true"
    assert get(api, path, CSV).text.count("\n") == 1
    table = table_of(get(api, path, PARQUET), PARQUET)
    assert (table.num_rows, str(table.schema.field("score_mean").type)) == (0, "double")


@pytest.mark.parametrize("form", FORMS)
def test_the_link_leads_from_page_to_page_in_every_form(api: httpx.Client, form: str) -> None:
    path: str | None = "/v1/models?limit=4&simulated=any"
    sizes = []
    while path is not None:
        response = get(api, path, form)
        sizes.append(count_of(response, form))
        path = response.links.get("next", {}).get("url")
    assert sizes == [4, 2]


def count_of(response: httpx.Response, form: str) -> int:
    if form == JSON:
        return len(response.json()["data"])
    return len(csv_rows(response)) if form == CSV else int(table_of(response, form).num_rows)


@pytest.mark.parametrize(
    ("path", "accept", "near"),
    [
        ("/v1/leaderboard", "image/png", list(FORMS)),
        ("/v1/leaderboard", "text/csv;q=0", list(FORMS)),
        ("/v1/models/sim-atlas", "text/csv", [JSON]),
    ],
)
def test_other_forms_are_refused_with_those_that_there_are(
    api: httpx.Client, path: str, accept: str, near: list[str]
) -> None:
    response = api.get(path, headers={"Accept": accept})
    assert (response.status_code, response.json()["type"]) == (406, "/problems/not-acceptable")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["near"] == near


def test_a_refusal_is_problem_details_whatever_was_to_be_the_form(api: httpx.Client) -> None:
    response = api.get("/v1/leaderboard?window=8d", headers={"Accept": "text/csv"})
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    "label", ['=HYPERLINK("http://x","y")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", 'quote",\nnew line']
)
def test_no_cell_is_a_formula_and_every_text_comes_back(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], marts_copy: str, label: str
) -> None:
    with psycopg.connect(marts_copy) as connection:
        connection.execute("UPDATE marts.dim_targets SET label = %s", [label])
    with serve_api(Settings(database_url=marts_copy)) as api:
        found = csv_rows(get(api, "/v1/models", CSV))[0]["label"]
        assert not found.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))
        assert found.removeprefix("'") == label
        assert table_of(get(api, "/v1/models", ARROW), ARROW).column("label")[0].as_py() == label


def test_moments_are_moments(api: httpx.Client) -> None:
    table = table_of(get(api, "/v1/models/sim-atlas/history?days=1", PARQUET), PARQUET)
    starts: list[Any] = table.column("period_start").to_pylist()
    assert starts[-1] == datetime(2026, 11, 23, 20, tzinfo=UTC)
