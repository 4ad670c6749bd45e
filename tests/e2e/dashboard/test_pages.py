"""Every page in Debian's chromium: what a person sees, on screens of both sizes and in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import serious_findings
from tests.support.browser import settle, visit
from tests.support.fake_api import FakeApi, awkward

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

SCROLLS = "[data-testid=stMain]"
DRAWN = ".js-plotly-plot .main-svg"
CHARTS = ".js-plotly-plot"
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}


def wait_until_drawn(page: Page, charts: int) -> None:
    expect(page.locator(CHARTS)).to_have_count(charts)
    expect(page.locator(DRAWN).first).to_be_visible()
    settle(page)


def wait_for_rows(page: Page, count: int) -> None:
    expect(page.locator(".board tbody tr")).to_have_count(count)
    settle(page)


def background(page: Page) -> str:
    return str(page.locator(".stApp").evaluate("element => getComputedStyle(element).backgroundColor"))


def is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_leaderboard_is_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    awkward(api)
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(dashboard_url)
        wait_for_rows(seen.page, 8)
        expect(seen.page.get_by_role("heading", name="Leaderboard")).to_be_visible()
        expect(seen.page.get_by_text("5 of 8 models here are simulated")).to_be_visible()
        expect(seen.page.get_by_text("Newest hour")).to_contain_text("UTC, ")
        row = seen.page.locator(".board tbody tr", has_text="Atlas")
        expect(row).to_contain_text("simulated")
        expect(row).to_contain_text("8.09\u20139.33")
        unknown = seen.page.locator(".board tbody tr", has_text="GPT-X")
        expect(unknown.get_by_text("no call was answered").first).to_be_visible()
        assert not is_wider_than_the_screen(seen.page)
        assert background(seen.page) == BACKGROUNDS[scheme]
        seen.screenshot(f"dashboard/leaderboard-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_the_status_is_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    awkward(api)
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}/status")
        wait_until_drawn(seen.page, 2)
        expect(seen.page.get_by_role("heading", name="Status")).to_be_visible()
        expect(seen.page.get_by_text("Newest hour")).to_contain_text("UTC, ")
        expect(seen.page.get_by_test_id("stMetricValue").nth(2)).to_have_text("$1.28")
        coverage = seen.page.get_by_role("region", name="Coverage by model")
        expect(coverage.locator("tbody tr", has_text="Ember")).to_contain_text("the provider took too long")
        skipped = seen.page.get_by_role("region", name="Models that are not measured")
        expect(skipped).to_contain_text("ANTHROPIC_API_KEY is not set")
        expect(seen.page.locator(".ytick text").first).to_contain_text("Atlas")
        assert not is_wider_than_the_screen(seen.page)
        assert background(seen.page) == BACKGROUNDS[scheme]
        seen.screenshot(f"dashboard/status-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_the_trend_is_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, width: int, scheme: Literal["light", "dark"]
) -> None:
    assert api.histories
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}/model-trend?model=sim-borealis")
        wait_until_drawn(seen.page, 4)
        expect(seen.page.get_by_role("heading", name="Borealis")).to_be_visible()
        expect(seen.page.get_by_text("This model is simulated")).to_be_visible()
        expect(seen.page.get_by_text("312 of 336 hours measured")).to_be_visible()
        expect(seen.page.get_by_text("Gaps: the provider was overloaded, 9 hours")).to_be_visible()
        assert seen.page.locator(".xtitle").all_text_contents() == ["UTC, simulated model"] * 4
        assert not is_wider_than_the_screen(seen.page)
        assert background(seen.page) == BACKGROUNDS[scheme]
        seen.screenshot(f"dashboard/model-trend-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


def test_a_gap_is_hatched_and_says_its_reason_under_the_pointer(
    browser: Browser, dashboard_url: str, api: FakeApi
) -> None:
    assert api.histories
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/model-trend?model=sim-atlas")
        wait_until_drawn(seen.page, 4)
        score = seen.page.locator(CHARTS).first
        bars = score.locator(".bars .point path")
        expect(bars).to_have_count(4)
        assert "fill: url(" in (bars.first.get_attribute("style") or "")
        bars.first.hover(force=True)
        expect(score.locator(".hoverlayer")).to_contain_text("Gap: the provider was overloaded")
        pieces = [trace.locator(".js-line").count() for trace in score.locator(".scatterlayer .trace").all()]
        assert 4 in pieces, "the line is drawn in four pieces, between the gaps"


PAGES = {
    "compare": ("/compare?models=sim-atlas,sim-borealis,sim-cobalt", 3),
    "cost-and-speed": ("/cost-and-speed", 1),
    "load": ("/cost-and-speed?section=load&tasks_sql=200", 0),
    "prices": ("/cost-and-speed?section=prices", 1),
    "recommend": ("/recommend?max_cost_per_task_usd=0.01", 0),
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_for_choosing_are_readable(
    browser: Browser, dashboard_url: str, api: FakeApi, name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    awkward(api)
    address, charts = PAGES[name]
    with visit(browser, width=width, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}{address}")
        seen.page.get_by_role("button", name="Share and export").wait_for()
        expect(seen.page.get_by_text("simulated: answers come from")).to_be_visible()
        if charts:
            wait_until_drawn(seen.page, charts)
        assert not is_wider_than_the_screen(seen.page)
        assert background(seen.page) == BACKGROUNDS[scheme]
        seen.screenshot(f"dashboard/{name}-{scheme}-{width}", scrolls=SCROLLS)
        seen.assert_only_loopback()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", *(address for address, _ in PAGES.values()), "/model-trend", "/status"])
def test_nobody_is_seriously_shut_out(
    browser: Browser, dashboard_url: str, api: FakeApi, axe: str, address: str, scheme: Literal["light", "dark"]
) -> None:
    awkward(api)
    with visit(browser, colour_scheme=scheme) as seen:
        seen.page.goto(f"{dashboard_url}{address}")
        expect(
            seen.page.get_by_text("simulated: answers come from").or_(seen.page.locator(".board")).first
        ).to_be_visible()
        settle(seen.page)
        assert serious_findings(seen.page, axe) == []


def test_a_view_is_shared_as_link_call_and_file(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/?window=30d&family=sql&search=atlas")
        wait_for_rows(seen.page, 1)
        seen.page.get_by_role("button", name="Share and export").click()
        codes = seen.page.get_by_test_id("stCode")
        expect(codes).to_have_count(2)
        link, call = codes.all_text_contents()
        assert link.strip() == f"{dashboard_url}/?window=30d&family=sql&search=atlas"
        assert f"{api.url}/v1/leaderboard?window=30d&family=sql" in call
        with seen.page.expect_download() as download:
            seen.page.get_by_role("button", name="CSV").click()
        assert download.value.suggested_filename == "leaderboard.csv"
        heading, row = download.value.path().read_text(encoding="utf-8").splitlines()
        assert heading.startswith("target_id,label,provider")
        assert row.startswith("sim-atlas,Atlas,simulator")


def test_a_search_and_a_sort_are_in_the_address(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        wait_for_rows(seen.page, 6)
        seen.page.get_by_role("combobox", name="Sort by").click()
        seen.page.get_by_role("option", name="Cost per task").click()
        seen.page.wait_for_url("**/?sort=cost_per_task_usd")
        expect(seen.page.locator(".board tbody tr").first).to_contain_text("Flint")
        seen.page.get_by_role("textbox", name="Search").fill("o")
        seen.page.get_by_role("textbox", name="Search").press("Enter")
        seen.page.wait_for_url("**/?sort=cost_per_task_usd&search=o")
        address = seen.page.url
    with visit(browser) as seen:
        seen.page.goto(address)
        expect(seen.page.get_by_role("textbox", name="Search")).to_have_value("o")
        expect(seen.page.get_by_role("combobox", name="Sort by")).to_have_value("Cost per task")


def test_a_model_leads_to_its_trend(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/?family=sql")
        seen.page.get_by_role("link", name="Cobalt").click()
        expect(seen.page.get_by_role("heading", name="Cobalt")).to_be_visible()
        assert seen.page.url.endswith("/model-trend?model=sim-cobalt&family=sql")
        wait_until_drawn(seen.page, 4)
        seen.assert_only_loopback()


def test_a_choice_is_in_the_address_and_the_address_makes_the_choice(
    browser: Browser, dashboard_url: str, api: FakeApi
) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        wait_for_rows(seen.page, 6)
        seen.page.get_by_role("radio", name="30 days").click()
        seen.page.wait_for_url("**/?window=30d")
        seen.page.get_by_role("combobox", name="Family").click()
        seen.page.get_by_role("option", name="Sql").click()
        seen.page.wait_for_url("**/?window=30d&family=sql")
        address = seen.page.url
    with visit(browser) as seen:
        seen.page.goto(address)
        wait_for_rows(seen.page, 6)
        expect(seen.page.get_by_role("radio", name="30 days")).to_be_checked()
        expect(seen.page.get_by_role("combobox", name="Family")).to_have_value("Sql")


def test_a_failing_api_is_explained_and_the_page_recovers(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    api.problem = (503, {"detail": "The marts are not built yet."})
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        expect(seen.page.get_by_text("The API can't answer (503): The marts are not built yet.")).to_be_visible(
            timeout=60_000
        )
        seen.screenshot("dashboard/leaderboard-api-fails")
        api.problem = None
        seen.page.get_by_role("button", name="Try again").click()
        wait_for_rows(seen.page, 6)


def test_a_slow_api_is_given_up_with_a_word(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    api.delay_s = 1.5
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/model-trend")
        expect(seen.page.get_by_text("gave no answer within 1 s")).to_be_visible()


def test_an_empty_database_is_explained(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    api.entries, api.models = [], []
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        expect(seen.page.get_by_text("Nothing has been measured yet.")).to_be_visible()
        seen.screenshot("dashboard/leaderboard-empty")
        seen.page.goto(f"{dashboard_url}/model-trend")
        expect(seen.page.get_by_text("No model is known yet.")).to_be_visible()


def test_three_hundred_models_stay_usable(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    many = FakeApi.of_many(300)
    api.entries, api.models, api.histories = many.entries, many.models, many.histories
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        wait_for_rows(seen.page, 25)
        seen.page.get_by_role("radio", name="All 300").click()
        expect(seen.page.locator(".board tbody tr")).to_have_count(300)
        seen.page.wait_for_url("**/?rows=all")
        expect(seen.page.get_by_text("simulated")).to_have_count(0)


def test_markup_in_names_does_not_run(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"> **bold** </table>"
    api.entries[0]["label"] = evil
    api.models[0]["label"] = evil
    with visit(browser) as seen:
        for path in ("/", "/compare", "/cost-and-speed", "/recommend", "/model-trend?model=sim-atlas"):
            seen.page.goto(f"{dashboard_url}{path}")
            settle(seen.page)
            expect(seen.page.get_by_text("</table>").first).to_be_visible()
            assert seen.page.locator("img[src=x]").count() == 0
            assert seen.page.title() != "owned"


def test_a_nonsense_address_is_explained(browser: Browser, dashboard_url: str, api: FakeApi) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(f"{dashboard_url}/?window=%3Cscript%3E&provider=%F0%9F%92%A9")
        wait_for_rows(seen.page, 6)
        expect(seen.page.get_by_text("The address asks for window <script>")).to_be_visible()


def test_the_server_says_where_it_is_and_writes_nothing_home(
    browser: Browser, dashboard_url: str, api: FakeApi, dashboard_home: Path
) -> None:
    assert api.entries
    with visit(browser) as seen:
        seen.page.goto(dashboard_url)
        wait_for_rows(seen.page, 6)
    log = (dashboard_home / "log").read_text(encoding="utf-8")
    assert log == f"dashboard: {dashboard_url} reads the API at {api.url}\n"
    assert [path.name for path in dashboard_home.iterdir()] == ["log"]
