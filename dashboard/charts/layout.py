"""The frame that figures share: margins, axes in UTC, the hatch over gaps.

Not here: data traces; each chart draws its own. Text and grid take Streamlit's colours, so that they follow its theme.
"""

from __future__ import annotations

import html
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.rows import Gap, TrendPoint, stamp, suite_changes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
}
"""Options of Plotly's own toolbar."""

GAP_MARKER: dict[str, Any] = {
    "color": "rgba(125,131,140,0.10)",
    "line": {"width": 0},
    "pattern": {"shape": "/", "size": 6, "solidity": 0.18, "fgcolor": theme.GAP, "fillmode": "overlay"},
}
"""The hatch of stretches in which nothing was measured."""

MOMENT = "%{x|%a %d %b %Y, %H:%M} UTC"
MARGIN = {"l": 60, "r": 12, "t": 32, "b": 8}
GRID = "rgba(125,131,140,0.22)"


def literal(text: str) -> str:
    """Text that Plotly shows as it is, whatever markup it holds."""
    return html.escape(text, quote=False)


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}\u2026"


def error_bars(known: Sequence[tuple[float | None, float | None, float | None]]) -> dict[str, Any]:
    """Bars from (value, lower, upper), none of them None: what has no interval belongs in a trace without bars."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [upper - value for value, _, upper in known if value is not None and upper is not None],
        "arrayminus": [value - lower for value, lower, _ in known if value is not None and lower is not None],
        "color": theme.SCORE,
    }


def row_axis(labels: Sequence[str]) -> dict[str, Any]:
    """A vertical axis of named rows, the first on top."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "range": [len(labels) - 0.5, -0.5],
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def gap_trace(gaps: Sequence[Gap], step: timedelta) -> go.Bar:
    """Hatched stretches over the whole height, on the hidden axis y2; the reason is said on hover.

    A point stands at the start of its hour, so a stretch is drawn half a step early: it ends where lines end.
    """
    return go.Bar(
        name="gap",
        x=[stamp(gap.start + (gap.end - gap.start - step) / 2) for gap in gaps],
        width=[(gap.end - gap.start) / timedelta(milliseconds=1) for gap in gaps],
        y=[1] * len(gaps),
        yaxis="y2",
        marker=GAP_MARKER,
        customdata=[[stamp(gap.start), stamp(gap.end), literal(gap.reason)] for gap in gaps],
        hovertemplate="<b>Gap: %{customdata[2]}</b><br>%{customdata[0]} to %{customdata[1]} UTC<extra></extra>",
    )


def time_figure(
    traces: Sequence[go.Scatter],
    gaps: Sequence[Gap],
    points: Sequence[TrendPoint],
    step: timedelta,
    *,
    title: str,
    height: int,
    is_simulated: bool,
) -> go.Figure:
    """A figure over time with `traces` above the hatch of `gaps`. It says itself whether it rests on a simulation."""
    figure = go.Figure([gap_trace(gaps, step)] if gaps else [])
    figure.add_traces(list(traces))
    figure.update_layout(
        height=height,
        margin=MARGIN,
        hovermode="closest",
        hoverdistance=30,
        bargap=0,
        legend={"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        yaxis={
            "title": {"text": title, "standoff": 14},
            "overlaying": "y2",
            "side": "left",
            "tickmode": "auto",
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
            "automargin": False,
        },
        yaxis2={"range": [0, 1], "visible": False, "fixedrange": True},
        xaxis={
            "title": {"text": "UTC, simulated model" if is_simulated else "UTC", "standoff": 4},
            "type": "date",
            "range": _range(points, step),
            "showgrid": False,
        },
    )
    for change in suite_changes_of(points):
        figure.add_vline(x=stamp(change.start), line={"color": theme.GAP, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=stamp(change.start),
            xanchor="left",
            y=0,
            yref="paper",
            yanchor="bottom",
            text=f"suite {change.suite_version}",
            showarrow=False,
        )
    return figure


def _range(points: Sequence[TrendPoint], step: timedelta) -> list[str]:
    """The time that the points cover, with air at both ends so that a single hour is a point and not a wall."""
    first, last = points[0].start, points[-1].start
    air = max(step / 2, (last - first) / 60) if last > first else step * 2
    return [stamp(first - air), stamp(last + air)]
