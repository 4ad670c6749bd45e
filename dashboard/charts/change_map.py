"""Models by families: a cell has a colour and its number only where a change is told from chance.

Not here: which models and families are shown; rows are drawn as they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import literal, row_axis, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.charts.rows import ChangeRow, FamilyChange

ROW_HEIGHT = 36
LABEL_LENGTH = 22
LEAST_REACH = 1.0
"""Points at the ends of the scale at least, so that a small change does not look like a large one."""
SCALE = [[0, "#B24700"], [0.4999, "#F6D3B8"], [0.5001, "#C6DFF0"], [1, "#1566A0"]]
BLANK = "rgba(128, 128, 128, 0.08)"
UNKNOWN = "\u2014"


def change_map(rows: Sequence[ChangeRow], families: Sequence[str]) -> go.Figure:
    """Worse is orange and below zero, better is blue and above it; noise is a blank cell, what is unknown a dash."""
    figure = go.Figure([_cells_behind(rows), _told(rows)])
    figure.add_traces([trace for trace in (_noise(rows), _unknown(rows)) if trace is not None])
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 110,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="closest",
        showlegend=False,
        xaxis={
            "tickmode": "array",
            "tickvals": list(range(len(families))),
            "ticktext": [literal(family) for family in families],
            "range": [-0.5, len(families) - 0.5],
            "side": "top",
            "tickangle": -40,
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis=row_axis([_tick(row) for row in rows]),
    )
    return figure


def _cells_behind(rows: Sequence[ChangeRow]) -> go.Heatmap:
    """Where a cell is, also where it is blank."""
    return go.Heatmap(
        z=[[0] * len(row.changes) for row in rows],
        x=list(range(len(rows[0].changes))),
        y=list(range(len(rows))),
        xgap=2,
        ygap=2,
        colorscale=[[0, BLANK], [1, BLANK]],
        showscale=False,
        hoverinfo="skip",
    )


def _told(rows: Sequence[ChangeRow]) -> go.Heatmap:
    values = [[change.value if change.is_told else None for change in row.changes] for row in rows]
    reach = max([LEAST_REACH, *(abs(value) for row in values for value in row if value is not None)])
    return go.Heatmap(
        z=values,
        x=list(range(len(rows[0].changes))),
        y=list(range(len(rows))),
        text=[["" if value is None else f"{value:+.2f}" for value in row] for row in values],
        texttemplate="%{text}",
        customdata=[[_said(row, change) for change in row.changes] for row in rows],
        zmin=-reach,
        zmax=reach,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        colorscale=SCALE,
        showscale=False,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _noise(rows: Sequence[ChangeRow]) -> go.Scatter | None:
    """Nothing to see, but a word under the pointer."""
    trace = _cells(rows, lambda change: change.value is not None and not change.is_told)
    return (
        None if trace is None else trace.update(mode="markers", marker={"size": 22, "symbol": "square", "opacity": 0})
    )


def _unknown(rows: Sequence[ChangeRow]) -> go.Scatter | None:
    trace = _cells(rows, lambda change: change.value is None)
    return None if trace is None else trace.update(mode="text", text=UNKNOWN, textfont={"color": theme.GAP})


def _cells(rows: Sequence[ChangeRow], holds: Callable[[FamilyChange], bool]) -> go.Scatter | None:
    cells = [
        (across, down, row, change)
        for down, row in enumerate(rows)
        for across, change in enumerate(row.changes)
        if holds(change)
    ]
    if not cells:
        return None
    return go.Scatter(
        x=[across for across, _, _, _ in cells],
        y=[down for _, down, _, _ in cells],
        customdata=[_said(row, change) for _, _, row, change in cells],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _said(row: ChangeRow, change: FamilyChange) -> list[str]:
    return [literal(row.label), literal(change.words)]


def _tick(row: ChangeRow) -> str:
    mark = "<br><span style='font-size:11px'>simulated</span>" if row.is_simulated else ""
    return f"<b>{literal(shortened(row.label, LABEL_LENGTH))}</b>{mark}"
