"""The leaderboard's chart: every model's score and its 95% interval, best on top.

Not here: the choice of models and their order; rows are drawn as they come.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import GRID, error_bars, literal, row_axis, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts.rows import ScoreInterval

ROW_HEIGHT = 40
LABEL_LENGTH = 22


def score_intervals(rows: Sequence[ScoreInterval]) -> go.Figure:
    """A point and a bar a row; a row whose interval is unknown has a point and no bar."""
    figure = go.Figure()
    for (is_simulated, has_interval), chosen in _kinds(rows).items():
        trace = _points(chosen, is_simulated=is_simulated)
        if has_interval:
            trace.update(error_x=_bars(chosen))
        figure.add_trace(trace.update(showlegend=trace.name not in {drawn.name for drawn in figure.data}))
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 84,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={
            "title": {"text": "Score, 0\u201310, with its 95% interval"},
            "range": _range(rows),
            "dtick": 1,
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
        },
        yaxis=row_axis([_tick(row) for row in rows]),
    )
    return figure


def _kinds(rows: Sequence[ScoreInterval]) -> dict[tuple[bool, bool], list[tuple[int, ScoreInterval]]]:
    """Rows with their places, apart by what they are drawn with: Plotly draws a null bar as a bar of no length."""
    kinds: dict[tuple[bool, bool], list[tuple[int, ScoreInterval]]] = {}
    for place, row in enumerate(rows):
        kinds.setdefault((row.is_simulated, row.lower is not None and row.upper is not None), []).append((place, row))
    return dict(sorted(kinds.items(), key=lambda kind: (kind[0][0], not kind[0][1])))


def _points(chosen: Sequence[tuple[int, ScoreInterval]], *, is_simulated: bool) -> go.Scatter:
    return go.Scatter(
        name="simulated" if is_simulated else "real provider",
        mode="markers",
        x=[row.score for _, row in chosen],
        y=[place for place, _ in chosen],
        marker={
            "size": 11,
            "symbol": "circle-open" if is_simulated else "circle",
            "color": theme.SCORE,
            "line": {"width": 2, "color": theme.SCORE},
        },
        customdata=[[literal(row.label), _interval(row), literal(row.note)] for _, row in chosen],
        hovertemplate="<b>%{customdata[0]}</b><br>%{x:.2f} %{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )


def _bars(chosen: Sequence[tuple[int, ScoreInterval]]) -> dict[str, object]:
    return error_bars([(row.score, row.lower, row.upper) for _, row in chosen]) | {"thickness": 2, "width": 5}


def _interval(row: ScoreInterval) -> str:
    return "interval unknown" if row.lower is None or row.upper is None else f"[{row.lower:.2f}, {row.upper:.2f}]"


def _tick(row: ScoreInterval) -> str:
    below = "simulated" if row.is_simulated else row.provider
    name, detail = (literal(shortened(text, LABEL_LENGTH)) for text in (row.label, below))
    return f"<b>{name}</b><br><span style='font-size:11px'>{detail}</span>"


def _range(rows: Sequence[ScoreInterval]) -> list[float]:
    """Whole points around everything drawn, within the scale: dots need no zero, and close scores need the room."""
    low = min(row.score if row.lower is None else row.lower for row in rows)
    high = max(row.score if row.upper is None else row.upper for row in rows)
    return [max(0, math.floor(low)) - 0.1, min(10, math.ceil(high)) + 0.1]
