"""Counts of everything ever recorded, kept by adding what is new: a counter that never falls and is cheap to read.

Not here: the names of the metrics (pipeline_metrics).
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from orchestration.storage.pipeline_figures import CallCount, FigureReader, ScoreCount

SETTLED_AFTER: Final = timedelta(minutes=15)
"""A row carries the moment at which its transaction began; one that began earlier than this has ended."""

Sums = tuple[int, int, float, int]
"""calls, retries, cost in USD, answered calls of unknown cost"""


class LifetimeCounts:
    """Sums of all calls and gradings. One scrape at a time uses it."""

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._calls: dict[tuple[str, bool, str], Sums] = {}
        self._scores: Counter[tuple[str, bool]] = Counter()

    def read(
        self, reader: FigureReader, now: datetime
    ) -> tuple[dict[tuple[str, bool, str], Sums], Counter[tuple[str, bool]]]:
        """By target, simulated or not, and outcome; and by the outcome of gradings, with a score or without."""
        settled = now - SETTLED_AFTER
        if self._until is None or settled > self._until:
            calls = reader.calls(self._until, settled)
            scores = reader.scores(self._until, settled)
            self._calls, self._scores, self._until = (
                _added(self._calls, calls),
                self._scores + _counted(scores),
                settled,
            )
        fresh_calls, fresh_scores = reader.calls(self._until, now), reader.scores(self._until, now)
        return _added(self._calls, fresh_calls), self._scores + _counted(fresh_scores)


def _added(known: dict[tuple[str, bool, str], Sums], found: Iterable[CallCount]) -> dict[tuple[str, bool, str], Sums]:
    sums = dict(known)
    for one in found:
        key = (one.target_id, one.is_simulated, one.outcome)
        calls, retries, cost, unknown = sums.get(key, (0, 0, 0.0, 0))
        sums[key] = (
            calls + one.call_count,
            retries + one.retry_count,
            cost + float(one.cost_usd),
            unknown + one.unknown_cost_count,
        )
    return sums


def _counted(found: Iterable[ScoreCount]) -> Counter[tuple[str, bool]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for one in found:
        counts[one.outcome, one.is_scored] += one.score_count
    return counts
