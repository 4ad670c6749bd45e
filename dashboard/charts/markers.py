"""Marks along the top of a figure over time: where a change of level began, and what was noted to have changed.

Not here: which there are; the line of a new suite version is part of every figure (layout).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import literal
from dashboard.charts.rows import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts.rows import Level, Marker, TrendPoint


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of mark is drawn, and the sign of the same shape for where it is told in words."""

    name: str
    symbol: str
    sign: str
    colour: str
    size: int = 12


LOOKS = {
    "incident": Look("incident of several models", "circle-open", "\u25ef", theme.VERMILLION, 20),
    "worse": Look("got worse", "triangle-down", "\u25bc", theme.VERMILLION),
    "better": Look("got better", "triangle-up", "\u25b2", theme.BLUE),
    "price": Look("change of price", "star", "\u2605", theme.OCHRE, 13),
    "version": Look("change of version", "square", "\u25a0", theme.PURPLE, 10),
    "change": Look("other change", "diamond", "\u25c6", theme.GREY),
}
"""By kind of mark; an incident's circle lies around the mark of what it did to the model."""
TOP = 0.94


def marker_traces(markers: Sequence[Marker], points: Sequence[TrendPoint]) -> list[go.Scatter]:
    """A trace a kind, on the axis of gaps; marks before the first point are left out."""
    first = points[0].start
    shown = [marker for marker in markers if marker.at >= first]
    return [
        _marks([marker for marker in shown if marker.kind == kind], look)
        for kind, look in LOOKS.items()
        if any(marker.kind == kind for marker in shown)
    ]


def level_traces(levels: Sequence[Level], points: Sequence[TrendPoint]) -> list[go.Scatter]:
    """The level before a change, dashed for as long as the change lasts, so that one sees how far off it is."""
    first, last = points[0].start, points[-1].start
    x: list[str | None] = []
    y: list[float | None] = []
    for level in levels:
        start, end = max(level.start, first), min(level.end, last)
        if start < end:
            x += [stamp(start), stamp(end), None]
            y += [level.value, level.value, None]
    if not x:
        return []
    return [
        go.Scatter(
            name="level before a change",
            x=x,
            y=y,
            mode="lines",
            connectgaps=False,
            line={"color": theme.VERMILLION, "width": 2, "dash": "dash"},
            hovertemplate="<b>%{y:.2f}</b>, the level before<extra></extra>",
        )
    ]


def _marks(markers: Sequence[Marker], look: Look) -> go.Scatter:
    return go.Scatter(
        name=look.name,
        x=[stamp(marker.at) for marker in markers],
        y=[TOP] * len(markers),
        yaxis="y2",
        mode="markers",
        marker={"symbol": look.symbol, "size": look.size, "color": look.colour},
        customdata=[[literal(marker.words), stamp(marker.at)] for marker in markers],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]} UTC<extra></extra>",
    )
