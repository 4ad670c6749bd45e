"""Prices of tokens over time: a step a change, output solid and input dotted.

Not here: what tasks cost (pareto).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.charts.layout import GRID, MARGIN, literal, shortened
from dashboard.charts.rows import stamp
from dashboard.charts.series import series

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.charts.rows import PriceStep

LABEL_LENGTH = 28
KINDS = (("out", "solid"), ("in", "dot"))


def price_steps(models: Sequence[tuple[str, Sequence[PriceStep]]], until: datetime) -> go.Figure:
    """A name and its prices, oldest first, per model; the last price is drawn up to `until`."""
    figure = go.Figure()
    for place, (label, steps) in enumerate(models):
        for kind, dash in KINDS:
            figure.add_trace(_line(place, label, kind, dash, steps, until))
    figure.update_layout(
        height=340,
        margin=MARGIN,
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={"title": {"text": "UTC", "standoff": 4}, "type": "date", "showgrid": False},
        yaxis={
            "title": {"text": "USD per million tokens", "standoff": 14},
            "tickprefix": "$",
            "rangemode": "tozero",
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
        },
    )
    return figure


def _line(place: int, label: str, kind: str, dash: str, steps: Sequence[PriceStep], until: datetime) -> go.Scatter:
    """A price that is not known is a gap."""
    prices = [step.output_usd if kind == "out" else step.input_usd for step in steps]
    look = series(place)
    name = f"{shortened(label, LABEL_LENGTH)}, {kind}"
    return go.Scatter(
        name=literal(name),
        mode="lines+markers",
        x=[*(stamp(step.start) for step in steps), stamp(until)],
        y=[*prices, *prices[-1:]],
        connectgaps=False,
        line={"color": look.colour, "width": 2, "dash": dash, "shape": "hv"},
        marker={"color": look.colour, "size": 7, "symbol": look.symbol},
        hovertemplate=f"<b>{literal(label)}</b>, {kind}<br>$%{{y:.4~f}} per million tokens"
        "<br>from %{x|%d %b %Y}<extra></extra>",
    )
