"""Scenarios one below the other with a dot and an interval for each model's mean, so that one sees where models differ.

Not here: which scenarios and in which order; rows are drawn as they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import GRID, literal, row_axis, shortened
from dashboard.charts.series import series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts.rows import ScenarioScores

ROW_HEIGHT = 28
LABEL_LENGTH = 30


def scenario_dots(rows: Sequence[ScenarioScores], labels: Sequence[str]) -> go.Figure:
    """`labels` are the models, in the order of each row's scores."""
    figure = go.Figure(_spans(rows))
    for place, label in enumerate(labels):
        figure.add_traces([_dots(rows, place, label), *_bars(rows, place)])
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 108,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={
            "title": {"text": "Mean score of the scenario, 0\u201310"},
            "range": [-0.3, 10.3],
            "dtick": 2,
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
        },
        yaxis=row_axis([literal(shortened(row.label, LABEL_LENGTH)) for row in rows]),
    )
    return figure


def _spans(rows: Sequence[ScenarioScores]) -> go.Scatter:
    """A line from the lowest to the highest mean of each scenario."""
    x: list[float | None] = []
    y: list[int | None] = []
    for place, row in enumerate(rows):
        known = [score for score in row.scores if score is not None]
        if known:
            x += [min(known), max(known), None]
            y += [place, place, None]
    line = {"color": theme.GAP, "width": 1.5}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _bars(rows: Sequence[ScenarioScores], model: int) -> list[go.Scatter]:
    """The intervals that are known, as bars of their own: a dot without one has none, and no bar of no length."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, row in enumerate(rows):
        interval = row.intervals[model] if model < len(row.intervals) else None
        if interval is not None:
            x += [*interval, None]
            y += [place, place, None]
    if not x:
        return []
    line = {"color": series(model).colour, "width": 3}
    return [go.Scatter(x=x, y=y, mode="lines", line=line, opacity=0.55, hoverinfo="skip", showlegend=False)]


def _dots(rows: Sequence[ScenarioScores], model: int, label: str) -> go.Scatter:
    known = [(place, row) for place, row in enumerate(rows) if row.scores[model] is not None]
    look = series(model)
    return go.Scatter(
        name=literal(shortened(label, LABEL_LENGTH)),
        mode="markers",
        x=[row.scores[model] for _, row in known],
        y=[place for place, _ in known],
        marker={"size": 10, "symbol": look.symbol, "color": look.colour, "opacity": 0.9},
        customdata=[[literal(row.label), literal(label), row.counts[model], _interval(row, model)] for _, row in known],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}: %{x:.2f}%{customdata[3]}, "
        "%{customdata[2]} scored answers<extra></extra>",
    )


def _interval(row: ScenarioScores, model: int) -> str:
    interval = row.intervals[model] if model < len(row.intervals) else None
    return ", interval unknown" if interval is None else f" [{interval[0]:.2f}, {interval[1]:.2f}]"
