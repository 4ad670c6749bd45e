from __future__ import annotations

import email.utils
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.providers import failures


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, "no", failures.AuthenticationError),
        (403, "no", failures.AccessDeniedError),
        (
            400,
            '{"error": {"status": "INVALID_ARGUMENT", "message": "API key not valid."}}',
            failures.AuthenticationError,
        ),
        (402, "pay", failures.OutOfBudgetError),
        (429, '{"error": {"code": "insufficient_quota"}}', failures.OutOfBudgetError),
        (400, "Your credit balance is too low to access the API", failures.OutOfBudgetError),
        (404, "no such model", failures.NotFoundError),
        (307, "", failures.NotFoundError),
        (400, '{"error": {"code": "context_length_exceeded"}}', failures.ContextTooLongError),
        (400, "prompt is too long: 300000 tokens > 200000 maximum", failures.ContextTooLongError),
        (400, '{"error": {"code": "content_filter"}}', failures.ContentFilteredError),
        (422, "what", failures.RequestRefusedError),
        (429, "slow down", failures.RateLimitedError),
        (503, "later", failures.OverloadedError),
        (529, "later", failures.OverloadedError),
        (500, '{"error": {"type": "overloaded_error"}}', failures.OverloadedError),
        (504, "", failures.CallTimedOutError),
        (500, "context_length_exceeded was in the prompt", failures.ProviderFaultError),
        (502, "<html>", failures.ProviderFaultError),
    ],
)
def test_every_status_has_one_meaning(status: int, body: str, kind: type[failures.ProviderError]) -> None:
    assert type(failures.failure_of_status(status, body, {})) is kind


def test_errors_inside_an_answer_are_told_by_type_and_by_code() -> None:
    assert failures.failure_of_event({"type": "overloaded_error", "message": "x"}, {}).code == "overloaded"
    assert failures.failure_of_event({"code": 429, "message": "x"}, {}).code == "rate_limit"
    assert failures.failure_of_event("something broke", {}).code == "unknown"


def test_retry_after_is_read_as_seconds_milliseconds_and_date() -> None:
    dated = {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert failures.retry_after_s({"retry-after": "7"}) == 7
    assert failures.retry_after_s({"retry-after": "1", "retry-after-ms": "250"}) == 0.25
    assert failures.retry_after_s(dated | {"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}) == 30
    assert failures.retry_after_s(dated | {"retry-after": "Wed, 31 Dec 2025 00:00:30 GMT"}) == 0
    soon = datetime.now(UTC) + timedelta(seconds=60)
    without_date = failures.retry_after_s({"retry-after": email.utils.format_datetime(soon, usegmt=True)})
    assert without_date == pytest.approx(60, abs=5)


@pytest.mark.parametrize("stated", ["soon", "-5", "nan", "inf", ""])
def test_a_senseless_retry_after_is_ignored(stated: str) -> None:
    assert failures.retry_after_s({"retry-after": stated}) is None


def test_details_are_one_short_line() -> None:
    detail = failures.failure_of_status(500, "a\n\tb" + "c" * 1000, {}).detail
    assert detail.startswith("HTTP 500: a b")
    assert len(detail) <= 300
