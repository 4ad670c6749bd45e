"""A line of a month's daily scores, small enough for a cell of a table.

Not here: figures that a person reads numbers from (charts).
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from dashboard import theme
from dashboard.app_pages.wording import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dashboard.api_client.standings import DayMean

WIDTH, HEIGHT, AIR = 96, 26, 3
LEAST_SPAN = 2.0
"""Points of the score over the height at least, so that chance does not look like drama."""


def sparkline(days: Sequence[DayMean]) -> str:
    """An image with its words, as HTML; days without a score are gaps in the line. Empty without any score."""
    known = [day.score_mean for day in days if day.score_mean is not None]
    if not known:
        return ""
    words = _words(known, len(days))
    source = b64encode(_drawing(days, known).encode()).decode()
    return (
        f'<img class="sparkline" width="{WIDTH}" height="{HEIGHT}" alt="{escape(words)}" title="{escape(words)}" '
        f'src="data:image/svg+xml;base64,{source}">'
    )


def _words(known: Sequence[float], count: int) -> str:
    gaps = f", {count_of(count - len(known), 'day')} without a score" if len(known) < count else ""
    return (
        f"{count_of(count, 'day')}: from {known[0]:.2f} to {known[-1]:.2f}, {min(known):.2f} to {max(known):.2f}{gaps}"
    )


def _drawing(days: Sequence[DayMean], known: Sequence[float]) -> str:
    middle = (min(known) + max(known)) / 2
    span = max(LEAST_SPAN, max(known) - min(known))
    step = (WIDTH - 2 * AIR) / max(1, len(days) - 1)

    def at(place: int, score: float) -> str:
        return f"{AIR + place * step:.1f} {HEIGHT / 2 - (score - middle) / span * (HEIGHT - 2 * AIR):.1f}"

    lines = "".join(f"M{'L'.join(at(*point) for point in run)}" for run in _runs(days) if len(run) > 1)
    dots = "".join(f"M{at(*run[0])}h0" for run in _runs(days) if len(run) == 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" fill="none" '
        f'stroke="{theme.SCORE}" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{lines}" stroke-width="1.6"/><path d="{dots}" stroke-width="3"/></svg>'
    )


def _runs(days: Sequence[DayMean]) -> Iterator[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for place, day in enumerate(days):
        if day.score_mean is not None:
            run.append((place, day.score_mean))
        elif run:
            yield run
            run = []
    if run:
        yield run
