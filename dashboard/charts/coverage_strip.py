"""A strip of hours for every model: how much of an hour was answered, gaps hatched, late hours apart.

Not here: which models and hours are shown; rows are drawn as they come.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import GAP_MARKER, literal, row_axis, shortened
from dashboard.charts.rows import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dashboard.charts.rows import CoverageRow, HourCoverage

HOUR = timedelta(hours=1)
ROW_HEIGHT = 40
LABEL_LENGTH = 22
BAR_WIDTH = 0.88
"""Of a row; without it Plotly makes bars as wide as the least distance of rows that have one."""
PARTIAL, NEARLY, WHOLE = "rgba(31,130,191,0.18)", "rgba(31,130,191,0.62)", "rgba(31,130,191,1)"


def coverage_strip(rows: Sequence[CoverageRow]) -> go.Figure:
    """One row a model and one cell an hour; every row has the same hours, oldest first."""
    figure = go.Figure([_shares(rows)])
    for trace in (_gaps(rows), _late(rows)):
        if trace is not None:
            figure.add_trace(trace)
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 108,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        hovermode="closest",
        barmode="overlay",
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={
            "title": {"text": "Benchmark hour, UTC", "standoff": 4},
            "type": "date",
            "range": [stamp(rows[0].hours[0].start), stamp(rows[0].hours[-1].start + HOUR)],
            "showgrid": False,
        },
        yaxis=row_axis([_tick(row) for row in rows]),
    )
    return figure


def _shares(rows: Sequence[CoverageRow]) -> go.Heatmap:
    """Hours with an answer on time; the step at the top of the scale tells a whole hour from a nearly whole one."""
    hours = rows[0].hours
    return go.Heatmap(
        name="answered",
        x=[stamp(hour.start + HOUR / 2) for hour in hours],
        y=list(range(len(rows))),
        z=[[hour.share if hour.answered_count else None for hour in row.hours] for row in rows],
        customdata=[[_said(row, hour) for hour in row.hours] for row in rows],
        zmin=0,
        zmax=1,
        xgap=1.5,
        ygap=4,
        hoverongaps=False,
        colorscale=[[0, PARTIAL], [0.995, NEARLY], [0.995, WHOLE], [1, WHOLE]],
        showscale=False,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )


def _gaps(rows: Sequence[CoverageRow]) -> go.Bar | None:
    """Hatched stretches in which nothing was answered, and why."""
    cells = [(place, row, run) for place, row in enumerate(rows) for run in _gap_runs(row)]
    if not cells:
        return None
    return go.Bar(
        name="nothing answered",
        orientation="h",
        base=[stamp(run[0].start) for _, _, run in cells],
        x=[len(run) * HOUR / timedelta(milliseconds=1) for _, _, run in cells],
        y=[place for place, _, _ in cells],
        width=BAR_WIDTH,
        marker=GAP_MARKER,
        showlegend=True,
        customdata=[
            [literal(row.label), f"{stamp(run[0].start)} to {stamp(run[-1].start + HOUR)} UTC", literal(run[0].reason)]
            for _, row, run in cells
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>Gap: %{customdata[2]}<extra></extra>",
    )


def _late(rows: Sequence[CoverageRow]) -> go.Scatter | None:
    cells = [(place, row, hour) for place, row in enumerate(rows) for hour in row.hours if hour.late_count]
    if not cells:
        return None
    return go.Scatter(
        name="answered late",
        mode="markers",
        x=[stamp(hour.start + HOUR / 2) for _, _, hour in cells],
        y=[place for place, _, _ in cells],
        marker={"symbol": "diamond-open", "size": 9, "color": theme.VERMILLION, "line": {"width": 2}},
        showlegend=True,
        customdata=[_said(row, hour) for _, row, hour in cells],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )


def _gap_runs(row: CoverageRow) -> Iterator[list[HourCoverage]]:
    """Hours in a row without an answer for the same reason."""
    run: list[HourCoverage] = []
    for hour in row.hours:
        if run and (not hour.is_gap or hour.reason != run[0].reason):
            yield run
            run = []
        if hour.is_gap:
            run.append(hour)
    if run:
        yield run


def counts_of(hour: HourCoverage) -> str:
    """What the planned calls of an hour came to, in words."""
    late = f", {hour.late_count} late" if hour.late_count else ""
    missing = f"; missing: {literal(hour.reason)}" if hour.reason else ""
    return f"{hour.answered_count} of {hour.planned_count} calls answered{late}{missing}"


def _said(row: CoverageRow, hour: HourCoverage) -> list[str]:
    return [literal(row.label), f"{stamp(hour.start)} UTC", counts_of(hour)]


def _tick(row: CoverageRow) -> str:
    mark = "<br><span style='font-size:11px'>simulated</span>" if row.is_simulated else ""
    return f"<b>{literal(shortened(row.label, LABEL_LENGTH))}</b>{mark}"
