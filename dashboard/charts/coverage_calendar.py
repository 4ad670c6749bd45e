"""Days by hours: how much of each hour was answered, gaps hatched, all models together.

Not here: which days are shown; hours are drawn as they come.
"""

from __future__ import annotations

from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.charts.coverage_strip import BAR_WIDTH, NEARLY, PARTIAL, WHOLE, counts_of
from dashboard.charts.layout import GAP_MARKER, row_axis
from dashboard.charts.rows import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts.rows import HourCoverage

ROW_HEIGHT = 26
DAY_HOURS = 24
EVERY = 3
"""Hours between two names of the axis."""


def coverage_calendar(hours: Sequence[HourCoverage]) -> go.Figure:
    """A row a UTC day, the newest on top, and a column an hour; hours to come are blank."""
    days = [list(found) for _, found in groupby(hours, key=lambda hour: hour.start.astimezone(UTC).date())][::-1]
    figure = go.Figure([_shares(days)])
    gaps = _gaps(days)
    if gaps is not None:
        figure.add_trace(gaps)
    figure.update_layout(
        height=ROW_HEIGHT * len(days) + 96,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={
            "title": {"text": "Hour of the day, UTC", "standoff": 4},
            "tickmode": "array",
            "tickvals": list(range(0, DAY_HOURS, EVERY)),
            "ticktext": [f"{hour:02}" for hour in range(0, DAY_HOURS, EVERY)],
            "range": [-0.5, DAY_HOURS - 0.5],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis=row_axis([f"{day[0].start.astimezone(UTC):%a %d %b}" for day in days]),
    )
    return figure


def _shares(days: Sequence[Sequence[HourCoverage]]) -> go.Heatmap:
    """Hours with an answer on time; a whole hour is told from a nearly whole one."""
    cells = [{hour.start.astimezone(UTC).hour: hour for hour in day} for day in days]
    columns = range(DAY_HOURS)
    return go.Heatmap(
        name="answered",
        x=list(columns),
        y=list(range(len(days))),
        z=[[row[at].share if at in row and row[at].answered_count else None for at in columns] for row in cells],
        customdata=[[_said(row[at]) if at in row else ["", ""] for at in columns] for row in cells],
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=3,
        hoverongaps=False,
        colorscale=[[0, PARTIAL], [0.995, NEARLY], [0.995, WHOLE], [1, WHOLE]],
        showscale=False,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _gaps(days: Sequence[Sequence[HourCoverage]]) -> go.Bar | None:
    cells = [(place, hour) for place, day in enumerate(days) for hour in day if not hour.answered_count]
    if not cells:
        return None
    return go.Bar(
        name="nothing answered on time",
        orientation="h",
        base=[hour.start.astimezone(UTC).hour - 0.5 for _, hour in cells],
        x=[1] * len(cells),
        y=[place for place, _ in cells],
        width=BAR_WIDTH,
        marker=GAP_MARKER,
        showlegend=True,
        customdata=[_said(hour) for _, hour in cells],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _said(hour: HourCoverage) -> list[str]:
    return [f"{stamp(hour.start)} UTC", counts_of(hour)]
