"""Other methods beside ours on the same drawn series: false alarms, and how soon they find three kinds of change.

Those with a threshold are set, on series of their own, to the lowest that gives at most .05 false alarms a
stream-month; the others run with the settings that they are published with. Not here: the methods (rival_detectors).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestration.stats.change_points import detect
from orchestration.stats.detection_metrics import LATENCY, METRICS, QUALITY
from orchestration.stats.run_rows import checked_runs, series_of
from orchestration.stats.stream_values import WARM_UP_HOURS, StreamValues
from tests.benchmarks.rival_detectors import RIVALS, Alarms
from tests.support.drawn_runs import EVENTS, HOURS, Runs, draw_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orchestration.stats.cells import Cells
    from tests.benchmarks.rival_detectors import Rival

MONTHS = (HOURS - WARM_UP_HOURS) / 720
ALLOWED = 0.05
SOUGHT = {"quality -1.0": (6, 24), "quality -0.5": (24, 72), "latency x 1.5": (24,)}
"""Changes that are sought, and the hours within which the share of those found is told."""
HEAD = (
    "method", "false alarms, quality", "false alarms, latency", "-1.0: 6 h / 24 h / median",
    "-0.5: 24 h / 72 h / median", "latency x 1.5: 24 h / median",
)  # fmt: skip
METRICS_SHOWN = (QUALITY, LATENCY)


@dataclass(frozen=True)
class Drawn:
    """One stream: its cells for us, its hours' values for the others, and where its change begins."""

    cells: Cells
    values: np.ndarray
    event_hour: int | None


def drawn(runs: Runs, metric: str) -> Drawn:
    cells = next(series_of(checked_runs(runs.frame()), [metric])).streams[metric]
    values = StreamValues.launch(cells, WARM_UP_HOURS, METRICS[metric])
    assert values is not None
    values.append_hours(cells, WARM_UP_HOURS, cells.hours)
    return Drawn(cells, values.raw - values.season.at(np.arange(cells.hours)), runs.event_hour)


def compare(seed: int, series: int) -> list[Sequence[str]]:
    """A table: its head, then a line for each method, ours last."""
    quiet = {m.name: [drawn(draw_runs((seed + 200, n)), m.name) for n in range(series)] for m in METRICS_SHOWN}
    tuning = {m.name: [drawn(draw_runs((seed + 300, n)), m.name) for n in range(series)] for m in METRICS_SHOWN}
    happening = {
        name: [drawn(draw_runs((seed + 210 + number, n), EVENTS[name]), EVENTS[name].metric) for n in range(series)]
        for number, name in enumerate(SOUGHT)
    }
    lines: list[Sequence[str]] = [HEAD]
    for rival in RIVALS:
        chosen = {name: threshold_of(rival, found) for name, found in tuning.items()}
        lines.append(line_of(rival.name, quiet, happening, lambda one, name, r=rival, c=chosen: r.run(
            one.values, WARM_UP_HOURS, c[name]
        )))  # fmt: skip
    lines.append(line_of("this design", quiet, happening, ours))
    return lines


def ours(one: Drawn, metric: str) -> Alarms:
    return [(change.raised_hour, change.sign) for change in detect(one.cells, METRICS[metric]).changes]


def threshold_of(rival: Rival, tuning: Sequence[Drawn]) -> float:
    """The lowest that gives few enough false alarms; the highest where none does."""
    for threshold in rival.thresholds[:-1]:
        alarms = sum(len(rival.run(one.values, WARM_UP_HOURS, threshold)) for one in tuning)
        if alarms <= ALLOWED * MONTHS * len(tuning):
            return threshold
    return rival.thresholds[-1]


def line_of(
    name: str,
    quiet: dict[str, list[Drawn]],
    happening: dict[str, list[Drawn]],
    run: Callable[[Drawn, str], Alarms],
) -> Sequence[str]:
    cells = [name]
    for metric, found in quiet.items():
        cells.append(f"{sum(len(run(one, metric)) for one in found) / (MONTHS * len(found)):.2f}")
    for event, within in SOUGHT.items():
        sign = -1 if EVENTS[event].size < 0 else 1
        delays = np.array([delay(run(one, EVENTS[event].metric), one.event_hour, sign) for one in happening[event]])
        shares = [f"{np.mean(delays <= hours):.2f}" for hours in within]
        middle = float(np.median(delays))
        cells.append(" / ".join([*shares, "never" if np.isinf(middle) else f"{middle:.0f} h"]))
    return cells


def delay(alarms: Alarms, event_hour: int | None, sign: int) -> float:
    """Hours until the first alarm of that sign from the event's hour on."""
    start = event_hour or 0
    return next((hour - start for hour, found in alarms if hour >= start and found == sign), float("inf"))
