"""The pages that watch and explain, in Debian's chromium: both sizes of screen, both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.support.browser import visit
from tests.support.fake_events import some_anomalies

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.fake_api import FakeApi

pytestmark = pytest.mark.e2e

SCROLLS = "[data-testid=stMain]"
CHARTS = ".js-plotly-plot"
SCREENS = [(1280, "light"), (390, "dark")]


def settle(page: Page) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=30_000)


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
        expect(seen.page.locator(CHARTS)).to_have_count(1, timeout=30_000)
        expect(seen.page.locator(".board tbody tr")).to_have_count(4)
        settle(seen.page)
        assert not is_wider_than_the_screen(seen.page)
        seen.screenshot(f"dashboard/degradations-{scheme}-{width}", scrolls=SCROLLS)
        seen.page.get_by_role("link", name="Open").first.click()
        expect(seen.page.get_by_text("Atlas (simulated) got worse")).to_be_visible(timeout=30_000)
        settle(seen.page)
        seen.screenshot(f"dashboard/degradations-evidence-{scheme}-{width}", scrolls=SCROLLS)
        seen.page.goto(f"{dashboard_url}/degradations?section=families")
        expect(seen.page.get_by_text("6 moves told from chance")).to_be_visible(timeout=30_000)
        expect(seen.page.locator(CHARTS)).to_have_count(1, timeout=30_000)
        settle(seen.page)
        seen.screenshot(f"dashboard/degradations-families-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()
