"""How long a model took over time: median latency and median time to the first token.

Not here: scores (score_trend).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import MOMENT, time_figure
from dashboard.charts.rows import TrendPoint, gaps_of, runs_of, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

LONE_POINT_SIZE = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the lines: told apart by colour and by dash."""

    name: str
    colour: str
    dash: str
    read: Callable[[TrendPoint], float | None]


MEASURES = (
    Measure("whole answer, p50", theme.LATENCY, "solid", lambda point: point.latency_ms),
    Measure("first token, p50", theme.TIME_TO_FIRST_TOKEN, "dot", lambda point: point.time_to_first_token_ms),
)


def latency_trend(points: Sequence[TrendPoint], step: timedelta, *, is_simulated: bool = False) -> go.Figure:
    """Two lines in seconds from zero; neither crosses a step that was not measured."""
    traces = [trace for trace in (_line(points, step, measure) for measure in MEASURES) if trace is not None]
    gaps = gaps_of(points, step)
    figure = time_figure(traces, gaps, points, step, title="Seconds", height=300, is_simulated=is_simulated)
    figure.update_yaxes(rangemode="tozero", selector={"overlaying": "y2"})
    return figure


def _line(points: Sequence[TrendPoint], step: timedelta, measure: Measure) -> go.Scatter | None:
    x: list[str | None] = []
    y: list[float | None] = []
    sizes: list[int] = []
    for run in runs_of(points, step, lambda point: point.is_measured and measure.read(point) is not None):
        x += [*(stamp(point.start) for point in run), None]
        y += [*((measure.read(point) or 0) / 1000 for point in run), None]
        sizes += [LONE_POINT_SIZE if len(run) == 1 else 0] * len(run) + [0]
    if not x:
        return None
    return go.Scatter(
        name=measure.name,
        x=x,
        y=y,
        mode="lines+markers",
        connectgaps=False,
        line={"color": measure.colour, "width": 2, "dash": measure.dash},
        marker={"color": measure.colour, "size": sizes, "opacity": 1},
        hovertemplate=f"<b>%{{y:.2f}} s</b>, {measure.name}<br>{MOMENT}<extra></extra>",
    )
