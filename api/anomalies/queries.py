"""The statements behind the anomalies.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, LiteralString
from uuid import UUID

from api.ordering import OrderedList

if TYPE_CHECKING:
    from api.database import Database, Row
    from api.ordering import Position

ANOMALIES: LiteralString = """
SELECT
    anomalies.anomaly_id, anomalies.revision, anomalies.target_id, targets.label, targets.provider, anomalies.suite,
    anomalies.suite_version, anomalies.metric, anomalies.direction, anomalies.is_worse, anomalies.state,
    anomalies.severity, anomalies.is_final, anomalies.raised_hour, anomalies.onset_hour, anomalies.onset_earliest_hour,
    anomalies.onset_latest_hour, anomalies.resolved_hour, anomalies.accepted_hour, anomalies.before_value,
    anomalies.before_ci95_lower, anomalies.before_ci95_upper, anomalies.after_value, anomalies.after_ci95_lower,
    anomalies.after_ci95_upper, anomalies.before_answer_count, anomalies.after_answer_count, anomalies.effect,
    anomalies.effect_ci95_lower, anomalies.effect_ci95_upper, anomalies.detectable_effect,
    anomalies.is_of_single_scenarios, anomalies.responsible_scenarios, anomalies.cause, anomalies.evidence,
    anomalies.incident_id, anomalies.verdict, anomalies.confirming_answer_count, anomalies.confirming_effect,
    anomalies.confirming_effect_ci95_lower, anomalies.confirming_effect_ci95_upper, anomalies.is_simulated,
    anomalies.computed_at, anomalies.acknowledged_count, anomalies.false_alarm_count, anomalies.note_count,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.fct_anomalies AS anomalies
INNER JOIN marts.dim_targets AS targets ON anomalies.target_id = targets.target_id
WHERE (%(anomaly_id)s::uuid IS NULL OR anomalies.anomaly_id = %(anomaly_id)s)
    AND (%(target_id)s::text IS NULL OR anomalies.target_id = %(target_id)s)
    AND (%(provider)s::text IS NULL OR targets.provider = %(provider)s)
    AND (%(suite)s::text IS NULL OR anomalies.suite = %(suite)s)
    AND (%(metric)s::text IS NULL OR anomalies.metric = %(metric)s)
    AND (%(state)s::text IS NULL OR anomalies.state = %(state)s)
    AND (%(severity)s::text IS NULL OR anomalies.severity = %(severity)s)
    AND (%(cause)s::text IS NULL OR anomalies.cause = %(cause)s)
    AND (%(verdict)s::text IS NULL OR anomalies.verdict = %(verdict)s)
    AND (%(is_worse)s::boolean IS NULL OR anomalies.is_worse = %(is_worse)s)
    AND (%(is_simulated)s::boolean IS NULL OR anomalies.is_simulated = %(is_simulated)s)
    AND (%(incident_id)s::uuid IS NULL OR anomalies.incident_id = %(incident_id)s)
    AND (%(since)s::timestamptz IS NULL OR anomalies.raised_hour >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR anomalies.raised_hour < %(until)s)
"""
LISTED_ANOMALIES = OrderedList(
    ANOMALIES,
    sorts={
        "raised_hour": datetime,
        "onset_hour": datetime,
        "resolved_hour": datetime,
        "effect": float,
        "target_id": str,
    },
    ties={"anomaly_id": UUID},
)


async def anomaly_rows(
    database: Database,
    *,
    anomaly_id: UUID | None = None,
    target_id: str | None = None,
    provider: str | None = None,
    suite: str | None = None,
    metric: str | None = None,
    state: str | None = None,
    severity: str | None = None,
    cause: str | None = None,
    verdict: str | None = None,
    is_worse: bool | None = None,
    is_simulated: bool | None = None,
    incident_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-raised_hour",
    after: Position | None = None,
    row_limit: int = 1,
) -> list[Row]:
    """Anomalies in the order `sort`, behind the position `after`; None leaves a filter out."""
    return await database.fetch_all(
        LISTED_ANOMALIES.statement(sort),
        {
            "anomaly_id": anomaly_id,
            "target_id": target_id,
            "provider": provider,
            "suite": suite,
            "metric": metric,
            "state": state,
            "severity": severity,
            "cause": cause,
            "verdict": verdict,
            "is_worse": is_worse,
            "is_simulated": is_simulated,
            "incident_id": incident_id,
            "since": since,
            "until": until,
            **LISTED_ANOMALIES.parameters(after, row_limit),
        },
    )
