"""Paired differences of models: a point and its 95% interval a pair, against the line of no difference.

Not here: which pairs there are; rows are drawn as they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import GRID, error_bars, literal, row_axis, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts.rows import Difference

ROW_HEIGHT = 36
LABEL_LENGTH = 40


def differences(rows: Sequence[Difference]) -> go.Figure:
    """A filled point where the interval leaves out 0, a hollow one where it does not."""
    bars = error_bars([(row.value, row.lower, row.upper) for row in rows]) | {"thickness": 2, "width": 5}
    figure = go.Figure(
        go.Scatter(
            mode="markers",
            x=[row.value for row in rows],
            y=list(range(len(rows))),
            error_x=bars,
            marker={
                "size": 11,
                "symbol": ["circle-open" if row.lower <= 0 <= row.upper else "circle" for row in rows],
                "color": theme.SCORE,
                "line": {"width": 2, "color": theme.SCORE},
            },
            customdata=[[literal(row.label), literal(row.words), row.lower, row.upper] for row in rows],
            hovertemplate="<b>%{customdata[0]}</b><br>%{x:+.2f} [%{customdata[2]:+.2f}, %{customdata[3]:+.2f}]"
            "<br>%{customdata[1]}<extra></extra>",
        )
    )
    figure.add_vline(x=0, line={"color": theme.GAP, "width": 1.5, "dash": "dash"})
    reach = 1.1 * max(0.5, *(abs(end) for row in rows for end in (row.lower, row.upper)))
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 84,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="closest",
        showlegend=False,
        xaxis={
            "title": {"text": "Points above the second, 95% interval", "standoff": 8},
            "range": [-reach, reach],
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
        },
        yaxis=row_axis([literal(shortened(row.label, LABEL_LENGTH)) for row in rows]),
    )
    return figure
