"""The launch baselines of a target's streams: kept for good, and taken up again where the first cells are gone.

Not here: how a stream is launched with one (stats).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.stats.hour_values import Baseline
from orchestration.storage.baseline_rows import BaselineRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from orchestration.detection.watch import Watched
    from orchestration.storage.anomaly_rows import StreamKey


@dataclass(frozen=True, slots=True)
class Launch:
    """By metric the baseline, and the first hour of the week of the cells that it was taken from."""

    baselines: Mapping[str, tuple[datetime, Baseline]]

    def before(self, first_hour: datetime) -> dict[str, Baseline]:
        """The baselines of cells that began earlier than those that there are."""
        return {name: known for name, (since, known) in self.baselines.items() if since < first_hour}


NO_LAUNCH = Launch({})


def known_launch(rows: Iterable[BaselineRow]) -> Launch:
    return Launch({row.metric: (row.first_hour, _baseline(row)) for row in rows})


def _baseline(row: BaselineRow) -> Baseline:
    versions = {
        (scenario, version): (centre, spread, count) for scenario, version, centre, spread, count in row.versions
    }
    return Baseline(row.launch_level, row.typical_variance, versions)


def launch_baselines(
    stream: StreamKey, watched: Watched, known: Iterable[BaselineRow], now: datetime
) -> Iterator[BaselineRow]:
    """The baselines as the streams have them now, with the versions that are no longer or just not compared."""
    earlier = {row.metric: row for row in known}
    for metric, found in watched.found.items():
        watch, before = found.newest.watch, earlier.get(metric.name)
        if watch is None:
            continue
        values = watch.values
        now_known = Baseline.of(values.control, found.newest.columns, values.launch_level)
        versions = {} if before is None else dict(_baseline(before).versions)
        versions |= now_known.versions
        yield BaselineRow(
            *stream,
            metric=metric.name,
            first_hour=watched.first_hour if before is None else min(before.first_hour, watched.first_hour),
            launch_level=now_known.level,
            typical_variance=now_known.typical_variance,
            versions=[(*column, *numbers) for column, numbers in sorted(versions.items())],
            computed_at=now,
        )
