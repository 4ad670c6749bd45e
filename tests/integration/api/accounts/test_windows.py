"""How far back a tier reaches: no parameter, however it is written, reaches further."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_accounts import open_account
from tests.support.other_marts import COST

if TYPE_CHECKING:
    import httpx

HISTORY = "/v1/models/sim-atlas/history"
BOARD = "/v1/leaderboard"

_numbers = itertools.count(1)


def as_somebody_else() -> dict[str, str]:
    """Each request of its own address, so that none is the hundred-and-first."""
    return {"X-Forwarded-For": f"198.51.100.{next(_numbers)}"}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (HISTORY, "days=8"), (HISTORY, "days=90"), (HISTORY, "days=8.0"), (HISTORY, "days=9_0"), (HISTORY, "days=+30"),
        (HISTORY, "days=%2030"), (HISTORY, "days=3%30"), (HISTORY, "d%61ys=30"), (HISTORY, "days=7&days=90"),
        (HISTORY, "days=90&days=7"), (HISTORY, "days=1e2"), (HISTORY, "days=inf"), (HISTORY, "granularity=day&days=30"),
        (BOARD, "window=30d"), (BOARD, "window=90d"), (BOARD, "window=7d&window=90d"), (BOARD, "window=+90d"),
        (BOARD, "window=169h"), ("/v1/coverage", "hours=200"), (BOARD, "weeks=2"),
        (BOARD, "from=2026-01-01"), (BOARD, "to=2026-01-01T00:00:00Z"), (BOARD, "until=1700000000"),
        (BOARD, "since=1700000000000"), (BOARD, "before=-1"), (BOARD, "month=2026-01"), (BOARD, "week=2026-W03"),
        (BOARD, "whatever=2026-01-01T00:00:00%2B02:00"),
    ],
)  # fmt: skip
def test_no_parameter_reaches_past_seven_days(strange_api: httpx.Client, path: str, query: str) -> None:
    response = strange_api.get(f"{path}?{query}", headers=as_somebody_else())
    assert (response.status_code, response.json()["type"]) == (403, "/problems/not-in-tier"), response.text
    assert "tier free has 7 days of history" in response.json()["detail"]
    assert response.headers["ratelimit"].startswith('"free";r=99')


def test_a_week_that_began_further_back_is_not_told_by_one_of_its_days(strange_api: httpx.Client) -> None:
    today = datetime.combine(datetime.now(UTC).date(), time(), UTC)
    first_day = (today - timedelta(days=7)).isoformat()

    def told(**query: str) -> tuple[int, list[str]]:
        answer = strange_api.get(HISTORY, params={"granularity": "week", **query}, headers=as_somebody_else())
        return answer.status_code, [point["period_start"] for point in answer.json().get("data", ())]

    ends = [{"until": moment.isoformat()} for moment in (today - timedelta(days=age) for age in range(8))]
    starts = [{"since": moment.isoformat()} for moment in (today - timedelta(days=age) for age in range(8))]
    answers = [told(**end, days=str(days)) for end in ends for days in range(1, 8)] + [
        told(**start) for start in starts
    ]
    assert {status for status, _ in answers} == {200, 403}
    assert min((start for _, starts in answers for start in starts), default=first_day) >= first_day
    assert told(days="7")[0] == 200
    assert told()[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        "include=baseline", "include=percentiles&include=baseline", "days=1&include=baseline", "incl%75de=baseline",
        "since={recent}&include=baseline", "granularity=day&until={recent}&days=1&include=baseline",
    ],
)  # fmt: skip
def test_means_of_days_before_reach_no_further_than_the_tier(strange_api: httpx.Client, query: str) -> None:
    recent = f"{datetime.now(UTC).date() - timedelta(days=2)}T00:00:00Z"
    response = strange_api.get(f"{HISTORY}?{query.format(recent=recent)}", headers=as_somebody_else())
    assert (response.status_code, response.json()["type"]) == (403, "/problems/not-in-tier"), response.text
    assert "tier pro has this" in response.json()["detail"]


def test_the_level_at_launch_is_told_to_tiers_that_reach_so_far(strange_api: httpx.Client, accounts_url: str) -> None:
    def level(tier: str) -> float | None:
        headers = open_account(accounts_url, tier).headers
        answer = strange_api.get(f"{HISTORY}?include=baseline", headers=headers)
        value: float | None = answer.raise_for_status().json()["meta"]["launch_score_mean"]
        return value

    assert (level("pro"), level("enterprise")) == (None, 8.5)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (HISTORY, "days=7", 200), (HISTORY, "granularity=week", 200), (HISTORY, "include=percentiles", 200),
        (HISTORY, "", 200), (BOARD, "window=7d", 200), (BOARD, "window=24h", 200),
        (BOARD, "limit=200", 200), ("/v1/status", "", 200), ("/v1/recommendations", "", 200),
        ("/v1/costs/projection", "tasks=all:1&days_ahead=90", 200), ("/v1/coverage", "hours=24", 200),
        (HISTORY, "days=nonsense", 422), (HISTORY, "days=NaN", 422), (BOARD, "window=90x", 422),
        (BOARD, "from=nonsense", 422), ("/v1/status", "days=365", 422), ("/v1/models/2026-01-01", "", 404),
    ],
)  # fmt: skip
def test_what_is_within_seven_days_or_means_nothing_is_the_routes_affair(
    strange_api: httpx.Client, path: str, query: str, status: int
) -> None:
    assert strange_api.get(f"{path}?{query}", headers=as_somebody_else()).status_code == status


def test_a_date_of_this_week_is_no_history(strange_api: httpx.Client) -> None:
    recent = (datetime.now(UTC) - timedelta(days=7)).date().isoformat()
    older = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    assert strange_api.get(f"{BOARD}?since={recent}", headers=as_somebody_else()).status_code == 422
    assert strange_api.get(f"{BOARD}?since={older}", headers=as_somebody_else()).status_code == 403


def test_a_refusal_names_the_lowest_tier_that_has_it(strange_api: httpx.Client, accounts_url: str) -> None:
    pro = open_account(accounts_url, "pro")
    detail = strange_api.get(f"{HISTORY}?days=30", headers=as_somebody_else()).json()["detail"]
    assert "tier pro has this" in detail
    assert strange_api.get(f"{HISTORY}?days=90", headers=pro.headers).status_code == 200
    older = strange_api.get(f"{BOARD}?from=2026-01-01", headers=pro.headers)
    assert (older.status_code, "tier enterprise has this" in older.json()["detail"]) == (403, True)
    enterprise = open_account(accounts_url, "enterprise")
    assert strange_api.get(f"{BOARD}?from=2026-01-01", headers=enterprise.headers).status_code == 422


@pytest.mark.parametrize("path", ["/v1/anomalies", "/v1/changes", "/v1/prices/history", "/v1/reports"])
def test_a_list_that_nothing_is_asked_of_begins_where_the_tier_does(
    strange_api: httpx.Client, accounts_url: str, path: str
) -> None:
    def told(headers: dict[str, str], **query: str) -> list[Any]:
        entries: list[Any] = strange_api.get(path, headers=headers, params=query).json()["data"]
        return entries

    every = told(open_account(accounts_url, "enterprise").headers)
    start = datetime.combine(datetime.now(UTC).date() - timedelta(days=7), time(), UTC)
    recent = told(open_account(accounts_url, "enterprise").headers, since=start.isoformat())
    assert len(recent) < len(every)
    assert told(as_somebody_else()) == recent


@pytest.mark.parametrize("path", ["/v1/anomalies", "/v1/changes", "/v1/prices/history", "/v1/reports"])
def test_a_list_says_which_span_it_tells_of(strange_api: httpx.Client, accounts_url: str, path: str) -> None:
    def span(headers: dict[str, str], **query: str) -> list[str | None]:
        meta = strange_api.get(path, headers=headers, params=query).json()["meta"]
        return [meta["window_start"], meta["window_end"]]

    first_day = f"{datetime.now(UTC).date() - timedelta(days=7)}T00:00:00Z"
    since, until = (f"{datetime.now(UTC).date() - timedelta(days=days)}T06:00:00Z" for days in (3, 1))
    assert span(as_somebody_else()) == [first_day, None]
    assert span(as_somebody_else(), since=since, until=until) == [since, until]
    enterprise = open_account(accounts_url, "enterprise").headers
    assert (span(enterprise), span(enterprise, until=until)) == ([None, None], [None, until])


def test_what_is_older_is_not_told_by_its_name_either(strange_api: httpx.Client, accounts_url: str) -> None:
    enterprise = open_account(accounts_url, "enterprise")
    for path in (f"/v1/anomalies/{COST}", "/v1/reports/2026-11-16"):
        assert strange_api.get(path, headers=as_somebody_else()).json()["type"] == "/problems/not-in-tier"
        assert strange_api.get(path, headers=enterprise.headers).status_code == 200


def test_uncertainty_is_everyones(strange_api: httpx.Client) -> None:
    entry = strange_api.get(BOARD, headers=as_somebody_else()).json()["data"][0]
    assert entry["score_ci95_lower"] < entry["score_mean"] < entry["score_ci95_upper"]
    assert entry["scenario_count"] > 0
