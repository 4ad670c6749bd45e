"""Every page and every filter of the dashboard before the real API over a year of drawn hours, in Debian's chromium.

Not here: what pages do with awkward answers (dashboard), nor how fast they are (tests/benchmarks/dashboard_speed).
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.accessibility import axe_source, serious_findings
from tests.support.api_process import api_process
from tests.support.browser import launched, visit
from tests.support.dashboard_server import dashboard_before
from tests.support.dashboard_view import FOLLOWS, asked_of, choose, is_drawn, labels, shown, waits_until_it_shows
from tests.support.dashboard_views import ALONE, LEADERBOARD, TREND, VIEWS
from tests.support.drawn_year import CHEAPER, SLOWER, WORSE, year_database
from tests.support.published import another_hour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.dashboard_view import Choice
    from tests.support.dashboard_views import View

pytestmark = [pytest.mark.scale, pytest.mark.e2e, pytest.mark.timeout(7200)]

SCROLLS = "[data-testid=stMain]"
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PNG = b"\x89PNG\r\n\x1a\n"
SHARED = [view for view in VIEWS if view.is_shared]


@dataclass(frozen=True)
class Services:
    database_url: str
    api_url: str
    url: str


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    scratch = tmp_path_factory.mktemp("year")
    scratch.chmod(0o755)
    with (
        year_database(scratch) as database_url,
        api_process(database_url) as (_, api),
        dashboard_before(f"http://{api}", tmp_path_factory.mktemp("dashboard-home")) as url,
    ):
        yield Services(database_url, f"http://{api}", url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe_source(tmp_path_factory.mktemp("axe"))


def open_view(page: Page, services: Services, view: View) -> None:
    page.goto(f"{services.url}{view.address}")
    is_drawn(page)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "dark")])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_page_is_readable_and_shuts_nobody_out(
    browser: Browser, services: Services, axe: str, view: View, width: int, scheme: Literal["light", "dark"]
) -> None:
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        open_view(seen.page, services, view)
        expect(seen.page.get_by_text(view.says).first).to_be_visible()
        expect(seen.page.locator(".js-plotly-plot")).to_have_count(view.charts)
        seen.screenshot(f"dashboard-year/{view.name or 'leaderboard'}-{scheme}-{width}", scrolls=SCROLLS)
        assert seen.page.evaluate(WIDER) is False
        background = seen.page.locator(".stApp").evaluate("element => getComputedStyle(element).backgroundColor")
        assert background == BACKGROUNDS[scheme]
        assert serious_findings(seen.page, axe) == []
        seen.assert_only_loopback()


@pytest.mark.parametrize(
    ("view", "choice"),
    [pytest.param(view, choice, id=f"{view.name}-{choice}") for view in VIEWS for choice in view.choices],
)
def test_every_filter_has_its_effect_and_a_link_shows_the_same(
    browser: Browser, services: Services, view: View, choice: Choice
) -> None:
    with visit(browser) as seen:
        open_view(seen.page, services, view)
        before = shown(seen.page)
        choose(seen.page, choice)
        if choice.has_effect:
            waits_until_it_shows(seen.page, before, is_same=False)
        is_drawn(seen.page)
        after, address = shown(seen.page), seen.page.url
        assert (after != before) is choice.has_effect
    with visit(browser) as seen:
        seen.page.goto(address)
        is_drawn(seen.page)
        waits_until_it_shows(seen.page, after, is_same=True)
        assert asked_of(seen.page.url) == asked_of(address)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_filter_is_forgotten_here(browser: Browser, services: Services, view: View) -> None:
    with visit(browser) as seen:
        open_view(seen.page, services, view)
        if any(choice.behind for choice in view.choices):
            seen.page.get_by_role("button", name="Filters").click()
            expect(seen.page.get_by_role("combobox", name="Suite")).to_be_visible()
        known = {choice.label for each in VIEWS for choice in each.choices if is_of_one_page(each, view)}
        assert labels(seen.page) - {"API key", "Show evidence of"} <= known | ALONE


def is_of_one_page(view: View, other: View) -> bool:
    return view.address.partition("?")[0] == other.address.partition("?")[0]


@pytest.mark.parametrize("view", SHARED, ids=lambda view: view.name)
def test_link_calls_and_files_of_a_view_are_those_that_it_shows(
    browser: Browser, services: Services, view: View
) -> None:
    with visit(browser) as seen:
        open_view(seen.page, services, view)
        seen.page.get_by_role("button", name="Share and export").click()
        codes = seen.page.get_by_test_id("stCode").filter(has_text=re.compile("^(http|curl)"))
        expect(codes).to_have_count(2)
        link, calls = codes.all_text_contents()
        assert asked_of(link.strip()).items() >= asked_of(services.url + view.address).items()
        called = re.findall(r"curl '([^']+)'", calls)
        assert called
        for call in called:
            assert httpx.get(call, trust_env=False, timeout=60).status_code == 200, call
        rows, read = downloaded_json(seen.page), downloaded_csv(seen.page)
        assert len(rows) == len(read)
        assert [list(row) for row in rows] == [list(row) for row in read]


def downloaded_json(page: Page) -> list[dict[str, object]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").first.click()
    return list(json.loads(download.value.path().read_text(encoding="utf-8")))


def downloaded_csv(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    return list(csv.DictReader(download.value.path().read_text(encoding="utf-8").splitlines()))


def test_the_leaderboard_s_file_has_the_rows_of_its_table(browser: Browser, services: Services) -> None:
    with visit(browser) as seen:
        seen.page.goto(f"{services.url}/?family=sql&window=30d&sort=latency_p50_ms")
        is_drawn(seen.page)
        table = seen.page.get_by_role("region", name="Leaderboard")
        names = table.get_by_role("rowheader").get_by_role("link").all_text_contents()
        seen.page.get_by_role("button", name="Share and export").click()
        rows = downloaded_csv(seen.page)
    assert [row["label"] for row in rows] == names
    assert len(names) == 12
    asked = {"suite": rows[0]["suite"], "family": "sql", "window": "30d", "sort": "latency_p50_ms"}
    answered = httpx.get(f"{services.api_url}/v1/leaderboard", params=asked, trust_env=False).json()["data"]
    assert [float(row["latency_p50_ms"]) for row in rows] == [entry["latency_p50_ms"] for entry in answered]


def test_what_happened_is_found_and_explained(browser: Browser, services: Services) -> None:
    answered = httpx.get(f"{services.api_url}/v1/anomalies", trust_env=False).json()["data"]
    found = {(anomaly["target_id"], anomaly["metric"]): anomaly["anomaly_id"] for anomaly in answered}
    said = {
        (WORSE, "quality"): ("Synthetic 3 (simulated) got worse: quality fell", "Likely cause: unknown"),
        (SLOWER, "latency"): ("Synthetic 5 (simulated) got worse: latency rose", "Likely cause: unknown"),
        (CHEAPER, "cost"): ("Synthetic 7 (simulated) got better: cost fell", "Likely cause: a change of price"),
    }
    with visit(browser) as seen:
        for what, words in said.items():
            seen.page.goto(f"{services.url}/degradations?direction=any&anomaly={found[what]}")
            is_drawn(seen.page)
            for each in words:
                expect(seen.page.get_by_text(each)).to_be_visible()
            seen.screenshot(f"dashboard-year/evidence-{what[1]}", scrolls=SCROLLS)


@pytest.mark.parametrize("address", [f"{LEADERBOARD.address}?view=chart", TREND.address])
def test_every_chart_is_had_as_a_picture(browser: Browser, services: Services, address: str) -> None:
    with visit(browser) as seen:
        seen.page.goto(f"{services.url}{address}")
        is_drawn(seen.page)
        for chart in seen.page.locator(".js-plotly-plot").all():
            chart.scroll_into_view_if_needed()
            chart.hover()
            with seen.page.expect_download() as download:
                chart.locator("[data-title*=png i]").click()
            picture = download.value.path().read_bytes()
            assert download.value.suggested_filename.endswith(".png")
            assert picture.startswith(PNG)
            assert len(picture) > 5000


def test_a_new_hour_shows_within_ten_seconds_without_a_reload(browser: Browser, services: Services) -> None:
    with visit(browser) as seen:
        open_view(seen.page, services, LEADERBOARD)
        expect(seen.page.get_by_text(FOLLOWS)).to_be_visible()
        seen.page.evaluate("window.unloaded = false")
        with another_hour(services.database_url) as hour:
            said = seen.page.get_by_text(f"Newest hour {hour:%Y-%m-%d %H:%M} UTC")
            expect(said).to_be_visible(timeout=10_000)
            assert seen.page.evaluate("window.unloaded") is False
            seen.screenshot("dashboard-year/live", scrolls=SCROLLS)
