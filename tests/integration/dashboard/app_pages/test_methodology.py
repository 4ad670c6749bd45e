"""The page of methodology as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.app_pages.methodology_tables import next_hour
from tests.support.fake_api import FakeApi, awkward
from tests.support.fake_events import some_changes

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "methodology"


def test_every_number_has_its_definition_with_a_source(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE).words
    for said in ("<code>score_ci95_lower</code>", "A 95% t interval over the means of scenarios.", "Student 1908"):
        assert said in words


def test_a_link_leads_to_one_definition(open_page: Callable[..., Any]) -> None:
    assert "Student 1908" in open_page(PAGE, words="score_ci95_lower").words
    unknown = open_page(PAGE, words="nothing of the kind").words
    assert "No definition has these words" in unknown


def test_versions_are_told_with_the_hour_that_is_asked_next(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE, section="versions").words
    for said in ("canary", ">current<", "asked no more", "every 6 hours", "function", "quality"):
        assert said in words
    assert f"{datetime.now(UTC):%Y-%m-%d %H}:00 UTC" in words


@pytest.mark.parametrize(
    ("cadence", "newest", "expected"),
    [
        ("hourly", 19, 20),
        ("hourly", 20, 21),
        ("hourly", None, 20),
        ("every-6-hours", 19, 24),
        ("daily", 20, 24),
    ],
)
def test_the_next_hour_is_the_first_that_is_due(cadence: str, newest: int | None, expected: int) -> None:
    measured = None if newest is None else datetime(2026, 11, 23, newest, tzinfo=UTC)
    found = next_hour(cadence, measured, datetime(2026, 11, 23, 20, 31, tzinfo=UTC))
    assert found is not None
    assert (found - datetime(2026, 11, 23, tzinfo=UTC)).total_seconds() / 3600 == expected


def test_a_cadence_that_is_not_known_has_no_next_hour() -> None:
    assert next_hour("at full moon", None, datetime(2026, 11, 23, tzinfo=UTC)) is None


def test_what_measuring_costs_leaves_simulated_money_out(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    simulated = {metric.label: metric.value for metric in open_page(PAGE, section="coverage").app.metric}
    assert (simulated["Cost today"], simulated["Cost this month"]) == ("\u2014", "\u2014")
    assert simulated["On time, last 24 hours"].endswith("%")
    awkward(fake_api)
    real = {metric.label: metric.value for metric in open_page(PAGE, section="coverage").app.metric}
    assert (real["Cost today"], real["Cost this month"]) == ("$1.28", "$31.75")


def test_changes_are_listed_and_markup_in_them_is_text(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.changes = some_changes()
    words = open_page(PAGE, section="changes").words
    assert "3 changes in the last 90 days" in words
    assert "Name of the served model" in words
    assert "a&lt;b&gt;1" in words
    assert "a<b>1" not in words
    assert "1 change in the last 90 days" in open_page(PAGE, section="changes", kind="price").words


def test_no_change_is_said(open_page: Callable[..., Any]) -> None:
    assert "No change of a model" in open_page(PAGE, section="changes").app.info[0].value


def test_an_api_that_is_ill_is_explained(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.problem = (503, {"title": "The database can't be reached", "detail": "The API runs.", "status": 503})
    assert "The API runs" in open_page(PAGE).app.error[0].value
