"""Stretches in which models were worse or better, a row for each model and measure, over the same days.

Not here: which episodes are shown.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import GRID, literal, row_axis, shortened
from dashboard.charts.rows import stamp
from dashboard.charts.series import faint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.charts.rows import Episode

ROW_HEIGHT = 40
LABEL_LENGTH = 22
KINDS = ((True, "worse", theme.VERMILLION, "triangle-down"), (False, "better", theme.BLUE, "triangle-up"))


def episode_strip(episodes: Sequence[Episode], first: datetime, last: datetime) -> go.Figure:
    """A triangle where a change began, a bar for as long as it lasted; those that last still reach `last`."""
    names = rows_of(episodes)
    figure = go.Figure()
    for is_worse, name, colour, symbol in KINDS:
        of_kind = [episode for episode in episodes if episode.is_worse == is_worse]
        if of_kind:
            figure.add_traces(_traces(of_kind, [names.index(_name(each)) for each in of_kind], (name, colour, symbol)))
    figure.update_layout(
        height=ROW_HEIGHT * len(names) + 108,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hovermode="closest",
        barmode="overlay",
        bargap=0.5,
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={
            "title": {"text": "UTC", "standoff": 4},
            "type": "date",
            "range": [stamp(first), stamp(last + (last - first) / 60)],
            "showgrid": True,
            "gridcolor": GRID,
        },
        yaxis=row_axis([_tick(*name) for name in names]),
    )
    return figure


def rows_of(episodes: Sequence[Episode]) -> list[tuple[str, str]]:
    """Model and measure of every row, in the order in which they come."""
    return list(dict.fromkeys(_name(episode) for episode in episodes))


def _name(episode: Episode) -> tuple[str, str]:
    return episode.label, episode.measure


def _traces(
    episodes: Sequence[Episode], places: Sequence[int], look: tuple[str, str, str]
) -> tuple[go.Bar, go.Scatter]:
    name, colour, symbol = look
    said = [
        [literal(episode.label), literal(episode.words), stamp(episode.start), _end(episode)] for episode in episodes
    ]
    hover = "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]} to %{customdata[3]}<extra></extra>"
    bars = go.Bar(
        orientation="h",
        base=[stamp(episode.start) for episode in episodes],
        x=[(episode.end - episode.start) / timedelta(milliseconds=1) for episode in episodes],
        y=list(places),
        marker={"color": faint(colour, 0.45), "line": {"width": 1, "color": colour}},
        customdata=said,
        hovertemplate=hover,
        showlegend=False,
    )
    begins = go.Scatter(
        name=name,
        mode="markers",
        x=[stamp(episode.start) for episode in episodes],
        y=list(places),
        marker={"symbol": symbol, "size": 13, "color": colour},
        customdata=said,
        hovertemplate=hover,
        showlegend=True,
    )
    return bars, begins


def _end(episode: Episode) -> str:
    return "now" if episode.is_open else f"{stamp(episode.end)} UTC"


def _tick(label: str, measure: str) -> str:
    return f"<b>{literal(shortened(label, LABEL_LENGTH))}</b><br><span style='font-size:11px'>{literal(measure)}</span>"
