"""HTML tables: real text with tabular figures, a card a row on a phone, and what stands where a number is unknown.

Not here: which columns a table has, nor the style sheet (theme.css). Cells are HTML: what comes from outside is escaped
by whoever makes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlencode

from dashboard.api_client.client import USUAL_SUITE
from dashboard.app_pages.wording import DASH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

FOLLOW_LINKS = f"<script>{Path(__file__).parents[1].joinpath('links.js').read_text(encoding='utf-8')}</script>"
"""What keeps the session of whoever follows a `page_link`."""

MEANINGS = {
    "simulated": "Answers come from a built-in imitation",
    "preliminary": "Too few scenarios or hours to rank on",
    "new": "Measured for less than two weeks",
    "open weights": "The weights are published",
    "deprecated": "Its provider announced its end",
    "retired": "Its provider no longer offers it",
    "off": "Not measured now",
}


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A heading, what it means, and how a row's cell is made."""

    heading: str
    meaning: str
    cell: Callable[[T], str]
    is_number: bool = True


def html_table(name: str, columns: Sequence[Column[T]], rows: Sequence[T], *, kind: str = "") -> str:
    """The first column names its row. `kind` is one more class for the style sheet."""
    head = "".join(_heading(column) for column in columns)
    body = "".join(f"<tr>{''.join(_cells(columns, row))}</tr>" for row in rows)
    classes = f"board {kind}".rstrip()
    return (
        f'<div class="board-frame" role="region" aria-label="{escape(name)}" tabindex="0">'
        f'<table class="{classes}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def missing(reason: str, *, is_said_elsewhere: bool = False) -> str:
    """What stands where a number is unknown: a dash and why, never 0.

    A reason that the row gives elsewhere is left to the pointer and to screen readers.
    """
    kind = ' class="unseen"' if is_said_elsewhere else ""
    return f'<span class="missing" title="{escape(reason)}">{DASH}<small{kind}>{escape(reason)}</small></span>'


def badges(*names: str) -> str:
    """Marks behind a name: keys of MEANINGS, or words that speak for themselves."""
    return "".join(
        f' <span class="badge" title="{escape(MEANINGS.get(name, name))}">{escape(name)}</span>' for name in names
    )


def page_link(page: str, words: str, /, **address: str) -> str:
    """A link to another page of the dashboard; empty parts of its address are left out."""
    query = urlencode({name: value for name, value in address.items() if value})
    return f'<a href="{escape(f"{page}?{query}" if query else page)}">{escape(words)}</a>'


def trend_link(words: str, target_id: str, *, suite: str, family: str = "all") -> str:
    """A link to a model's trend in the same suite and family; what is shown there by default is left out."""
    other = {"family": "" if family == "all" else family, "suite": "" if suite == USUAL_SUITE else suite}
    return page_link("model-trend", words, model=target_id, **other)


def _heading(column: Column[T]) -> str:
    kind = ' class="number"' if column.is_number else ""
    return f'<th scope="col"{kind} title="{escape(column.meaning)}">{escape(column.heading)}</th>'


def _cells(columns: Sequence[Column[T]], row: T) -> Iterator[str]:
    first, *others = columns
    yield f'<th scope="row">{first.cell(row)}</th>'
    for column in others:
        kind = ' class="number"' if column.is_number else ""
        yield f'<td{kind} data-label="{escape(column.heading)}"><span>{column.cell(row)}</span></td>'
