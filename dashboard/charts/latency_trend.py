"""How long a model took over time: median and 95th percentile of latency and of time to the first token.

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


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


MEASURES = (
    Measure("whole answer, p50", theme.LATENCY, "solid", lambda point: _seconds(point.latency_ms)),
    Measure("whole answer, p95", theme.LATENCY, "dash", lambda point: _seconds(point.latency_p95_ms), width=1),
    Measure("first token, p50", theme.TIME_TO_FIRST_TOKEN, "dot", lambda point: _seconds(point.time_to_first_token_ms)),
    Measure(
        "first token, p95",
        theme.TIME_TO_FIRST_TOKEN,
        "dashdot",
        lambda point: _seconds(point.time_to_first_token_p95_ms),
        width=1,
    ),
)


def latency_trend(
    points: Sequence[TrendPoint], step: timedelta, markers: Sequence[Marker] = (), *, is_simulated: bool = False
) -> go.Figure:
    """Up to four lines in seconds from zero, thin where they are 95th percentiles; none crosses an unmeasured step."""
    return line_trend(points, step, MEASURES, markers, title="Seconds", is_simulated=is_simulated)
