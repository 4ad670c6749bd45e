"""Results about what happened: anomalies of a target, and changes around it.

Not here: the numbers in which an anomaly shows (models).
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time
from typing import Any, Literal

from dashboard.api_client.result import Result


class ResponsibleScenario(Result):
    """A scenario that an anomaly rests on, with its mean on both sides and its share of the change."""

    scenario_id: str
    before: float | None
    after: float | None
    share: float | None


class CauseEvidence(Result):
    """What happened near the onset that speaks for a cause."""

    cause: str
    kind: str
    at: datetime
    before: Any
    after: Any


class Anomaly(Result):
    """A target that got worse or better in one metric. Values are in the metric's own unit."""

    anomaly_id: str
    target_id: str
    label: str
    provider: str
    suite: str
    metric: Literal["quality", "latency", "ttft", "cost", "errors"]
    direction: Literal["up", "down"]
    is_worse: bool
    state: Literal["open", "resolved", "accepted", "retracted"]
    severity: Literal["minor", "moderate", "major", "critical"]
    is_final: bool
    raised_hour: datetime
    onset_hour: datetime
    onset_earliest_hour: datetime
    onset_latest_hour: datetime
    resolved_hour: datetime | None
    accepted_hour: datetime | None
    before_value: float
    before_ci95_lower: float
    before_ci95_upper: float
    after_value: float
    after_ci95_lower: float
    after_ci95_upper: float
    effect: float
    effect_ci95_lower: float
    effect_ci95_upper: float
    detectable_effect: float
    is_of_single_scenarios: bool
    responsible_scenarios: tuple[ResponsibleScenario, ...]
    cause: Literal["harness", "suite", "price", "provider_incident", "host", "model", "unknown"]
    evidence: tuple[CauseEvidence, ...]
    incident_id: str | None
    verdict: Literal["pending", "degraded", "improved", "stable", "inconclusive"]
    confirming_answer_count: int
    confirming_effect: float | None
    confirming_effect_ci95_lower: float | None
    confirming_effect_ci95_upper: float | None
    is_simulated: bool
    acknowledged_count: int
    false_alarm_count: int
    note_count: int


class AnomalyPage(Result):
    data: tuple[Anomaly, ...]
    next_cursor: str | None


class AnomalyAnswer(Result):
    data: Anomaly


class Change(Result):
    """A change of price, listing, settings, served model or the like, noticed beside a target."""

    target_id: str
    label: str
    provider: str
    kind: str
    subject: str
    effective_at: datetime
    old_value: dict[str, Any] | None
    new_value: dict[str, Any] | None
    source: str
    noticed_at: datetime
    is_simulated: bool


class ChangePage(Result):
    data: tuple[Change, ...]
    next_cursor: str | None
