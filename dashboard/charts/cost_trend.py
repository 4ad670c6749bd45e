"""What an answer of a model cost over time.

Not here: how lines are drawn (line_trend), nor what a million tokens cost (price_steps).
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
    Measure(
        "cost of an answer", theme.VERMILLION, "solid", lambda point: point.cost_per_answer_usd, shown="$%{y:.3~g}"
    ),
)


def cost_trend(
    points: Sequence[TrendPoint], step: timedelta, markers: Sequence[Marker] = (), *, is_simulated: bool = False
) -> go.Figure:
    """USD from zero; a stretch whose price is not known is left open."""
    return line_trend(points, step, MEASURES, markers, title="USD", is_simulated=is_simulated, tick="$~g")
