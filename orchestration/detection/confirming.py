"""Asks about changes that have begun to show, and takes the verdict of the extra answers to alarms.

Not here: what a verdict rests on (stats.confirmation), nor which calls are made for it (collection.extra_calls).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import numpy as np

from orchestration.detection.cells import HOUR, published_effect, streams_of
from orchestration.records import id_of
from orchestration.stats.confirmation import (
    CONFIRMING_HOURS,
    SAME_SIGNAL_HOURS,
    Signal,
    confirmation_of,
    is_asked_about,
    signal_of,
)
from orchestration.stats.detection_metrics import WATCHED
from orchestration.storage.confirmation_rows import PENDING, ConfirmationRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    import polars as pl

    from orchestration.detection.watch import Watched
    from orchestration.stats.cells import Cells
    from orchestration.stats.confirmation import Confirmation, Verdict
    from orchestration.stats.detection_metrics import Metric
    from orchestration.storage.anomaly_rows import Anomaly, StreamKey

SAME_SIGNAL = timedelta(hours=SAME_SIGNAL_HOURS)
"""How long before an alarm the signal may have been that it came of."""


def last_round_before(hour: datetime) -> datetime:
    """The newest signal whose last extra answers are those of that hour."""
    return hour - CONFIRMING_HOURS * HOUR


def expired(row: ConfirmationRow, newest_hour: datetime, now: datetime) -> ConfirmationRow:
    """The row; one whose hours have passed without a verdict is inconclusive, as nobody answered."""
    if row.verdict != PENDING or row.signal_hour > last_round_before(newest_hour):
        return row
    return replace(row, verdict="inconclusive", computed_at=now)


@dataclass(frozen=True, slots=True)
class Confirming:
    """One target's signals: those that are known of it, and the cells of its extra answers."""

    stream: StreamKey
    known: Sequence[ConfirmationRow]
    extra: pl.DataFrame | None
    now: datetime

    def look(self, watched: Watched, newest_hour: datetime, *, asks: bool) -> list[ConfirmationRow]:
        """The known signals of the hours before with their verdicts, and new ones of the newest hour.

        Nothing is asked about a stream whose newest hour that is not: its change is history.
        """
        rows = {row.confirmation_id: row for row in self.known}
        rows |= {row.confirmation_id: row for row in self._judged(watched, newest_hour)}
        rows = {key: expired(row, newest_hour, self.now) for key, row in rows.items()}
        if asks and watched.last_hour == newest_hour:
            for row in self._asked(watched, list(rows.values())):
                rows.setdefault(row.confirmation_id, row)
        return list(rows.values())

    def _judged(self, watched: Watched, newest_hour: datetime) -> Iterator[ConfirmationRow]:
        extra = _extra_streams(self.extra, watched)
        is_new = self.extra is not None and self.extra["benchmark_hour"].max() == newest_hour
        for row in self.known:
            metric = next((metric for metric in watched.found if metric.name == row.metric), None)
            if metric is None or not last_round_before(newest_hour) <= row.signal_hour < newest_hour:
                continue
            watch = watched.found[metric].newest.watch
            if metric in extra and watch is not None and (row.verdict == PENDING or is_new):
                said = confirmation_of(_signal(row, watched.first_hour), extra[metric], watch)
                is_last = row.signal_hour == last_round_before(newest_hour)
                yield _with(row, metric, said, self.now, is_last=is_last)

    def _asked(self, watched: Watched, known: Sequence[ConfirmationRow]) -> Iterator[ConfirmationRow]:
        for metric, found in watched.found.items():
            signal = signal_of(found)
            if signal is None:
                continue
            first_hour = watched.first_hour
            earlier = ((_signal(row, first_hour), _verdict(row)) for row in known if row.metric == metric.name)
            if not any(is_asked_about(before, verdict, signal) for before, verdict in earlier):
                yield _row(self.stream, metric, signal, first_hour, self.now)


def _verdict(row: ConfirmationRow) -> Verdict | None:
    return None if row.verdict == PENDING else cast("Verdict", row.verdict)


def _extra_streams(frame: pl.DataFrame | None, watched: Watched) -> dict[Metric, Cells]:
    """The extra answers as cells of the watched columns; those of other versions are left out."""
    if frame is None:
        return {}
    columns = dict.fromkeys(WATCHED, ()) | {metric: cells.columns for metric, cells in watched.cells.items()}
    streams = streams_of(frame, watched.first_hour, columns)
    return {metric: stream for metric, stream in streams.items() if np.isfinite(stream.values).any()}


def _signal(row: ConfirmationRow, first_hour: datetime) -> Signal:
    hour, onset = ((moment - first_hour) // HOUR for moment in (row.signal_hour, row.onset_hour))
    return Signal(
        row.sign, hour, onset, row.before_level, row.after_level, row.reference_error, row.statistic, row.is_alarm,
        tuple(row.scenario_ids),
    )  # fmt: skip


def _row(stream: StreamKey, metric: Metric, signal: Signal, first_hour: datetime, now: datetime) -> ConfirmationRow:
    hour = first_hour + signal.hour * HOUR
    return ConfirmationRow(
        confirmation_id=id_of("confirmation", *stream, metric.name, hour.isoformat(), signal.sign),
        **stream._asdict(),
        metric=metric.name,
        sign=signal.sign,
        signal_hour=hour,
        onset_hour=first_hour + signal.onset_hour * HOUR,
        statistic=signal.statistic,
        is_alarm=signal.is_alarm,
        scenario_ids=list(signal.scenarios),
        before_level=signal.before,
        after_level=signal.after,
        reference_error=signal.reference_error,
        signal_effect=published_effect(metric, signal.after - signal.before),
        verdict=PENDING,
        answer_count=0,
        hour_count=0,
        effect=None,
        effect_ci95_lower=None,
        effect_ci95_upper=None,
        computed_at=now,
    )


def _with(row: ConfirmationRow, metric: Metric, said: Confirmation, now: datetime, *, is_last: bool) -> ConfirmationRow:
    """With what was said; as long as more will be, an open question stays one."""
    verdict = PENDING if said.verdict == "inconclusive" and not is_last else said.verdict
    effects = (said.effect, said.effect_lower, said.effect_upper)
    effect, lower, upper = (None if math.isnan(value) else published_effect(metric, value) for value in effects)
    return replace(
        row,
        verdict=verdict,
        answer_count=said.answer_count,
        hour_count=said.hour_count,
        effect=effect,
        effect_ci95_lower=lower,
        effect_ci95_upper=upper,
        computed_at=now,
    )


def with_verdict(anomaly: Anomaly, rows: Iterable[ConfirmationRow]) -> Anomaly:
    """What extra answers say of the signal that the alarm came of; inconclusive without any."""
    own = [
        row
        for row in rows
        if (row.stream, row.metric, row.sign) == (anomaly.stream, anomaly.metric, anomaly.sign)
        and timedelta(0) <= anomaly.raised_hour - row.signal_hour < SAME_SIGNAL
    ]
    if not own:
        return anomaly
    row = max(own, key=lambda row: row.signal_hour)
    return replace(
        anomaly,
        verdict=row.verdict,
        confirming_answer_count=row.answer_count,
        confirming_effect=row.effect,
        confirming_effect_ci95_lower=row.effect_ci95_lower,
        confirming_effect_ci95_upper=row.effect_ci95_upper,
    )
