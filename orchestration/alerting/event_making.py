"""An alarm, or those of one incident of a provider, as an event: what is told of it and whom it concerns.

Pure. Not here: which alarms are news (anomaly_events), nor the words (wording).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orchestration.alerting.threads import RAISED, SPREAD, WORSE
from orchestration.records import id_of
from orchestration.stats.detection_metrics import SEVERITIES, is_worse
from orchestration.storage.alert_rows import AlertEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from orchestration.storage.alert_sources import Families, KnownTarget
    from orchestration.storage.anomaly_rows import Anomaly

NEARLY_ALL: Final = 0.75
"""Of a change: what is due to the named scenarios by so much is a matter of their families alone."""

_TOLD = (
    "suite", "metric", "sign", "state", "severity", "cause", "evidence", "responsible_scenarios", "is_final",
    "before_value", "before_ci95_lower", "before_ci95_upper", "after_value", "after_ci95_lower", "after_ci95_upper",
    "effect", "effect_ci95_lower", "effect_ci95_upper", "detectable_effect", "verdict", "confirming_answer_count",
    "confirming_effect", "confirming_effect_ci95_lower", "confirming_effect_ci95_upper",
    "suite_version", "before_answer_count", "after_answer_count",
)  # fmt: skip
_HOURS = ("raised_hour", "onset_hour", "onset_earliest_hour", "onset_latest_hour", "resolved_hour", "accepted_hour")
_HOUR_OF_KIND = {RAISED: "raised_hour", "resolved": "resolved_hour", "accepted": "accepted_hour"}


class Names(NamedTuple):
    """What targets are called and whose they are, and the families of scenarios and suites."""

    targets: Mapping[str, KnownTarget]
    families: Families


def event_of(anomaly: Anomaly, thread: UUID, kind: str, names: Names, now: datetime, *occasion: object) -> AlertEvent:
    """What is told of an anomaly. The same kind is told once of a thread, or once for each `occasion`."""
    return _event(
        [anomaly],
        thread,
        kind,
        names,
        now,
        *occasion,
        families=_families(anomaly, names.families),
        metric=anomaly.metric,
        value=anomaly.after_value,
        content=_content(anomaly, names),
    )


def incident_event_of(
    anomalies: Sequence[Anomaly], thread: UUID, kind: str, names: Names, now: datetime, *occasion: object
) -> AlertEvent:
    """What is told of several alarms of one incident. What has spread is told once of each alarm and severity."""
    if kind == SPREAD:
        occasion = tuple(sorted((str(anomaly.anomaly_id), anomaly.severity) for anomaly in anomalies))
    changes = [
        _content(anomaly, names)
        | {"target_id": anomaly.target_id, "families": _families(anomaly, names.families)}
        for anomaly in anomalies
    ]  # fmt: skip
    metrics = {anomaly.metric for anomaly in anomalies}
    incident = next((row.incident_id for row in anomalies if row.incident_id), thread)
    content = {
        "incident_id": str(incident),
        "is_worse": is_worse(anomalies[0].metric, anomalies[0].sign),
        "models": _models(anomalies) or sorted({change["label"] for change in changes}),
        "onset_hour": min(change["onset_hour"] for change in changes),
        "changes": changes,
    }
    return _event(
        anomalies,
        thread,
        kind,
        names,
        now,
        *occasion,
        families=sorted({family for change in changes for family in change["families"]}),
        metric=metrics.pop() if len(metrics) == 1 else None,
        value=None,
        content=content,
    )


def _event(
    anomalies: Sequence[Anomaly],
    thread: UUID,
    kind: str,
    names: Names,
    now: datetime,
    *occasion: object,
    families: list[str],
    metric: str | None,
    value: float | None,
    content: dict[str, Any],
) -> AlertEvent:
    severity = max((anomaly.severity for anomaly in anomalies), key=SEVERITIES.index)
    target = names.targets.get(anomalies[0].target_id)
    told_once = (severity,) if kind == WORSE else occasion
    return AlertEvent(
        event_id=id_of("anomaly", thread, kind, *told_once),
        thread_id=thread,
        topic="anomalies",
        kind=kind,
        target_ids=sorted({anomaly.target_id for anomaly in anomalies}),
        families=families,
        provider=target.provider if target else None,
        metric=metric,
        severity=severity,
        value=value,
        is_simulated=anomalies[0].is_simulated,
        content=content,
        occurred_at=_moment(anomalies, kind) or now,
        recorded_at=now,
    )


def _moment(anomalies: Sequence[Anomaly], kind: str) -> datetime | None:
    """The hour in which it came to be; None where that is no hour's."""
    hours = [getattr(anomaly, _HOUR_OF_KIND[kind]) for anomaly in anomalies] if kind in _HOUR_OF_KIND else []
    known = [hour for hour in hours if hour is not None]
    choose = min if kind == RAISED else max
    return choose(known, default=None)


def _families(anomaly: Anomaly, families: Families) -> list[str]:
    """Of the named scenarios, and where others have a part in the change, too, of the whole suite."""
    entries = anomaly.responsible_scenarios
    named = {
        families.of_scenario[entry["scenario_id"]] for entry in entries if entry["scenario_id"] in families.of_scenario
    }
    if anomaly.is_of_single_scenarios or sum(entry["share"] for entry in entries) >= NEARLY_ALL:
        return sorted(named)
    return sorted(named.union(families.of_suite.get(anomaly.suite, ())))


def _models(anomalies: Sequence[Anomaly]) -> list[str]:
    """All that changed together, those included of which nothing is told."""
    return sorted(
        {
            model
            for anomaly in anomalies
            for entry in anomaly.evidence
            if entry["cause"] == "provider_incident"
            for model in entry["after"]
        }
    )


def _content(anomaly: Anomaly, names: Names) -> dict[str, Any]:
    target = names.targets.get(anomaly.target_id)
    content: dict[str, Any] = {
        "anomaly_id": str(anomaly.anomaly_id),
        "label": target.label if target else anomaly.target_id,
    }
    content |= {name: getattr(anomaly, name) for name in _TOLD}
    hours = {name: getattr(anomaly, name) for name in _HOURS}
    return content | {name: hour.isoformat() for name, hour in hours.items() if hour is not None}
