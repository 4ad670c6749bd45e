"""The status page as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.support.fake_api import FakeApi, awkward

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "status"


def figures(page: Any) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.app.metric}


def test_the_page_shows_freshness_coverage_and_outcomes(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    assert page.app.title[0].value == "Status"
    assert "Newest hour" in page.words
    assert len(page.charts) == 2
    for name in ("Atlas", "Borealis", "Cobalt", "Dynamo", "Ember", "Flint"):
        assert f">{name}</a>" in page.words
    assert "the provider was overloaded, 108 calls" in page.words
    assert figures(page)["Models measured"] == "6 of 6"


def test_simulated_costs_are_never_shown_as_money(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    assert figures(page)["Cost today"] == "\u2014"
    assert "no real model was asked" in page.words
    assert "not real money" in page.words


def test_a_real_model_costs_money(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    page = open_page(PAGE)
    assert figures(page)["Cost today"] == "$1.28"
    assert figures(page)["Cost this month"] == "$31.75"


def test_budgets_and_runs_are_shown_with_their_state(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    assert "All real models" not in open_page(PAGE).words
    awkward(fake_api)
    words = open_page(PAGE).words
    for said in ("All real models", "this month", "$31.75", "$100.00", "31.8%", "25.7%"):
        assert said in words
    for said in ("Measuring", "done", "Retention", "failed", "3 minutes"):
        assert said in words


def test_a_model_that_is_skipped_is_listed_with_its_reason(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    page = open_page(PAGE)
    assert figures(page)["Models measured"] == "5 of 6"
    assert "ANTHROPIC_API_KEY is not set" in page.words
    assert "Claude &lt;b&gt;Sonnet&lt;/b&gt;" in page.words
    assert "<b>Sonnet</b>" not in page.words


def test_nothing_measured_yet_is_said(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.models.clear()
    page = open_page(PAGE)
    assert "Nothing has been measured yet" in page.app.info[0].value
    assert page.charts == []


def test_an_api_that_is_ill_is_explained(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.problem = (503, {"title": "The database can't be reached", "detail": "The API runs.", "status": 503})
    assert "The API runs" in open_page(PAGE).app.error[0].value


def test_a_part_that_the_api_does_not_tell_leaves_the_others(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.open_days = 7
    page = open_page(PAGE)
    assert [warning.value for warning in page.app.warning] == [
        r"The API refuses \(403\)\: Tier free has 7 days of history."
    ]
    assert len(page.charts) == 1
    assert figures(page)["Models measured"] == "6 of 6"
    assert "Retention" in page.words


def test_the_page_gives_its_link_its_calls_and_its_tables_as_files(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    (calls,) = [block.value for block in page.app.code if "curl" in block.value]
    for path in ("/v1/status", "/v1/coverage?hours=48", "/v1/coverage/calendar?days=14"):
        assert path in calls
    labels = [each.label for each in page.app.get("download_button")]
    assert labels[:4] == ["Coverage CSV", "Coverage JSON", "Calendar CSV", "Calendar JSON"]


def test_the_calendar_says_why_hours_have_no_answer(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    calendar = json.loads(page.charts[1].proto.spec)
    cells, gaps = calendar["data"]
    assert (len(cells["z"]), {len(row) for row in cells["z"]}) == (14, {24})
    assert len(calendar["layout"]["yaxis"]["ticktext"]) == 14
    assert {said[1] for said in gaps["customdata"]} == {"0 of 0 calls answered; missing: no call was planned"}
    assert f"no call was planned, {len(gaps['x'])} hours" in page.words


def test_the_next_run_is_told_by_suite(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE).words
    assert re.search(r"Next run: canary for the hour of \d{4}\\-\d\d\\-\d\d \d\d\\:00 UTC", words)
