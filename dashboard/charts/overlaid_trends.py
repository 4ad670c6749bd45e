"""Several models' scores over time in one figure: a line each, within its 95% band while there are few.

Not here: one model's trend with its gaps (score_trend).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.charts.layout import MOMENT, literal, shortened, time_figure
from dashboard.charts.rows import NamedTrend, TrendPoint, runs_of, stamp
from dashboard.charts.series import Series, faint, series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta

BANDS_AT_MOST = 3
"""More bands than these hide each other."""
LABEL_LENGTH = 28
LONE_POINT_SIZE = 7


def overlaid_trends(trends: Sequence[NamedTrend], step: timedelta) -> go.Figure:
    """Lines end at what was not measured and at a new suite version."""
    traces = []
    for place, trend in enumerate(trends):
        look = series(place)
        if len(trends) <= BANDS_AT_MOST:
            traces += _bands(trend, step, look)
        traces.append(_line(trend, step, look))
    longest = max((trend.points for trend in trends), key=len)
    is_simulated = all(trend.is_simulated for trend in trends)
    return time_figure(traces, [], longest, step, title="Score, 0\u201310", height=340, is_simulated=is_simulated)


def _runs(trend: NamedTrend, step: timedelta) -> Iterator[list[TrendPoint]]:
    return runs_of(trend.points, step, lambda point: point.is_measured and point.score is not None)


def _bands(trend: NamedTrend, step: timedelta, look: Series) -> list[go.Scatter]:
    x: list[str | None] = []
    y: list[float | None] = []
    for run in runs_of(trend.points, step, _has_interval):
        if len(run) > 1:
            x += [stamp(point.start) for point in (*run, *reversed(run))] + [None]
            y += [point.upper for point in run] + [point.lower for point in reversed(run)] + [None]
    if not x:
        return []
    drawn = {"fill": "toself", "fillcolor": faint(look.colour, 0.14), "line": {"width": 0}, "mode": "lines"}
    return [go.Scatter(x=x, y=y, hoverinfo="skip", showlegend=False, **drawn)]


def _has_interval(point: TrendPoint) -> bool:
    return point.is_measured and None not in {point.score, point.lower, point.upper}


def _line(trend: NamedTrend, step: timedelta, look: Series) -> go.Scatter:
    x: list[str | None] = []
    y: list[float | None] = []
    sizes: list[int] = []
    for run in _runs(trend, step):
        x += [*(stamp(point.start) for point in run), None]
        y += [*(point.score for point in run), None]
        sizes += [LONE_POINT_SIZE if len(run) == 1 else 5] * len(run) + [0]
    name = f"{shortened(trend.label, LABEL_LENGTH)}{' (simulated)' * trend.is_simulated}"
    return go.Scatter(
        name=literal(name),
        x=x,
        y=y,
        mode="lines+markers",
        connectgaps=False,
        line={"color": look.colour, "width": 2, "dash": look.dash},
        marker={"color": look.colour, "size": sizes, "symbol": look.symbol, "opacity": 1},
        hovertemplate=f"<b>{literal(trend.label)}</b><br>%{{y:.2f}}<br>{MOMENT}<extra></extra>",
    )
