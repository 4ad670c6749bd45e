"""Up to a few measures of one model over time, as lines from zero that cross no gap.

Not here: which measures (latency_trend, cost_trend, reliability_trend), nor scores, which have intervals (score_trend).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.charts.layout import MOMENT, time_figure
from dashboard.charts.markers import marker_traces
from dashboard.charts.rows import Marker, TrendPoint, gaps_of, runs_of, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

LONE_POINT_SIZE = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the lines: told apart by colour and by dash. `shown` is how Plotly says a value."""

    name: str
    colour: str
    dash: str
    read: Callable[[TrendPoint], float | None]
    shown: str = "%{y:.2f} s"
    width: float = 2


def line_trend(
    points: Sequence[TrendPoint],
    step: timedelta,
    measures: Sequence[Measure],
    markers: Sequence[Marker] = (),
    *,
    title: str,
    is_simulated: bool,
    tick: str = "",
) -> go.Figure:
    """`tick` is Plotly's format of the axis."""
    traces = [trace for trace in (_line(points, step, measure) for measure in measures) if trace is not None]
    traces += marker_traces(markers, points)
    gaps = gaps_of(points, step)
    figure = time_figure(traces, gaps, points, step, title=title, height=300, is_simulated=is_simulated)
    figure.update_yaxes(rangemode="tozero", tickformat=tick, selector={"overlaying": "y2"})
    return figure


def _line(points: Sequence[TrendPoint], step: timedelta, measure: Measure) -> go.Scatter | None:
    x: list[str | None] = []
    y: list[float | None] = []
    sizes: list[int] = []
    for run in runs_of(points, step, lambda point: point.is_measured and measure.read(point) is not None):
        x += [*(stamp(point.start) for point in run), None]
        y += [*(measure.read(point) for point in run), None]
        sizes += [LONE_POINT_SIZE if len(run) == 1 else 0] * len(run) + [0]
    if not x:
        return None
    return go.Scatter(
        name=measure.name,
        x=x,
        y=y,
        mode="lines+markers",
        connectgaps=False,
        line={"color": measure.colour, "width": measure.width, "dash": measure.dash},
        marker={"color": measure.colour, "size": sizes, "opacity": 1},
        hovertemplate=f"<b>{measure.shown}</b>, {measure.name}<br>{MOMENT}<extra></extra>",
    )
