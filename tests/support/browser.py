"""Debian's chromium under Playwright, with a record of every host that a page asks for.

Not here: which pages are opened.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREENSHOTS = Path(tempfile.gettempdir()) / "aibaas-screenshots"
"""Artefacts of browser tests: kept after the run, to be looked at."""

SETTLE_MS = 700
PATIENCE_MS = 60_000
"""For whatever is expected of a page: a busy machine takes tens of seconds to draw what a quiet one draws in two."""

expect.set_options(timeout=PATIENCE_MS)

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
WITHOUT_HOST = {"data", "blob", "about"}


@dataclass
class Visit:
    """One page and what happened on it. `hosts` are all that were asked for, answered or not."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    console_errors: list[str] = field(default_factory=list)

    def note_request(self, url: str) -> None:
        split = urlsplit(url)
        if split.scheme not in WITHOUT_HOST:
            self.hosts.add(split.hostname or url)

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)

    def assert_only_loopback(self) -> None:
        assert self.hosts <= LOOPBACK, f"asked for outside hosts: {sorted(self.hosts - LOOPBACK)}"

    def screenshot(self, name: str, *, scrolls: str | None = None) -> Path:
        """The whole page as SCREENSHOTS/name.png. `scrolls` selects what scrolls, where that is not the page itself."""
        if scrolls is not None:
            self._grow_to(scrolls)
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True, animations="disabled")
        return path

    def _grow_to(self, scrolls: str) -> None:
        height = self.page.locator(scrolls).first.evaluate("element => element.scrollHeight")
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": size["width"], "height": height + 60})
        self.page.wait_for_timeout(SETTLE_MS)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless chromium. Fails with a word on what to install where there is none."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser,
    *,
    width: int = 1280,
    height: int = 900,
    colour_scheme: Literal["light", "dark"] = "light",
) -> Iterator[Visit]:
    """A new tab; give its `page` an address. Tabs share a cache: a first load of Streamlit takes seconds."""
    page = _profile(browser).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=colour_scheme)
    found = Visit(page)
    page.on("request", lambda request: found.note_request(request.url))
    page.on("websocket", lambda socket: found.note_request(socket.url))
    page.on("console", found.note_console)
    try:
        yield found
    except (AssertionError, PlaywrightError):
        print(f"{page.url} shows:", page.locator("body").inner_text(), *found.console_errors, sep="\n")
        found.screenshot(f"failed/{PurePath(urlsplit(page.url).path).name or 'start'}-{width}-{colour_scheme}")
        raise
    finally:
        page.close()


def settle(page: Page) -> None:
    """Until Streamlit draws nothing any more: its style sheet comes late, and what is about to be drawn anew fades."""
    expect(page.locator("[data-testid=stHtml] > style")).to_have_count(1)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    page.wait_for_function("!document.getAnimations().some(each => each instanceof CSSTransition)")


def _profile(browser: Browser) -> BrowserContext:
    """The browser's one profile. Its clock is not UTC, so that a page that shows local time is found out."""
    if browser.contexts:
        return browser.contexts[0]
    return browser.new_context(timezone_id="Asia/Kolkata", locale="en-GB")
