from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orchestration.simulator.wire import BadRequestError, moment_of, read_call

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
MESSAGES = [{"role": "user", "content": "hello"}]


def body(**changes: Any) -> bytes:
    return json.dumps({"model": "atlas", "messages": MESSAGES} | changes).encode()


def test_a_call_is_read() -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]
    messages = [{"role": "system", "content": "be brief"}, {"role": "user", "content": parts}]
    call = read_call(body(messages=messages, stream=True, stream_options={"include_usage": True}, max_tokens=7, seed=3))
    assert call.texts == ("be brief", "one\ntwo")
    assert (call.is_streamed, call.includes_usage, call.max_tokens, call.sample) == (True, True, 7, 3)
    assert read_call(body(max_completion_tokens=9)).max_tokens == 9
    assert read_call(body(seed=3), "4").sample == 4


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (b"{", "could not parse"),
        (b"[]", "must be a JSON object"),
        (b"\xff", "could not parse"),
        (b"{}", "Missing required parameter: 'model'"),
        (body(messages=[]), "Invalid value for 'messages'"),
        (body(messages="hello"), "Invalid value for 'messages'"),
        (body(messages=["hello"]), r"Invalid value for 'messages\[0\]'"),
        (body(messages=[{"role": "user", "content": 5}]), r"Invalid value for 'messages\[0\].content'"),
        (body(max_tokens=-1), "Invalid value for 'max_tokens'"),
        (body(max_tokens="many"), "Invalid value for 'max_tokens'"),
        (body(n=2), "Invalid value for 'n'"),
        (body(seed="x"), "Invalid value for 'seed'"),
        (body(stream_options="x"), "Invalid value for 'stream_options'"),
    ],
)
def test_a_bad_request_is_refused_with_the_field(sent: bytes, complaint: str) -> None:
    with pytest.raises(BadRequestError, match=complaint):
        read_call(sent)


def test_a_sample_that_is_no_number_is_refused() -> None:
    with pytest.raises(BadRequestError, match="x-simulated-sample"):
        read_call(body(), "second")


@pytest.mark.parametrize(
    ("ago", "is_past"),
    [(timedelta(hours=1, seconds=1), True), (timedelta(hours=1), False), (timedelta(0), False), (-timedelta(5), False)],
)
def test_over_an_hour_ago_is_past(ago: timedelta, is_past: bool) -> None:
    moment = moment_of((NOW - ago).isoformat(), NOW)
    assert (moment.at, moment.is_past) == (NOW - ago, is_past)


def test_the_wall_clock_is_meant_without_the_header() -> None:
    assert moment_of(None, NOW).at == NOW


def test_a_time_of_another_zone_is_read_as_utc() -> None:
    assert moment_of("2026-11-01T01:00:00+02:00", NOW).at == datetime(2026, 10, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize("header", ["yesterday", "2026-11-20T10:00:00", ""])
def test_a_time_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(BadRequestError, match="x-simulated-time"):
        moment_of(header, NOW)
