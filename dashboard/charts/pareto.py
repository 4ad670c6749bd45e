"""Quality against what it takes, money or time: every model with its interval, and the frontiers of those that no other
of their kind beats in both.

Not here: which measure is drawn; rows are drawn as they come.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import GRID, error_bars, literal, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboard.charts.rows import Tradeoff

LABEL_LENGTH = 22
FADED = 0.38
DECADES_IN_FULL = 2.5
BARS = {"thickness": 1.5, "width": 4}


def frontier_of(rows: Iterable[Tradeoff]) -> list[Tradeoff]:
    """Rows that no other row beats: none takes less and scores as high, or scores higher and takes as much."""
    frontier: list[Tradeoff] = []
    for row in sorted(rows, key=lambda row: (row.takes, -row.score)):
        if not frontier or row.score > frontier[-1].score:
            frontier.append(row)
    return frontier


def frontiers_of(rows: Sequence[Tradeoff]) -> dict[bool, list[Tradeoff]]:
    """The frontier of the real models by False and that of the simulated ones by True, where there are any: nobody
    chooses between the two.
    """
    kinds = {kind: [row for row in rows if row.is_simulated is kind] for kind in (False, True)}
    return {kind: frontier_of(found) for kind, found in kinds.items() if found}


def pareto(rows: Sequence[Tradeoff], title: str, unit: str) -> go.Figure:
    """`takes` of every row is above 0: the axis is logarithmic. `unit` stands before the number, as in `$`."""
    frontiers = frontiers_of(rows)
    figure = go.Figure([_line(found, is_simulated=kind) for kind, found in frontiers.items()])
    frontier = [row for found in frontiers.values() for row in found]
    kinds = (
        ("beaten in both", [row for row in rows if row not in frontier], FADED),
        ("on the frontier", frontier, 1.0),
    )
    for name, found, opacity in kinds:
        figure.add_traces(_points(name, found, opacity, unit))
    figure.update_layout(
        height=460,
        margin={"l": 60, "r": 12, "t": 32, "b": 8},
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "itemclick": False},
        xaxis={
            "title": {"text": title, "standoff": 6},
            "type": "log",
            "range": _reach(rows),
            **_ticks(rows, unit),
            "showgrid": True,
            "gridcolor": GRID,
        },
        yaxis={"title": {"text": "Score, 0\u201310"}, "range": _range(rows), "showgrid": True, "gridcolor": GRID},
    )
    return figure


def _line(frontier: Sequence[Tradeoff], *, is_simulated: bool) -> go.Scatter:
    colour, dash = (theme.GREY, "dot") if is_simulated else (theme.VERMILLION, "dash")
    return go.Scatter(
        name="frontier of simulated models" if is_simulated else "frontier",
        mode="lines",
        x=[row.takes for row in frontier],
        y=[row.score for row in frontier],
        line={"color": colour, "width": 1.5, "dash": dash, "shape": "hv"},
        hoverinfo="skip",
        showlegend=False,
    )


def _points(name: str, rows: Sequence[Tradeoff], opacity: float, unit: str) -> list[go.Scatter]:
    """Apart by which of their intervals are known: Plotly draws a null bar as a bar of no length."""
    traces = []
    for known in ((False, False), (False, True), (True, False), (True, True)):
        found = [row for row in rows if _known_intervals(row) == known]
        if not found:
            continue
        traces.append(_dots(name, found, opacity, unit))
        if known[0]:
            traces[-1].update(
                error_x=BARS | error_bars([(row.takes, row.takes_lower, row.takes_upper) for row in found])
            )
        if known[1]:
            traces[-1].update(error_y=BARS | error_bars([(row.score, row.lower, row.upper) for row in found]))
    for trace in traces[1:]:
        trace.update(showlegend=False)
    return traces


def _known_intervals(row: Tradeoff) -> tuple[bool, bool]:
    """Of what it takes, and of the score."""
    return None not in (row.takes_lower, row.takes_upper), None not in (row.lower, row.upper)


def _dots(name: str, rows: Sequence[Tradeoff], opacity: float, unit: str) -> go.Scatter:
    is_first = opacity == 1
    least = min(row.takes for row in rows)
    return go.Scatter(
        name=name,
        mode="markers+text" if is_first else "markers",
        x=[row.takes for row in rows],
        y=[row.score for row in rows],
        text=[literal(shortened(row.label, LABEL_LENGTH)) for row in rows] if is_first else None,
        textposition=["top right" if row.takes == least else "top left" for row in rows],
        opacity=opacity,
        marker={
            "size": 12 if is_first else 9,
            "symbol": ["circle-open" if row.is_simulated else "circle" for row in rows],
            "color": theme.SCORE,
            "line": {"width": 2, "color": theme.SCORE},
        },
        customdata=[[literal(row.label), _said(row, unit), literal(row.words)] for row in rows],
        hovertemplate="<b>%{customdata[0]}</b><br>score %{y:.2f}<br>%{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
    )


def _said(row: Tradeoff, unit: str) -> str:
    return _amount(float(f"{row.takes:.3g}"), unit)


def _amount(takes: float, unit: str) -> str:
    """Without an exponent, however small."""
    digits = f"{takes:.12f}".rstrip("0").rstrip(".")
    return f"${digits}" if unit == "$" else f"{digits}{unit}"


def _reach(rows: Sequence[Tradeoff]) -> list[float]:
    """Powers of ten, with room for the dots at both ends."""
    low, high = (math.log10(pick(row.takes for row in rows)) for pick in (min, max))
    air = max(0.12, (high - low) * 0.06)
    return [low - air, high + air]


def _ticks(rows: Sequence[Tradeoff], unit: str) -> dict[str, Any]:
    """1, 2 and 5 of every power of ten; of many powers the 1 alone."""
    low, high = _reach(rows)
    steps = (1, 2, 5) if high - low < DECADES_IN_FULL else (1,)
    ticks = [step * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for step in steps]
    shown = [float(f"{tick:.3g}") for tick in ticks if low <= math.log10(tick) <= high]
    return {"tickmode": "array", "tickvals": shown, "ticktext": [_amount(tick, unit) for tick in shown]}


def _range(rows: Sequence[Tradeoff]) -> list[float]:
    low = min(row.score if row.lower is None else row.lower for row in rows)
    high = max(row.score if row.upper is None else row.upper for row in rows)
    return [max(-0.2, low - 0.5), min(10.6, high + 0.7)]
