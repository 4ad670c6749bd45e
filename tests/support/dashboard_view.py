"""What a page of the dashboard shows, its controls by their labels, and a change of one as a person makes it.

Not here: which pages and controls there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.support.browser import PATIENCE_MS, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FOLLOWS = "This page follows by itself."
"""What stands at the end of every page, once all of it is drawn."""

LOOKS_EVERY_MS = 250
"""To read a page at every frame would leave it no time to draw."""

SHOWN = """() => {
    const others = 'input, [role=radiogroup], [role=combobox], .js-plotly-plot'
    const words = [...document.querySelectorAll('[data-testid=stMain] [data-testid=stElementContainer]')]
        .filter(each => !each.querySelector(others))
        .map(each => each.innerText.replace(/, [^,;]* ago|, just now/, ''))
        .filter(said => said && !said.includes('This page follows by itself.') && !said.startsWith('Filters'))
    const charts = [...document.querySelectorAll('.js-plotly-plot')]
        .map(chart => JSON.stringify((chart.data ?? []).map(each => [each.name, each.x, each.y, each.z, each.text])))
    return [...words, ...charts].join('\\n')
}"""
LABELS = """() => [
    ...document.querySelectorAll('[role=combobox], [role=radiogroup], input[type=number], input[type=text]:not([role])')
].map(each => each.getAttribute('aria-label'))"""


@dataclass(frozen=True)
class Choice:
    """Another value of one filter. `name` and `value` stand in the address then; `has_effect` tells it of the data."""

    label: str
    option: str
    name: str
    value: str
    kind: Literal["select", "several", "segment", "number", "words"] = "select"
    behind: str | None = None
    """The button that opens what the filter lies in."""
    has_effect: bool = True

    def __str__(self) -> str:
        return self.label


def shown(page: Page) -> str:
    """All that is said and drawn, without what the clock changes."""
    return str(page.evaluate(SHOWN))


def labels(page: Page) -> set[str]:
    return {label.strip() for label in page.evaluate(LABELS) if label}


def is_drawn(page: Page) -> None:
    """Waits until the page is at its end, and its charts are on it. A first visit compares whole months."""
    expect(page.get_by_text(FOLLOWS)).to_be_visible(timeout=3 * PATIENCE_MS)
    settle(page)
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(each => each.querySelector('.main-svg'))"
    )


def waits_until_it_shows(page: Page, what: str, *, is_same: bool) -> None:
    """Waits until the page shows what was shown, or something else."""
    same = str(is_same).lower()
    page.wait_for_function(f"before => (({SHOWN})() === before) === {same}", arg=what, polling=LOOKS_EVERY_MS)


def choose(page: Page, choice: Choice) -> None:
    if choice.behind:
        page.get_by_role("button", name=choice.behind).click()
    {
        "select": _select,
        "several": _select,
        "segment": _press,
        "number": _fill,
        "words": _fill,
    }[choice.kind](page, choice)
    page.wait_for_url(lambda url: asked_of(url).get(choice.name, "").endswith(choice.value))


def asked_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _select(page: Page, choice: Choice) -> None:
    page.get_by_role("combobox", name=choice.label, exact=True).click()
    page.get_by_role("option", name=choice.option, exact=True).click()


def _press(page: Page, choice: Choice) -> None:
    group = page.get_by_role("radiogroup", name=choice.label, exact=True)
    group.get_by_role("radio", name=choice.option, exact=True).click()


def _fill(page: Page, choice: Choice) -> None:
    field = _field(page, choice)
    field.fill(choice.option)
    field.press("Enter")


def _field(page: Page, choice: Choice) -> Locator:
    role: Literal["spinbutton", "textbox"] = "spinbutton" if choice.kind == "number" else "textbox"
    return page.get_by_role(role, name=choice.label, exact=True)
