"""What is known of a target beside its numbers: its badges, and how it fares now.

Not here: its numbers (each page), nor its history (model_trend).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.tables import badges
from dashboard.app_pages.wording import METRICS, STALE_AFTER, effort_name, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.events import Anomaly
    from dashboard.api_client.models import Model
    from dashboard.api_client.standings import LeaderboardEntry

NEW_FOR = timedelta(days=14)
ENDING = {"deprecated", "retired"}


@dataclass(frozen=True, slots=True)
class Situation:
    """A target's latest definition, None where it is no longer known, and the anomalies that are open."""

    model: Model | None
    anomalies: tuple[Anomaly, ...]


def situations(api: ApiClient, entries: Sequence[LeaderboardEntry]) -> dict[str, Situation]:
    """The situation of every entry's target."""
    models = {model.target_id: model for model in api.models()}
    found: defaultdict[str, list[Anomaly]] = defaultdict(list)
    for anomaly in api.anomalies(state="open", direction="worse"):
        found[anomaly.target_id].append(anomaly)
    return {entry.target_id: Situation(models.get(entry.target_id), tuple(found[entry.target_id])) for entry in entries}


def target_badges(entry: LeaderboardEntry, known: Mapping[str, Situation], now: datetime) -> str:
    situation = known.get(entry.target_id)
    model = situation.model if situation else None
    names = ["simulated"] * entry.is_simulated + ["preliminary"] * entry.is_preliminary
    if model is not None:
        began = model.first_answered_at
        names += ["new"] * (began is not None and now - began < NEW_FOR)
        names += [model.lifecycle] * (model.lifecycle in ENDING)
    names += ["open weights"] * entry.is_open_weights
    names += [effort_name(entry.reasoning_effort)] if entry.reasoning_effort else []
    return badges(*names)


def target_state(entry: LeaderboardEntry, situation: Situation, newest: datetime | None) -> str:
    """One line on how a target fares, as HTML: worse, not measured now, behind, or steady."""
    if situation.model is not None and not situation.model.is_enabled:
        return _state("off", "not measured", situation.model.disabled_reason or "no reason was recorded")
    if situation.anomalies:
        first = min(situation.anomalies, key=lambda anomaly: anomaly.onset_hour)
        names = ", ".join(dict.fromkeys(METRICS[anomaly.metric] for anomaly in situation.anomalies))
        return _state("worse", f"\u25bc {names}", f"worse since {moment(first.onset_hour)}")
    if newest is not None and _is_behind(entry, newest):
        return _state("off", "behind", "others have newer hours")
    return '<span class="state" title="no open degradation">steady</span>'


def _is_behind(entry: LeaderboardEntry, newest: datetime) -> bool:
    return entry.last_benchmark_hour is None or newest - entry.last_benchmark_hour > STALE_AFTER


def _state(kind: str, words: str, meaning: str) -> str:
    return (
        f'<span class="state {kind}" title="{escape(meaning)}">{escape(words)}<small>{escape(meaning)}</small></span>'
    )
