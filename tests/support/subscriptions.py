"""Accounts with subscriptions, and anomalies to tell them of, as rows.

Not here: receivers of what is told (alert_receivers).
"""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.types.json import Jsonb

from orchestration.records import TargetRow
from orchestration.storage.alert_sources import PublishedAnomaly
from orchestration.storage.anomaly_rows import Anomaly, record_anomalies
from orchestration.storage.raw_tables import record_targets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.storage.database import Database

HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
SECRET = "whsec_c2VjcmV0LW9mLXRoZS13ZWJob29r"


def subscribe(database: Database, channel: str, *, email: str = "someone@example.org", **settings: Any) -> uuid.UUID:
    """A subscription to everything, as the API would make it; keyword arguments are its columns."""
    row = {"channel": channel, "channel_settings": {}, "has_simulated": True} | settings
    row["channel_settings"] = Jsonb(row["channel_settings"])
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(map(sql.Placeholder, row))
    statement = sql.SQL(
        "INSERT INTO account.alert_subscriptions (account_id, {}) VALUES (%(account_id)s, {}) RETURNING subscription_id"
    ).format(columns, values)
    with database.connect("aibaas_api") as connection:
        connection.execute(
            "INSERT INTO account.accounts (email, tier) VALUES (%s, 'pro') ON CONFLICT DO NOTHING", (email,)
        )
        ((account_id,),) = connection.execute("SELECT account_id FROM account.accounts WHERE email = %s", (email,))
        ((subscription_id,),) = connection.execute(statement, row | {"account_id": account_id}).fetchall()
    return uuid.UUID(str(subscription_id))


def anomaly(number: int = 0, /, **changes: Any) -> Anomaly:
    """Quality of sim-a fell in the hour `number` after HOUR."""
    raised = HOUR + timedelta(hours=number)
    made = Anomaly(
        anomaly_id=uuid.uuid5(uuid.NAMESPACE_OID, f"anomaly {number}"),
        revision=1,
        target_id="sim-a",
        suite="canary",
        suite_version=1,
        is_simulated=True,
        metric="quality",
        sign=-1,
        raised_hour=raised,
        state="open",
        severity="major",
        is_final=True,
        onset_hour=raised - timedelta(hours=3),
        onset_earliest_hour=raised - timedelta(hours=5),
        onset_latest_hour=raised - timedelta(hours=2),
        resolved_hour=None,
        accepted_hour=None,
        before_value=8.1,
        before_ci95_lower=7.9,
        before_ci95_upper=8.3,
        after_value=6.8,
        after_ci95_lower=6.4,
        after_ci95_upper=7.2,
        before_answer_count=2400,
        after_answer_count=48,
        effect=-1.3,
        effect_ci95_lower=-1.7,
        effect_ci95_upper=-0.9,
        detectable_effect=0.6,
        statistic=21.0,
        is_of_single_scenarios=False,
        responsible_scenarios=[{"scenario_id": "sql/task-1", "before": 9.0, "after": 3.0, "share": 0.45}],
        cause="model",
        evidence=[
            {"cause": "model", "kind": "fingerprint", "at": HOUR.isoformat(), "before": ["fp-1"], "after": ["fp-2"]}
        ],
        incident_id=None,
        verdict="degraded",
        confirming_answer_count=60,
        confirming_effect=-1.1,
        confirming_effect_ci95_lower=-1.6,
        confirming_effect_ci95_upper=-0.6,
        computed_at=datetime.now(UTC),
    )
    return replace(made, **changes)


def published(known: Anomaly, at: datetime) -> PublishedAnomaly:
    """As its news are read: first computed then."""
    return PublishedAnomaly(**{field.name: getattr(known, field.name) for field in fields(Anomaly)}, published_at=at)


def resolved(known: Anomaly, hours: int = 10) -> Anomaly:
    """Its next revision: over, that many hours after it was raised."""
    over = known.raised_hour + timedelta(hours=hours)
    return replace(known, revision=known.revision + 1, state="resolved", resolved_hour=over)


def record(database: Database, *revisions: Anomaly) -> None:
    with database.connect("aibaas_collector") as connection:
        record_anomalies(connection, revisions)
        record_targets(connection, _targets({row.target_id: row for row in revisions}.values()))


def _targets(rows: Iterable[Anomaly]) -> Iterable[TargetRow]:
    for row in rows:
        yield TargetRow(
            target_id=row.target_id, definition_sha256="0" * 64, recorded_at=HOUR, label=f"Model {row.target_id}",
            provider="simulator" if row.is_simulated else "acme", model=f"model-{row.target_id}", host="here",
            quantisation=None, reasoning_effort=None, sampling={}, is_simulated=row.is_simulated,
            is_open_weights=False, lifecycle="active", training_cutoff=None, is_enabled=True, disabled_reason=None,
        )  # fmt: skip
