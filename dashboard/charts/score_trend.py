"""A model's score over time: a line within its 95% band, gaps left open, late hours apart.

Not here: latency (latency_trend).
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.layout import MOMENT, error_bars, time_figure
from dashboard.charts.markers import level_traces, marker_traces
from dashboard.charts.rows import TrendPoint, gaps_of, runs_of, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.charts.rows import Level, Marker

DATE = len("2026-11-23")
HEIGHT = 430
"""Pixels: on a phone the names of up to ten traces stand above the figure, and leave room for it."""
BAND = "rgba(31,130,191,0.26)"
FAINT_BAND = "rgba(31,130,191,0.16)"
FAINT_LINE = "rgba(31,130,191,0.6)"


def score_trend(
    points: Sequence[TrendPoint],
    step: timedelta,
    days: Sequence[TrendPoint] = (),
    *,
    markers: Sequence[Marker] = (),
    levels: Sequence[Level] = (),
    launch: float | None = None,
    hours: Sequence[TrendPoint] = (),
    is_simulated: bool = False,
) -> go.Figure:
    """Points in time order, one a `step`; no line or band crosses a step that was not measured.

    With `days` the means of whole days stand before the points, which then step back: an hour has few answers, so
    that hours differ by chance alone. `launch` is the level that stays, `hours` are drawn as single points behind all.
    """
    band, line = _band(points, step), _line(points, step)
    means = _means(days, points, step) if len(points) > 1 else None
    if means is not None:
        _step_back(band, line)
    anchors = (_baseline(points, step), _launch(launch, points))
    candidates = (_raw(hours), band, line, *_alone(points, step), _late(points), means, *anchors)
    traces = [trace for trace in candidates if trace is not None]
    traces += [*level_traces(levels, points), *marker_traces(markers, points)]
    gaps = gaps_of(points, step)
    title = "Score, 0\u201310"
    figure = time_figure(traces, gaps, points, step, title=title, height=HEIGHT, is_simulated=is_simulated)
    figure.update_yaxes(range=_range([*points, *hours], launch), selector={"overlaying": "y2"})
    if hours:
        end = max(figure.layout.xaxis.range[1], stamp(hours[-1].start + timedelta(hours=1)))
        figure.update_xaxes(range=[figure.layout.xaxis.range[0], end])
    return figure


def has_score(point: TrendPoint) -> bool:
    return point.is_measured and point.score is not None


def _has_interval(point: TrendPoint) -> bool:
    return has_score(point) and point.lower is not None and point.upper is not None


def _band(points: Sequence[TrendPoint], step: timedelta) -> go.Scatter | None:
    """One closed outline a stretch, so that the fill cannot bridge a gap."""
    x: list[str | None] = []
    y: list[float | None] = []
    for run in runs_of(points, step, _has_interval):
        if len(run) > 1:
            x += [stamp(point.start) for point in (*run, *reversed(run))] + [None]
            y += [point.upper for point in run] + [point.lower for point in reversed(run)] + [None]
    if not x:
        return None
    return go.Scatter(
        name="95% interval", x=x, y=y, fill="toself", fillcolor=BAND, line={"width": 0}, mode="lines", hoverinfo="skip"
    )


def _line(points: Sequence[TrendPoint], step: timedelta) -> go.Scatter | None:
    x: list[str | None] = []
    y: list[float | None] = []
    texts: list[str | None] = []
    for run in runs_of(points, step, has_score):
        if len(run) > 1:
            x += [*(stamp(point.start) for point in run), None]
            y += [*(point.score for point in run), None]
            texts += [*(_text(point) for point in run), None]
    if not x:
        return None
    return go.Scatter(
        name="score",
        x=x,
        y=y,
        text=texts,
        mode="lines",
        connectgaps=False,
        line={"color": theme.SCORE, "width": 2},
        hovertemplate=f"<b>%{{text}}</b><br>{MOMENT}<extra></extra>",
    )


def _means(days: Sequence[TrendPoint], points: Sequence[TrendPoint], step: timedelta) -> go.Scatter | None:
    """A level line a day, over the stretches of it that were measured."""
    day_at = {stamp(day.start)[:DATE]: day for day in days if has_score(day)}
    x: list[str | None] = []
    y: list[float | None] = []
    texts: list[str | None] = []
    for run in runs_of(points, step, has_score):
        for date, found in groupby((stamp(point.start) for point in run), key=lambda moment: moment[:DATE]):
            hours, day = list(found), day_at.get(date)
            if day is not None:
                x += [hours[0], hours[-1], None]
                y += [day.score, day.score, None]
                texts += [_text(day), _text(day), None]
    if not x:
        return None
    return go.Scatter(
        name="mean of the day",
        x=x,
        y=y,
        text=texts,
        mode="lines",
        connectgaps=False,
        line={"color": theme.SCORE, "width": 3},
        hovertemplate="<b>%{text}</b>, the whole day<br>%{x|%a %d %b %Y}<extra></extra>",
    )


def _step_back(band: go.Scatter | None, line: go.Scatter | None) -> None:
    if band is not None:
        band.update(fillcolor=FAINT_BAND)
    if line is not None:
        line.update(line={"color": FAINT_LINE, "width": 1})


def _alone(points: Sequence[TrendPoint], step: timedelta) -> list[go.Scatter]:
    """Measurements with a gap on both sides: too short for a line, so points, with error bars where known."""
    lone = [run[0] for run in runs_of(points, step, has_score) if len(run) == 1]
    bare = [point for point in lone if not _has_interval(point)]
    barred = [point for point in lone if _has_interval(point)]
    traces = [_lone_points(kind) for kind in (bare, barred) if kind]
    if barred:
        bars = error_bars([(point.score, point.lower, point.upper) for point in barred])
        traces[-1].update(error_y=bars | {"thickness": 1.5, "width": 4})
    return traces


def _lone_points(points: Sequence[TrendPoint]) -> go.Scatter:
    return go.Scatter(
        name="score between two gaps",
        showlegend=False,
        x=[stamp(point.start) for point in points],
        y=[point.score for point in points],
        text=[_text(point) for point in points],
        mode="markers",
        marker={"color": theme.SCORE, "size": 7},
        hovertemplate=f"<b>%{{text}}</b><br>{MOMENT}<extra></extra>",
    )


def _late(points: Sequence[TrendPoint]) -> go.Scatter | None:
    late = [point for point in points if point.status == "late" and point.score is not None]
    if not late:
        return None
    return go.Scatter(
        name="late, not in the line",
        x=[stamp(point.start) for point in late],
        y=[point.score for point in late],
        text=[_text(point) for point in late],
        mode="markers",
        marker={"symbol": "diamond-open", "size": 9, "color": theme.VERMILLION, "line": {"width": 2}},
        hovertemplate=f"<b>%{{text}}</b>, measured late<br>{MOMENT}<extra></extra>",
    )


def _text(point: TrendPoint) -> str:
    unknown = point.lower is None or point.upper is None
    interval = ", interval unknown" if unknown else f" [{point.lower:.2f}, {point.upper:.2f}]"
    return f"{point.score:.2f}{interval}" + (f", {point.coverage}" if point.coverage else "")


def _baseline(points: Sequence[TrendPoint], step: timedelta) -> go.Scatter | None:
    """The mean of the days before, which follows."""
    x: list[str | None] = []
    y: list[float | None] = []
    for run in runs_of(points, step, lambda point: point.baseline is not None):
        x += [*(stamp(point.start) for point in run), None]
        y += [*(point.baseline for point in run), None]
    if not x:
        return None
    return go.Scatter(
        name="mean of the 7 days before",
        x=x,
        y=y,
        mode="lines",
        connectgaps=False,
        line={"color": theme.GREY, "width": 2, "dash": "dot", "shape": "hv"},
        hovertemplate=f"<b>%{{y:.2f}}</b>, mean of the 7 days before<br>{MOMENT}<extra></extra>",
    )


def _launch(launch: float | None, points: Sequence[TrendPoint]) -> go.Scatter | None:
    """The level of the first weeks, which stays."""
    if launch is None:
        return None
    return go.Scatter(
        name="level at launch",
        x=[stamp(points[0].start), stamp(points[-1].start)],
        y=[launch, launch],
        mode="lines",
        line={"color": theme.GREY, "width": 2, "dash": "longdashdot"},
        hovertemplate="<b>%{y:.2f}</b>, level at launch, which changes are told against<extra></extra>",
    )


def _raw(hours: Sequence[TrendPoint]) -> go.Scatter | None:
    measured = [hour for hour in hours if has_score(hour)]
    if not measured:
        return None
    return go.Scatter(
        name="single hours",
        x=[stamp(hour.start) for hour in measured],
        y=[hour.score for hour in measured],
        text=[_text(hour) for hour in measured],
        mode="markers",
        marker={"size": 4, "color": theme.GREY, "opacity": 0.6},
        hovertemplate=f"<b>%{{text}}</b><br>{MOMENT}<extra></extra>",
    )


def _range(points: Sequence[TrendPoint], launch: float | None) -> list[float]:
    bounds = [value for point in points for value in (point.score, point.lower, point.upper, point.baseline)]
    drawn = [value for value in (*bounds, launch) if value is not None]
    if not drawn:
        return [0, 10]
    return [max(0, min(drawn) - 0.3), min(10, max(drawn) + 0.3)]
