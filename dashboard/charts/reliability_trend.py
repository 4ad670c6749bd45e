"""What calls of a model came to over time: those that failed, and those answered at the first try.

Not here: how lines are drawn (line_trend).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import theme
from dashboard.charts.line_trend import Measure, line_trend

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    import plotly.graph_objects as go

    from dashboard.charts.rows import Marker, TrendPoint

MEASURES = (
    Measure("answered at the first try", theme.GREEN, "solid", lambda point: point.first_try_rate, shown="%{y:.1%}"),
    Measure("failed", theme.VERMILLION, "dot", lambda point: point.error_rate, shown="%{y:.1%}"),
)


def reliability_trend(
    points: Sequence[TrendPoint], step: timedelta, markers: Sequence[Marker] = (), *, is_simulated: bool = False
) -> go.Figure:
    """Shares of calls from zero; a step in which nothing was asked is left open."""
    return line_trend(points, step, MEASURES, markers, title="Share of calls", is_simulated=is_simulated, tick=".0%")
