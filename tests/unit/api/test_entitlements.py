from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from api.entitlements import TIERS, higher, refuse_before, refuse_feature, refuse_query, refuse_span
from api.errors import ProblemError


def test_the_table_is_that_of_the_contract() -> None:
    told = {name: (tier.requests_per_hour, tier.history_days) for name, tier in TIERS.items()}
    assert told == {"anonymous": (100, 7), "free": (100, 7), "pro": (10_000, 90), "enterprise": (None, None)}
    assert TIERS["anonymous"].features == TIERS["free"].features == frozenset()
    assert TIERS["pro"].features == {"custom_scenarios", "alerts", "real_time"}
    assert TIERS["enterprise"].features == TIERS["pro"].features | {"white_label"}


def test_a_higher_tier_has_all_that_a_lower_one_has() -> None:
    tiers = list(TIERS.values())
    for lower, upper in pairwise(tiers):
        assert lower.features <= upper.features
        assert higher(lower, upper) is higher(upper, lower) is upper


def test_a_span_is_refused_by_a_second_and_names_who_has_it() -> None:
    refuse_span(TIERS["free"], timedelta(days=7), "days")
    refuse_span(TIERS["enterprise"], timedelta(days=99_999), "days")
    with pytest.raises(ProblemError, match="days: tier free has 7 days of history; tier pro has this"):
        refuse_span(TIERS["free"], timedelta(days=7, seconds=1), "days")
    with pytest.raises(ProblemError, match="tier enterprise has this"):
        refuse_span(TIERS["free"], timedelta(days=91), "days")


def test_a_moment_without_a_zone_is_one_of_utc() -> None:
    refuse_before(TIERS["pro"], datetime.now() - timedelta(days=80), "from")  # noqa: DTZ005
    with pytest.raises(ProblemError, match="from: tier pro"):
        refuse_before(TIERS["pro"], datetime.now(UTC) - timedelta(days=92), "from")


@pytest.mark.parametrize("feature", ["alerts", "real_time", "custom_scenarios"])
def test_a_feature_names_the_lowest_tier_that_has_it(feature: str) -> None:
    refuse_feature(TIERS["pro"], feature)  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match=f"Tier free has no {feature}; tier pro has"):
        refuse_feature(TIERS["free"], feature)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [b"days=8", b"days=7.1", b"DAYS=7&days=8", b"window=8d", b"window=2w", b"hours=169", b"from=0001-01-01",
     b"from=0001-01-01T00:00:00%2B14:00", b"to=1000000000", b"x=2020-02-30T00:00&x=2020-02-03", b"week=2020-W05-1",
     b"days=" + b"9" * 400, b"window=999999w", b"\xff=1&days=8",
     b"granularity=week&from=0001-01-01T00:00:00%2B14:00", b"include=baseline&to=0001-01-02"],
)  # fmt: skip
def test_a_query_that_reaches_too_far_is_refused(query: bytes) -> None:
    with pytest.raises(ProblemError, match="7 days of history"):
        refuse_query(TIERS["free"], "/v1/leaderboard", query)


@pytest.mark.parametrize(
    "query",
    [b"", b"days=7", b"days=", b"days=x", b"days=nan", b"window=7d", b"window=d", b"limit=500", b"from=x",
     b"cursor=2020x", b"from=9999-12-31T23:59:59Z", b"x=2020-13-01", b"provider=2020", b"%", b"&&=;=&",
     b"granularity=week&include=baseline&from=9999-12-31T23:59:59-12:00"],
)  # fmt: skip
def test_a_query_that_reaches_back_a_week_or_is_nonsense_passes(query: bytes) -> None:
    refuse_query(TIERS["free"], "/v1/leaderboard", query)


def test_the_status_is_everyones_and_enterprise_reaches_as_far_as_there_is() -> None:
    refuse_query(TIERS["free"], "/v1/status", b"days=365")
    refuse_query(TIERS["enterprise"], "/v1/leaderboard", b"days=36500&from=0001-01-01")


def dated(text: str, form: str) -> str:
    """With the moment that many days ago in place of each `<number>`."""
    return re.sub(r"<(\d)>", lambda days: (datetime.now(UTC) - timedelta(days=int(days[1]))).strftime(form), text)


@pytest.mark.parametrize(
    ("path", "query", "is_refused"),
    [
        ("/v1/models/sim-atlas/history", "until=<3>", True),
        ("/v1/models/sim-atlas/history", "days=7&until=<3>", True),
        ("/v1/models/sim-atlas/history", "days=2&until=<3>", False),
        ("/v1/models/sim-atlas/history", "since=<5>&until=<3>", False),
        ("/v1/recommendations", "window=30d", True),
        ("/v1/recommendations", "", False),
        ("/v1/anomalies", "", False),
        ("/v1/anomalies", "limit=5&state=open", False),
        ("/v1/anomalies", "until=<1>", False),
        ("/v1/anomalies", "since=", False),
        ("/v1/changes", "since=<6>", False),
        ("/v1/prices/history", "", False),
        ("/v1/prices", "", False),
        ("/v1/reports", "", False),
        ("/v1/reports/2026-01-05", "", True),
        ("/v1/reports/2026-W01", "", True),
        ("/v1/reports/<3>", "", False),
        ("/v1/costs/projection", "days=90", False),
        ("/v1/models/2026-01-05", "", False),
    ],
)
def test_what_is_not_asked_for_reaches_no_further(path: str, query: str, is_refused: bool) -> None:
    path, asked = dated(path, "%Y-%m-%d"), dated(query, "%Y-%m-%dT%H:%M:%SZ").encode()
    refuse_query(TIERS["enterprise"], path, asked)
    if not is_refused:
        refuse_query(TIERS["free"], path, asked)
        return
    with pytest.raises(ProblemError, match="7 days of history"):
        refuse_query(TIERS["free"], path, asked)
