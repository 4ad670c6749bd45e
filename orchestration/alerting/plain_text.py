"""A message as plain text and as HTML.

Pure. Not here: its words (wording).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from orchestration.alerting.event_links import commands_of

if TYPE_CHECKING:
    from orchestration.alerting.wording import Message, Part


def text_of(message: Message) -> str:
    return "\n\n".join("\n".join(_lines(part)) for part in message.parts) + "\n"


def _lines(part: Part) -> list[str]:
    rows = [*part.facts, *part.links, *commands_of(part.event)]
    return [part.title, *(f"  {heading}: {text}" for heading, text in rows)]


def html_of(message: Message, chart: str | None) -> str:
    """`chart` is the address of its image."""
    image = f'<p><img src="{escape(chart)}" alt="The hours around the change" width="640"></p>' if chart else ""
    body = "".join(_html(part) for part in message.parts)
    return f'<!DOCTYPE html><html lang="en"><body style="font-family:sans-serif">{body}{image}</body></html>'


def _html(part: Part) -> str:
    rows = [(heading, escape(text)) for heading, text in part.facts]
    rows += [(label, f'<a href="{escape(url)}">{escape(url)}</a>') for label, url in part.links]
    rows += [(heading, f"<code>{escape(text)}</code>") for heading, text in commands_of(part.event)]
    cells = "".join(
        f'<tr><th style="text-align:left;padding-right:1em">{escape(heading)}</th><td>{text}</td></tr>'
        for heading, text in rows
    )
    return f"<h2>{escape(part.title)}</h2><table>{cells}</table>"
