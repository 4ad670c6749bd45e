"""Cells that tables of several pages share: a score with its interval, a range of ranks, what was noted, as HTML.

Not here: what stands where a number is unknown (tables).
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from dashboard.app_pages.tables import missing


def interval_bar(score: float, lower: float | None, upper: float | None) -> str:
    """A score of 0 to 10, its interval in numbers, and both as a bar."""
    if lower is None or upper is None:
        return f"<b>{score:.2f}</b> <small>no interval: too few scenarios</small>"
    place = f"--low:{lower * 10:.1f}%;--high:{upper * 10:.1f}%;--at:{score * 10:.1f}%"
    return (
        f'<b>{score:.2f}</b> <span class="interval">{lower:.2f}\u2013{upper:.2f}</span>'
        f'<span class="bar" style="{place}"></span>'
    )


def rank_range(first: int | None, last: int | None) -> str | None:
    """From which to which rank; None where it is not known."""
    if first is None or last is None:
        return None
    return f"<b>{first}</b>" if first == last else f"<b>{first}\u2013{last}</b>"


def noted(what: Any) -> str:
    """A value as it was noted before or after a change."""
    if what is None:
        return missing("nothing was noted")
    return f"<code>{escape(what if isinstance(what, str) else json.dumps(what, ensure_ascii=False))}</code>"
