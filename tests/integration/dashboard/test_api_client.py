"""The client turns answers into results, and everything that can go wrong into one clear line."""

from __future__ import annotations

import socket
from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from dashboard.api_client.client import ApiClient
from dashboard.api_client.errors import (
    ApiDeniedError,
    ApiError,
    ApiNotFoundError,
    ApiRefusedError,
    ApiTooSlowError,
    ApiUnreachableError,
    ApiUnreadableError,
)
from dashboard.api_client.transport import Transport
from tests.support.fake_accounts import KEY
from tests.support.fake_api import OPERATOR_KEY, FakeApi, serving

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = {"window": "7d", "family": "all", "provider": None}


def test_the_leaderboard_keeps_the_order_and_the_numbers_of_the_api(client: ApiClient) -> None:
    entries = client.leaderboard(window="7d", family="all", provider=None)
    assert [entry.label for entry in entries][:2] == ["Atlas", "Borealis"]
    assert entries[0].score_mean == 8.71
    assert entries[0].last_benchmark_hour is not None
    assert entries[0].last_benchmark_hour.tzinfo is UTC or entries[0].last_benchmark_hour.utcoffset() is not None


def test_filters_reach_the_api(client: ApiClient) -> None:
    assert client.leaderboard(window="24h", family="sql", provider="anthropic") == ()


def test_every_page_of_a_long_list_is_read() -> None:
    with serving(FakeApi.of_many(450)) as api, ApiClient(Transport(api.url)) as client:
        assert len(client.models()) == 450
        assert len(client.leaderboard(window="7d", family="all", provider=None)) == 450
        assert client.providers() == ("provider-0", "provider-1", "provider-2", "provider-3")


def test_families_are_those_that_scores_are_split_by(client: ApiClient) -> None:
    assert client.families() == (
        "bug-fixing",
        "code-generation",
        "code-review",
        "data-wrangling",
        "shell-config",
        "sql",
    )


def test_an_empty_database_has_no_families_models_or_rows() -> None:
    with serving(FakeApi.empty()) as api, ApiClient(Transport(api.url)) as client:
        assert (client.families(), client.models(), client.providers()) == ((), (), ())


def test_a_history_keeps_its_gaps(client: ApiClient) -> None:
    points = client.history("sim-atlas", granularity="hour", days=14, family="all")
    assert len(points) == 14 * 24
    gaps = [point for point in points if point.status == "missing"]
    assert {point.reason for point in gaps} == {"overloaded", "not_answered"}
    assert {point.score_mean for point in gaps} == {None}


def test_an_id_with_a_slash_stays_one_part_of_the_path(client: ApiClient) -> None:
    with pytest.raises(ApiNotFoundError, match=r"refuses \(404\): There is no model 'a/b"):
        client.history("a/b?c", granularity="hour", days=7, family="all")


def test_nobody_at_the_address_is_said_with_the_way_to_mend_it() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with (
        ApiClient(Transport(url)) as client,
        pytest.raises(ApiUnreachableError, match=r"\./aibaas up.*AIBAAS_API_URL") as failed,
    ):
        client.models()
    assert url in str(failed.value)


def test_a_slow_api_is_given_up_at_the_time_limit(fake_api: FakeApi) -> None:
    fake_api.delay_s = 1
    with (
        ApiClient(Transport(fake_api.url, timeout_s=0.2)) as client,
        pytest.raises(ApiTooSlowError, match=r"within 0\.2 s"),
    ):
        client.models()


def test_problem_details_are_passed_on(fake_api: FakeApi, client: ApiClient) -> None:
    fake_api.problem = (503, {"title": "The published tables are not there", "detail": "The marts are not built yet."})
    with pytest.raises(ApiRefusedError, match=r"can't answer \(503\): The marts are not built yet\."):
        client.providers()


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"[]", b'"x"', b""])
def test_an_error_without_problem_details_still_says_its_status(
    fake_api: FakeApi, client: ApiClient, body: bytes
) -> None:
    fake_api.problem = (502, {})
    fake_api.body = body
    with pytest.raises(ApiRefusedError, match=r"can't answer \(502\)"):
        client.providers()


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"{}", b'{"data": [{"provider": 1}], "next_cursor": null}'])
def test_an_answer_of_another_shape_is_named(fake_api: FakeApi, client: ApiClient, body: bytes) -> None:
    fake_api.body = body
    with pytest.raises(ApiUnreadableError, match=r"answer to /v1/providers can't be read at") as failed:
        client.providers()
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.leaderboard(**ASKED),
        lambda client: client.providers(),
        lambda client: client.families(),
        lambda client: client.models(),
        lambda client: client.history("sim-atlas", granularity="hour", days=7, family="all"),
    ],
)
def test_every_question_fails_with_an_api_error(
    fake_api: FakeApi, client: ApiClient, ask: Callable[[ApiClient], object]
) -> None:
    fake_api.problem = (500, {})
    with pytest.raises(ApiError):
        ask(client)


def test_one_key_reads_for_everybody_and_the_reader_s_own_opens_what_it_does_not(fake_api: FakeApi) -> None:
    fake_api.open_days = 7
    transport = Transport(fake_api.url)
    asked = {"granularity": "hour", "days": 14}
    with pytest.raises(ApiDeniedError, match="7 days"):
        ApiClient(transport, None, KEY).history("sim-atlas", **asked)
    for keys in ((OPERATOR_KEY, KEY), (None, OPERATOR_KEY)):
        assert len(ApiClient(transport, *keys).history("sim-atlas", **asked)) == 14 * 24
    assert ApiClient(transport, OPERATOR_KEY, KEY).account().tier == "pro"
    with pytest.raises(ApiDeniedError):
        ApiClient(transport, OPERATOR_KEY).account()
