"""GraphiQL in a real browser that can reach nothing but this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.browser import launched, visit

if TYPE_CHECKING:
    import httpx


def test_a_person_asks_in_graphiql_and_nothing_is_loaded_from_elsewhere(api: httpx.Client) -> None:
    with launched() as browser, visit(browser) as visited:
        page = visited.page
        page.goto(f"{api.base_url}/graphql")
        page.get_by_role("button", name="Execute query").click()
        expect(page.locator(".result-window")).to_contain_text("Atlas", timeout=20_000)
        visited.assert_only_loopback()
        assert visited.console_errors == []


def test_only_the_files_of_the_page_are_served(api: httpx.Client) -> None:
    page = api.get("/graphql", headers={"accept": "text/html"})
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self';" in policy
    for name in ("..%2F..%2Fwebserver.py", "graphiql.py", "start.css", "%2Fetc%2Fpasswd"):
        assert api.get(f"/graphql/assets/{name}").status_code == 404
