"""What happened to one model, as marks and levels of its figures.

Not here: how they are drawn (charts.markers), nor how an anomaly is explained (degradations).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.app_pages.anomaly_words import effect, kind_name
from dashboard.app_pages.wording import METRICS
from dashboard.charts.rows import Level, Marker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.api_client.events import Anomaly, Change


VERSIONS = {"fingerprint", "scenario", "scorer", "served_model", "suite"}


@dataclass(frozen=True, slots=True)
class Story:
    """Changes of level, what was noted to have changed around them, and the level that they are told against.

    Changes of level are those of the suite whose scores are shown, over all families.
    """

    anomalies: Sequence[Anomaly]
    changes: Sequence[Change]
    launch_score_mean: float | None = None
    family: str = "all"


def marks_of(story: Story, *metrics: str) -> list[Marker]:
    """The anomalies of these metrics with their incidents, and every change that was noted."""
    shown = [anomaly for anomaly in story.anomalies if anomaly.metric in metrics]
    return [
        *(_of_anomaly(anomaly, story.family) for anomaly in shown),
        *(_of_incident(anomaly) for anomaly in shown if anomaly.incident_id),
        *(_of_change(change) for change in story.changes),
    ]


def levels_of(story: Story, metric: str, now: datetime) -> list[Level]:
    """The level before each change, for as long as it lasted; what was taken back has none, nor has one family."""
    if story.family != "all":
        return []
    return [
        Level(anomaly.onset_hour, anomaly.resolved_hour or anomaly.accepted_hour or now, anomaly.before_value)
        for anomaly in story.anomalies
        if anomaly.metric == metric and anomaly.state != "retracted" and not anomaly.is_of_single_scenarios
    ]


def change_kind(change: Change) -> str:
    """Which mark a noted change has."""
    if change.kind == "price":
        return "price"
    return "version" if change.kind in VERSIONS else "change"


def _of_anomaly(anomaly: Anomaly, family: str) -> Marker:
    over = "" if family == "all" else ", over all families"
    words = f"{METRICS[anomaly.metric]} {effect(anomaly.metric, anomaly.effect)}, {anomaly.severity}{over}"
    return Marker(anomaly.onset_hour, "worse" if anomaly.is_worse else "better", words)


def _of_incident(anomaly: Anomaly) -> Marker:
    return Marker(anomaly.onset_hour, "incident", f"{METRICS[anomaly.metric]} of several models at once")


def _of_change(change: Change) -> Marker:
    return Marker(change.effective_at, change_kind(change), f"{kind_name(change.kind)}: {change.subject}")
