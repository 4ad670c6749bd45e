"""The pages that watch and explain, in Debian's chromium: both sizes of screen, both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import serious_findings
from tests.support.browser import settle, visit
from tests.support.fake_accounts import KEY
from tests.support.fake_api import newest_hour
from tests.support.fake_events import some_anomalies, some_changes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.fake_api import FakeApi

pytestmark = pytest.mark.e2e

SCROLLS = "[data-testid=stMain]"
CHARTS = ".js-plotly-plot"
ADDRESSES = (
    "degradations",
    "degradations?section=families",
    "scenarios",
    "scenarios?scenario=sql%2Ftask-1",
    "methodology",
    "methodology?section=versions",
    "methodology?section=changes",
    "account",
)
SCREENS = [(1280, "light"), (390, "dark")]


def is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_degradations_are_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    api.anomalies = some_anomalies()
    api.entries[1] |= {"score_change_7d": -0.84, "is_score_change_7d_significant": True}
    api.entries[2] |= {"score_change_7d": None, "is_score_change_7d_significant": None}
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}/degradations?direction=any")
        expect(seen.page.locator(CHARTS)).to_have_count(1)
        expect(seen.page.locator(".board tbody tr")).to_have_count(4)
        settle(seen.page)
        assert not is_wider_than_the_screen(seen.page)
        seen.screenshot(f"dashboard/degradations-{scheme}-{width}", scrolls=SCROLLS)
        seen.page.get_by_role("link", name="Open").first.click()
        expect(seen.page.get_by_text("Atlas (simulated) got worse")).to_be_visible()
        settle(seen.page)
        seen.screenshot(f"dashboard/degradations-evidence-{scheme}-{width}", scrolls=SCROLLS)
        seen.page.goto(f"{dashboard_url}/degradations?section=families")
        expect(seen.page.get_by_text("7 moves told from chance")).to_be_visible()
        expect(seen.page.locator(CHARTS)).to_have_count(1)
        settle(seen.page)
        seen.screenshot(f"dashboard/degradations-families-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_scenarios_are_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    assert api.scenarios
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}/scenarios?family=sql")
        seen.page.get_by_role("link", name="Task 1 of sql").click()
        expect(seen.page.get_by_text("1 of 2 checks passed")).to_be_visible()
        assert seen.page.url.endswith("/scenarios?family=sql&scenario=sql%2Ftask-1")
        seen.page.get_by_text("1 of 2 checks passed").click()
        expect(seen.page.get_by_text("failed: refunds are taken off")).to_be_visible()
        settle(seen.page)
        assert not is_wider_than_the_screen(seen.page)
        seen.screenshot(f"dashboard/scenario-{scheme}-{width}", scrolls=SCROLLS)
        seen.page.get_by_role("link", name="All scenarios").click()
        expect(seen.page.get_by_text("2 of 12 scenarios in 6 families")).to_be_visible()
        settle(seen.page)
        seen.screenshot(f"dashboard/scenarios-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_the_methodology_is_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    api.changes = some_changes()
    said = {
        "definitions": "Student 1908",
        "versions": "asked no more",
        "coverage": "Every hour of every model",
        "changes": "3 changes in the last 90 days",
    }
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        for section, words in said.items():
            seen.page.goto(f"{dashboard_url}/methodology?section={section}")
            expect(seen.page.get_by_text(words).first).to_be_visible()
            settle(seen.page)
            assert not is_wider_than_the_screen(seen.page)
            seen.screenshot(f"dashboard/methodology-{section}-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


def test_a_new_hour_shows_within_ten_seconds_without_a_reload(
    browser: Browser, dashboard_url: str, api: FakeApi
) -> None:
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        expect(seen.page.get_by_text("This page follows by itself.")).to_be_visible()
        settle(seen.page)
        seen.page.evaluate("window.unloaded = false")
        api.newest = newest_hour()
        api.entries[0]["label"] = "Atlas of the new hour"
        row = seen.page.locator(".board tbody tr", has_text="Atlas of the new hour")
        expect(row).to_be_visible(timeout=10_000)
        assert seen.page.evaluate("window.unloaded") is False
        seen.screenshot("dashboard/live", scrolls=SCROLLS)


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_trend_marks_what_happened(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    api.anomalies, api.changes = some_anomalies(), some_changes()
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}/model-trend?model=sim-atlas")
        expect(seen.page.locator(CHARTS)).to_have_count(4)
        expect(seen.page.locator(CHARTS).first.get_by_text("level before a change")).to_be_visible()
        settle(seen.page)
        assert not is_wider_than_the_screen(seen.page)
        seen.screenshot(f"dashboard/trend-marks-{scheme}-{width}", scrolls=SCROLLS)


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_an_account_is_signed_in_to_and_its_key_stands_in_no_address(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    assert api.account.keys
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}/account")
        seen.page.get_by_label("API key").fill(KEY)
        seen.page.get_by_role("button", name="Sign in").click()
        expect(seen.page.get_by_text("Atlas: quality fell")).to_be_visible()
        settle(seen.page)
        assert KEY not in seen.page.url
        assert not is_wider_than_the_screen(seen.page)
        seen.screenshot(f"dashboard/account-{scheme}-{width}", scrolls=SCROLLS)


@pytest.mark.parametrize(
    ("address", "button", "name", "columns"),
    [
        ("degradations?section=families", "CSV", "degradations-by-family.csv", {"target_id", "family"}),
        ("compare", "Pairs CSV", "compare-pairs.csv", {"other_target_id", "score_difference", "holm_p_value"}),
        ("compare", "Standings CSV", "compare-standings.csv", {"target_id", "score_mean"}),
        ("status", "Coverage CSV", "status-coverage.csv", {"target_id", "hours", "missing"}),
        ("status", "Calendar CSV", "status-calendar.csv", {"benchmark_hour", "reason"}),
    ],
)
def test_every_table_of_a_view_is_a_file(
    browser: Browser, dashboard_url: str, api: FakeApi, address: str, button: str, name: str, columns: set[str]
) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/{address}")
        seen.page.get_by_role("button", name="Share and export").click()
        with seen.page.expect_download() as download:
            seen.page.get_by_role("button", name=button, exact=True).click()
        assert download.value.suggested_filename == name
        heading, *rows = download.value.path().read_text(encoding="utf-8").splitlines()
        assert columns <= set(heading.split(","))
        assert rows


def test_who_signs_in_acknowledges_and_stays_signed_in_from_change_to_change(
    browser: Browser, dashboard_url: str, api: FakeApi
) -> None:
    api.anomalies = some_anomalies()
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/degradations")
        seen.page.get_by_role("link", name="Open").first.click()
        seen.page.get_by_text("Sign in to acknowledge it").click()
        settle(seen.page)
        seen.screenshot("dashboard/degradations-sign-in", scrolls=SCROLLS)
        seen.page.get_by_label("API key").fill(KEY)
        seen.page.get_by_role("button", name="Sign in").click()
        seen.page.get_by_role("button", name="Acknowledge").click()
        expect(seen.page.get_by_text("You acknowledged it at")).to_be_visible()
        seen.page.get_by_role("combobox", name="Show evidence of").click()
        seen.page.get_by_role("option", name="Cobalt").click()
        expect(seen.page.get_by_text("Cobalt (simulated) got worse")).to_be_visible()
        expect(seen.page.get_by_role("button", name="Acknowledge")).to_be_visible()
        seen.page.get_by_role("button", name="Close the evidence").click()
        expect(seen.page.get_by_role("button", name="Acknowledge")).to_have_count(0)
        seen.page.get_by_role("link", name="Open").nth(2).click()
        expect(seen.page.get_by_role("button", name="Acknowledge")).to_be_visible()
        seen.page.get_by_role("link", name="Cobalt").first.click()
        expect(seen.page.get_by_role("heading", name="Cobalt")).to_be_visible()
        seen.page.go_back()
        expect(seen.page.get_by_role("button", name="Acknowledge")).to_be_visible()
        assert KEY not in seen.page.url
        assert [each["anomaly_id"] for each in api.account.answers] == [api.anomalies[0]["anomaly_id"]]


def test_who_signs_in_with_a_small_tier_sees_no_less(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    api.open_days = 7
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/account")
        seen.page.get_by_label("API key").fill(KEY)
        seen.page.get_by_role("button", name="Sign in").click()
        expect(seen.page.get_by_text("Atlas: quality fell")).to_be_visible()
        seen.page.get_by_role("button", name="Watch").click()
        seen.page.get_by_role("menuitem", name="Trends").click()
        expect(seen.page.locator(CHARTS)).to_have_count(4)
        seen.page.wait_for_url("**/model-trend?model=sim-atlas")
        seen.page.get_by_role("button", name="You").click()
        seen.page.get_by_role("menuitem", name="Account").click()
        expect(seen.page.get_by_role("button", name="Sign out")).to_be_visible()
        seen.page.go_back()
        expect(seen.page.locator(CHARTS)).to_have_count(4)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_seriously_shut_out(
    browser: Browser, dashboard_url: str, api: FakeApi, axe: str, scheme: Literal["light", "dark"]
) -> None:
    api.anomalies, api.changes = some_anomalies(), some_changes()
    with visit(browser, colour_scheme=scheme) as seen:
        for address in ADDRESSES:
            seen.page.goto(f"{dashboard_url}/{address}")
            expect(seen.page.get_by_text("This page follows by itself.")).to_be_visible()
            settle(seen.page)
            assert serious_findings(seen.page, axe) == [], address
