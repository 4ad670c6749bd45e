"""Every list that can be sorted, by each of its columns in both directions, whole and page by page, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

from api.anomalies.queries import LISTED_ANOMALIES
from api.changes.queries import LISTED_CHANGES
from api.leaderboard.queries import STANDINGS
from api.models.queries import LISTED_MODELS
from api.prices.queries import LISTED_PRICES, PAST_PRICES
from api.providers.queries import LISTED_PROVIDERS
from api.reports.queries import LISTED_REPORTS
from api.scenarios.queries import LISTED_SCENARIOS
from tests.support.api_answers import all_rows, get, problem

if TYPE_CHECKING:
    import httpx

    from api.ordering import OrderedList

LISTS = {
    "/v1/anomalies": LISTED_ANOMALIES,
    "/v1/changes": LISTED_CHANGES,
    "/v1/leaderboard": STANDINGS,
    "/v1/models": LISTED_MODELS,
    "/v1/prices": LISTED_PRICES,
    "/v1/prices/history": PAST_PRICES,
    "/v1/providers": LISTED_PROVIDERS,
    "/v1/reports": LISTED_REPORTS,
    "/v1/scenarios": LISTED_SCENARIOS,
}
COLUMNS = [(path, column) for path, ordered in LISTS.items() for column in ordered.sorts]


def in_order(rows: list[dict[str, Any]], ordered: OrderedList, column: str, *, is_descending: bool) -> list[Any]:
    by_ties = sorted(rows, key=lambda row: [row[name] for name in ordered.ties])
    known = [row for row in by_ties if row[column] is not None]
    unknown = [row for row in by_ties if row[column] is None]
    return sorted(known, key=lambda row: row[column], reverse=is_descending) + unknown


@pytest.mark.parametrize(("path", "column"), COLUMNS)
def test_a_list_is_sorted_by_a_column_and_its_pages_are_complete(api: httpx.Client, path: str, column: str) -> None:
    rows = get(api, path)["data"]
    assert len(rows) > 1
    for sort, is_descending in ((column, False), (f"-{column}", True)):
        expected = in_order(rows, LISTS[path], column, is_descending=is_descending)
        assert get(api, path, sort=sort)["data"] == expected
        for limit in (1, 2):
            assert all_rows(api, path, sort=sort, limit=limit) == expected


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_column_is_refused_with_those_that_are_like_it(api: httpx.Client, path: str) -> None:
    column = next(iter(LISTS[path].sorts))
    body = problem(api.get(path, params={"sort": f"{column}x"}), 422, "invalid-parameter")
    assert body["errors"][0]["parameter"] == "sort"
    assert column in body["errors"][0]["detail"]


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_is_refused_in_another_order(api: httpx.Client, path: str) -> None:
    first, second, *_ = LISTS[path].sorts
    cursor = get(api, path, limit=1, sort=first)["next_cursor"]
    body = problem(api.get(path, params={"limit": 1, "sort": second, "cursor": cursor}), 422, "invalid-parameter")
    assert body["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("path", LISTS)
def test_a_statement_is_short_enough_for_psycopg_to_take_it_apart_once(path: str) -> None:
    longest = max(len(LISTS[path].statement(f"-{column}")) for column in LISTS[path].sorts)
    assert longest <= MAX_CACHED_STATEMENT_LENGTH
