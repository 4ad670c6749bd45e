"""The API's answers about anomalies and changes, for the tests' own server.

Not here: the server (fake_api).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

Json = dict[str, Any]
FILTERS = ("target_id", "suite", "state", "metric", "severity", "cause", "verdict")
NAMES = UUID("6b1f3f0e-6a4e-4f0c-9d5b-3f8f1f6d2c11")


def anomaly(target_id: str, label: str, metric: str = "quality", *, hours_ago: int = 30, **changes: Any) -> Json:
    """A drop of quality that is open, or the same in another metric."""
    raised = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    return {
        "anomaly_id": str(uuid5(NAMES, f"{target_id} {metric} {hours_ago}")),
        "revision": 2,
        "target_id": target_id,
        "label": label,
        "provider": "simulator",
        "suite": "canary",
        "suite_version": 1,
        "metric": metric,
        "direction": "down",
        "is_worse": True,
        "state": "open",
        "severity": "major",
        "is_final": True,
        "raised_hour": _text(raised),
        "onset_hour": _text(raised - timedelta(hours=6)),
        "onset_earliest_hour": _text(raised - timedelta(hours=7)),
        "onset_latest_hour": _text(raised - timedelta(hours=4)),
        "resolved_hour": None,
        "accepted_hour": None,
        "before_value": 8.5,
        "before_ci95_lower": 8.25,
        "before_ci95_upper": 8.75,
        "after_value": 7.25,
        "after_ci95_lower": 7.0,
        "after_ci95_upper": 7.5,
        "before_answer_count": 2400,
        "after_answer_count": 48,
        "effect": -1.25,
        "effect_ci95_lower": -1.6,
        "effect_ci95_upper": -0.9,
        "detectable_effect": 0.25,
        "is_of_single_scenarios": False,
        "responsible_scenarios": [],
        "cause": "unknown",
        "evidence": [],
        "incident_id": None,
        "verdict": "inconclusive",
        "confirming_answer_count": 0,
        "confirming_effect": None,
        "confirming_effect_ci95_lower": None,
        "confirming_effect_ci95_upper": None,
        "is_simulated": True,
        "computed_at": _text(raised + timedelta(minutes=7)),
        "acknowledged_count": 0,
        "false_alarm_count": 0,
        "note_count": 0,
        **changes,
    }


def some_anomalies() -> list[Json]:
    """A drop with evidence, a slowness that is over, a rise that is the norm now, and something better."""
    drop = anomaly(
        "sim-atlas",
        "Atlas",
        cause="model",
        acknowledged_count=2,
        verdict="degraded",
        confirming_answer_count=24,
        confirming_effect=-1.5,
        confirming_effect_ci95_lower=-2.0,
        confirming_effect_ci95_upper=-1.0,
        responsible_scenarios=[{"scenario_id": "sql/totals", "before": 9.5, "after": 5.0, "share": 0.75}],
        evidence=[
            {
                "cause": "model",
                "kind": "served_model",
                "at": "2026-11-22T02:00:00Z",
                "before": ["atlas-2026-09"],
                "after": ["atlas-<b>2026</b>-11"],
            }
        ],
    )
    slow = anomaly("sim-borealis", "Borealis", "latency", hours_ago=400, state="resolved", **_levels(2650, 4120, 1.55))
    slow |= {"resolved_hour": _later(slow, 60), "direction": "up", "severity": "moderate"}
    dear = anomaly("sim-cobalt", "Cobalt", "cost", hours_ago=900, state="accepted", **_levels(0.00093, 0.0014, 1.51))
    dear |= {"accepted_hour": _later(dear, 168), "direction": "up", "severity": "minor", "cause": "price"}
    fewer = anomaly("sim-ember", "Ember", "errors", hours_ago=90, **_levels(0.057, 0.011, -0.046), is_worse=False)
    return [drop, fewer, slow, dear]


def anomalies_of(rows: list[Json], asked: dict[str, str]) -> list[Json]:
    """Those that the parameters of the route leave, raised last first."""
    equal = {name: asked[name] for name in FILTERS if name in asked}
    worse = {"worse": {True}, "better": {False}}.get(asked.get("direction", "any"), {True, False})
    since = datetime.fromisoformat(asked.get("since", "2000-01-01T00:00:00Z"))
    return [
        row
        for row in rows
        if all(row[name] == value for name, value in equal.items())
        and row["is_worse"] in worse
        and datetime.fromisoformat(row["raised_hour"]) >= since
    ]


def anomaly_answer(rows: list[Json], anomaly_id: str) -> tuple[int, Json]:
    found = next((row for row in rows if row["anomaly_id"] == anomaly_id), None)
    if found is None:
        detail = f"There is no anomaly {anomaly_id!r}."
        return 404, {"title": "There is no such anomaly", "status": 404, "detail": detail}
    return 200, {"meta": {"as_of": found["computed_at"], "simulated": found["is_simulated"]}, "data": found}


def _levels(before: float, after: float, effect: float) -> Json:
    """Both levels and the effect with intervals of a tenth on both sides."""
    found: Json = {"detectable_effect": abs(effect) / 2}
    for name, value in (("before_value", before), ("after_value", after), ("effect", effect)):
        stem = name.removesuffix("_value")
        low, high = sorted((value * 0.9, value * 1.1))
        found |= {name: value, f"{stem}_ci95_lower": low, f"{stem}_ci95_upper": high}
    return found


def _later(row: Json, hours: int) -> str:
    return _text(datetime.fromisoformat(row["raised_hour"]) + timedelta(hours=hours))


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def some_changes() -> list[Json]:
    """A served model with another name, a dearer price, and a limit that was not known before."""
    return [
        _change("sim-atlas", "Atlas", "served_model", "atlas", {"names": ["a<b>1"]}, {"names": ["a2"]}, hours_ago=30),
        _change("sim-cobalt", "Cobalt", "price", "input", {"usd": 1.0}, {"usd": 1.5}, hours_ago=900),
        _change("sim-cobalt", "Cobalt", "limits", "requests", None, {"per_minute": 60}, hours_ago=1200),
    ]


def changes_of(rows: list[Json], asked: dict[str, str]) -> list[Json]:
    """Those that the parameters of the route leave, newest first."""
    equal = {name: asked[name] for name in ("target_id", "kind") if name in asked}
    since = datetime.fromisoformat(asked.get("since", "2000-01-01T00:00:00Z"))
    return [
        row
        for row in rows
        if all(row[name] == value for name, value in equal.items())
        and datetime.fromisoformat(row["effective_at"]) >= since
    ]


def _change(
    target_id: str, label: str, kind: str, subject: str, old: Json | None, new: Json, *, hours_ago: int
) -> Json:
    at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    return {
        "target_id": target_id,
        "label": label,
        "provider": "simulator",
        "kind": kind,
        "subject": subject,
        "effective_at": _text(at),
        "old_value": old,
        "new_value": new,
        "source": "the provider's answers",
        "noticed_at": _text(at + timedelta(minutes=5)),
        "is_simulated": True,
    }
