"""The hours around a change as an image: hourly means, and the levels before and after with their intervals.

Not here: the interactive charts (dashboard).
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE, _AFTER, _HOURS = "#4c6a92", "#b5482a", "#8a8f98"
_UNITS: Final = {"quality": "points", "latency": "ms", "ttft": "ms", "cost": "USD per answer", "errors": "share"}


def chart_png(series: Sequence[tuple[datetime, float]], content: dict[str, Any]) -> bytes:
    """`series` are hours with values in the unit of the anomaly whose `content` (of its event) is given."""
    figure = Figure(figsize=(8, 3.2), dpi=110, layout="constrained")
    axes = figure.subplots()
    hours = [hour for hour, _ in series]
    axes.plot(hours, [value for _, value in series], ".", color=_HOURS, markersize=3)  # type: ignore[arg-type]
    onset = datetime.fromisoformat(content["onset_hour"])
    for side, color, span in (("before", _BEFORE, (hours[0], onset)), ("after", _AFTER, (onset, hours[-1]))):
        level, lower, upper = (content[f"{side}_{name}"] for name in ("value", "ci95_lower", "ci95_upper"))
        axes.plot(span, (level, level), color=color, linewidth=2)  # type: ignore[arg-type]
        axes.fill_between(span, lower, upper, color=color, alpha=0.25, linewidth=0)  # type: ignore[arg-type]
    axes.axvline(onset, color=_AFTER, linestyle=":", linewidth=1)  # type: ignore[arg-type]
    axes.set_title(f"{content['label']}: {content['metric']}, suite {content['suite']}", loc="left", fontsize=10)
    axes.set_ylabel(_UNITS[content["metric"]])
    axes.spines[["top", "right"]].set_visible(False)
    figure.autofmt_xdate(rotation=0, ha="center")
    image = BytesIO()
    figure.savefig(image, format="png")
    return image.getvalue()
