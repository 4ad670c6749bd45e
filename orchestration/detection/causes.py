"""Why a stream changed: what else changed when it did, and which of that is the likeliest reason.

Pure. Not here: where changes are read (storage), nor what is made of the cause.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from orchestration.records import id_of, is_asked_otherwise
from orchestration.stats.detection_metrics import COST, ERRORS, LATENCY, QUALITY, TTFT, is_worse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from orchestration.storage.anomaly_rows import TargetChange

Side = tuple[str, bool, bool]
"""Of a provider's changes: whose, whether for the worse, whether simulated."""
Cause = Literal["harness", "suite", "price", "provider_incident", "host", "model", "unknown"]
CAUSES: tuple[Cause, ...] = ("harness", "suite", "price", "provider_incident", "host", "model")
"""In the order in which they are believed: what we changed ourselves is never the model's fault."""

_CAUSE_OF_KIND: dict[str, Cause] = {
    "libraries": "harness",
    "settings": "harness",
    "limits": "harness",
    "price": "price",
    "host": "host",
    "served_model": "model",
    "fingerprint": "model",
}
_EVERYTHING = frozenset({QUALITY.name, LATENCY.name, TTFT.name, COST.name, ERRORS.name})
_MOVED_BY_KIND = {"price": frozenset({COST.name}), "limits": frozenset({LATENCY.name, TTFT.name, ERRORS.name})}
"""What a change of that kind can move; all else moves everything."""

BEFORE_ONSET = timedelta(hours=6)
"""How far an onset may be estimated too late."""
SAME_INCIDENT = timedelta(hours=6)
LEAST_MODELS = 3
LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Window:
    """The hours in which the change may have begun, both included."""

    earliest: datetime
    latest: datetime

    def holds(self, moment: datetime) -> bool:
        return self.earliest - BEFORE_ONSET <= moment < self.latest + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that changed, from what to what, and what it speaks for."""

    cause: Cause
    kind: str
    at: datetime
    before: Any
    after: Any

    def told(self) -> dict[str, Any]:
        return {
            "cause": self.cause,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class Onset:
    """Where one target's stream began to change; `provider` and `model` are whose it is."""

    anomaly_id: UUID
    provider: str
    model: str
    metric: str
    sign: int
    is_simulated: bool
    hour: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """Changes of several of a provider's models that began together."""

    incident_id: UUID
    anomaly_ids: frozenset[UUID]
    models: tuple[str, ...]
    hour: datetime


def likeliest(causes: Iterable[str]) -> Cause:
    found = set(causes)
    return next((cause for cause in CAUSES if cause in found), "unknown")


def evidence_of_changes(changes: Iterable[TargetChange], metric: str, window: Window) -> list[Evidence]:
    """What was noted about the target in the window and can move that metric."""
    return [
        Evidence(_cause_of(change), change.kind, change.effective_at, change.old_value, change.new_value)
        for change in changes
        if change.kind in _CAUSE_OF_KIND
        and window.holds(change.effective_at)
        and metric in _MOVED_BY_KIND.get(change.kind, _EVERYTHING)
    ]


def _cause_of(change: TargetChange) -> Cause:
    """A model that answers because another one was asked for is no doing of the provider's."""
    if change.kind == "served_model" and is_asked_otherwise(change.old_value or {}, change.new_value or {}):
        return "harness"
    return _CAUSE_OF_KIND[change.kind]


def evidence_of_versions(cells: pl.DataFrame, metric: str, window: Window) -> list[Evidence]:
    """Versions of suite, scenarios and (of quality) scorers that were others from an hour in the window on."""
    found = _steps(cells, "suite", [], "suite_version", "suite", window)
    found += _steps(cells, "scenario", ["scenario_id"], "scenario_version", "suite", window)
    if metric == QUALITY.name:
        scored = cells.filter(pl.col("scorer").is_not_null())
        found += _steps(scored, "scorer", ["scorer"], "scorer_version", "harness", window)
    return found


def evidence_of_failures(failures: Iterable[tuple[str, int, int]], onset: datetime) -> list[Evidence]:
    """Why calls failed, by counts before and after; it speaks for no cause by itself."""
    counted = list(failures)
    before, after = ({reason: row[side] for reason, *row in counted if row[side]} for side in (0, 1))
    return [Evidence("unknown", "error_codes", onset, before, after)] if counted else []


def _steps(
    cells: pl.DataFrame, kind: str, key: list[str], version: str, cause: Cause, window: Window
) -> list[Evidence]:
    hourly = cells.group_by(*key, "benchmark_hour").agg(pl.col(version).max()).sort(*key, "benchmark_hour")
    before = pl.col(version).shift()
    changed = hourly.with_columns(before=before.over(key) if key else before).filter(
        pl.col("before") != pl.col(version)
    )
    return [
        Evidence(cause, kind, row["benchmark_hour"], *(
            {**{name: row[name] for name in key}, version: row[value]} for value in ("before", version)
        ))
        for row in changed.sort("benchmark_hour", *key).iter_rows(named=True)
        if window.holds(row["benchmark_hour"])
    ]  # fmt: skip


def provider_incidents(onsets: Iterable[Onset], models: Mapping[str, tuple[str, str]]) -> list[Incident]:
    """Three models or more, and at least half of a provider's, of which one metric changed within six hours.

    What else of these models got worse then (or better, as the first did) is of the same incident. `models` has
    provider and model of each watched target. An onset belongs to the first incident that it fits.
    """
    watched: dict[str, set[str]] = defaultdict(set)
    for provider, model in models.values():
        watched[provider].add(model)
    alike: dict[Side, list[Onset]] = defaultdict(list)
    for onset in onsets:
        alike[onset.provider, is_worse(onset.metric, onset.sign), onset.is_simulated].append(onset)
    return [
        incident
        for side, group in sorted(alike.items())
        for incident in _incidents(side, group, max(LEAST_MODELS, LEAST_SHARE * len(watched[side[0]])))
    ]


def _incidents(side: Side, onsets: Sequence[Onset], least: float) -> Iterator[Incident]:
    waiting = sorted(onsets, key=lambda onset: (onset.hour, onset.anomaly_id))
    for first in tuple(waiting):
        models = _models_with(first, waiting, least)
        together = [
            onset for onset in waiting if onset.model in models and abs(onset.hour - first.hour) <= SAME_INCIDENT
        ]
        if together:
            hour = together[0].hour
            ids = frozenset(onset.anomaly_id for onset in together)
            yield Incident(id_of(*side, hour.isoformat()), ids, tuple(sorted(models)), hour)
            waiting = [onset for onset in waiting if onset.anomaly_id not in ids]


def _models_with(first: Onset, waiting: Sequence[Onset], least: float) -> set[str]:
    """Those of the metrics in which enough models changed from the first's hour on; none where it is no such change."""
    of_metric: dict[str, set[str]] = defaultdict(set)
    for onset in waiting:
        if timedelta(0) <= onset.hour - first.hour <= SAME_INCIDENT:
            of_metric[onset.metric].add(onset.model)
    if first not in waiting or len(of_metric[first.metric]) < least:
        return set()
    return set().union(*(models for models in of_metric.values() if len(models) >= least))
