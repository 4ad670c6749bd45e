"""Measures in Chromium how soon the dashboard shows what was asked for, beside an empty page of Streamlit.

usage: python -m tests.benchmarks.dashboard_speed --home HOME [--rounds 5] [--sessions 20]

HOME holds marts, as `aibaas synth --days 365` and `aibaas rebuild` make them, and its server runs. The API, the
dashboard and the empty page are processes of their own on this machine, as is the browser. Tabs share one cache, which
a first visit has filled; those that are opened at once come before all others, as ended sessions linger, and before
them as many sessions without a browser, which leave this machine's processors to the server. A page's time
runs from its navigation to the frame that shows what was waited for; that of a click from the click on. Each is the
median of the rounds, the empty page and the leaderboard in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.__main__ import QUIET
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.api_process import api_process
from tests.support.browser import launched, settle, visit
from tests.support.dashboard_server import dashboard_process, listening_process
from tests.support.product import free_ports
from tests.support.streamlit_session import delivered_s

if TYPE_CHECKING:
    import psutil
    from playwright.sync_api import Browser, Page

MEBIBYTE = 2**20
BOARD = "document.querySelectorAll('.board tbody tr').length > 1"
EMPTY = "document.querySelector('.stMarkdown')?.innerText === 'empty'"
HOURS_DRAWN = (
    "[...document.querySelectorAll('.js-plotly-plot')]"
    ".some(plot => plot.querySelector('.main-svg') && (plot.data ?? []).some(trace => trace.x?.length >= 2000))"
)
FRAMES = "requestAnimationFrame(() => requestAnimationFrame(() => { window.shownAt = performance.now() }))"
UPON_CLICK = """
    window.shownAt = undefined
    window.before = document.querySelector('.board')?.innerText
    document.addEventListener('click', () => { window.clickedAt = performance.now() }, {once: true, capture: true})
"""
WATCH = """
    new MutationObserver((_, watch) => {{
        if ({what}) {{ watch.disconnect(); {then} }}
    }}).observe(document, {options})
"""
EVERYTHING = "{childList: true, subtree: true, characterData: true, attributes: true}"


def watching(what: str) -> str:
    """JavaScript that notes when `what` has become true and is on the screen."""
    return WATCH.format(what=what, then=FRAMES, options=EVERYTHING)


def opened(page: Page, url: str, what: str) -> None:
    page.add_init_script(watching(what))
    page.goto(url, wait_until="commit")


def shown_s(page: Page) -> float:
    """Seconds since the navigation, or since the clock was set back."""
    page.wait_for_function("window.shownAt !== undefined")
    return float(page.evaluate("(window.shownAt - (window.clickedAt ?? 0)) / 1000"))


def visit_s(browser: Browser, url: str, what: str) -> float:
    with visit(browser) as seen:
        opened(seen.page, url, what)
        return shown_s(seen.page)


def click_s(page: Page, option: str, what: str) -> float:
    """Seconds from a click on a segmented control's option until `what` has become true."""
    button = page.get_by_role("radio", name=option, exact=True)
    button.wait_for()
    page.evaluate(f"() => {{ {UPON_CLICK} {watching(what)} }}")
    button.click()
    return shown_s(page)


def filter_s(browser: Browser, url: str) -> list[float]:
    """Seconds of each window's choice on the leaderboard; none was asked for a moment ago."""
    changed = f"{BOARD} && document.querySelector('.board').innerText !== window.before"
    with visit(browser) as seen:
        opened(seen.page, url, BOARD)
        shown_s(seen.page)
        found = []
        for window in ("24 hours", "30 days", "90 days", "7 days"):
            settle(seen.page)
            found.append(click_s(seen.page, window, changed))
        return found


def trend_s(browser: Browser, url: str) -> float:
    """Seconds from the choice of 90 days until all of their hours are drawn."""
    with visit(browser) as seen:
        seen.page.goto(f"{url}/model-trend")
        seen.page.locator(".js-plotly-plot .main-svg").first.wait_for()
        settle(seen.page)
        return click_s(seen.page, "90 days", HOURS_DRAWN)


def together_s(browser: Browser, url: str, sessions: int, server: psutil.Process) -> tuple[list[float], float, float]:
    """Seconds of each of so many tabs opened at once, the server's seconds of processors, and its bytes then."""
    cpu_s = sum(server.cpu_times()[:2])
    with ExitStack() as tabs:
        pages = [tabs.enter_context(visit(browser)).page for _ in range(sessions)]
        for page in pages:
            opened(page, url, BOARD)
        seconds = [shown_s(page) for page in pages]
        return seconds, sum(server.cpu_times()[:2]) - cpu_s, server.memory_info().rss


async def delivered_together_s(url: str, sessions: int) -> list[float]:
    """Seconds of each of so many sessions that begin at once, until the table has come; no browser takes part."""
    return await asyncio.gather(*(delivered_s(url, 'class="board"') for _ in range(sessions)))


def median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=20)
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        empty, home = scratch / "empty.py", scratch / "home"
        empty.write_text("import streamlit\n\nstreamlit.write('empty')\n")
        home.mkdir()
        (port,) = free_ports(1)
        flags = [f"--{name}={value}" for name, value in {**QUIET, "server.port": str(port)}.items()]
        stack.enter_context(listening_process(["-m", "streamlit", "run", str(empty), *flags], port, scratch, {}))
        _, api = stack.enter_context(api_process(EmbeddedPostgres(options.home.resolve()).url))
        server, url = stack.enter_context(dashboard_process(f"http://{api}", home))
        browser = stack.enter_context(launched())

        pages = {f"http://127.0.0.1:{port}": EMPTY, url: BOARD}
        for page, what in pages.items():
            visit_s(browser, page, what)
        before = server.memory_info().rss
        delivered = asyncio.run(delivered_together_s(url, options.sessions))
        print(f"{options.sessions} at once, delivered {median(delivered)} (bar 5 s for the slowest)")
        seconds, cpu_s, after = together_s(browser, url, options.sessions, server)
        print(
            f"{options.sessions} at once          {median(seconds)} (bar 5 s for the slowest); "
            f"{cpu_s:.1f} s of processors are the server's"
        )
        print(f"memory of a session {(after - before) / (2 * options.sessions) / MEBIBYTE:.1f} MiB (bar 30)")
        rounds = [[visit_s(browser, page, what) for page, what in pages.items()] for _ in range(options.rounds)]
        ours, theirs = [pair[1] for pair in rounds], [pair[0] for pair in rounds]
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"empty page          {median(theirs)}")
        print(f"leaderboard         {median(ours)}; ratio {ratio:.2f} (bars 2.5 s, 2)")
        filters = [seconds for _ in range(options.rounds) for seconds in filter_s(browser, url)]
        print(f"a filter's effect   {median(filters)} (bar 0.7 s)")
        trends = [trend_s(browser, url) for _ in range(options.rounds)]
        print(f"90 days by hour     {median(trends)} (bar 1.2 s)")
    print(f"load after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
