"""Rows of the marts beside the scores, of the same small world: pairs, moves, prices, changes, anomalies, evidence.

Not here: the targets and their scores (marts).
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

NEWEST_HOUR = datetime(2026, 11, 23, 20, tzinfo=UTC)
END = NEWEST_HOUR + timedelta(hours=1)
DAY = timedelta(days=1)
SCORERS = "function:5, sql:2"
VARYING = ("sim-atlas", "sql/first")
"""A target and a scenario whose days differ."""
QUALITY, LATENCY, COST = (UUID(f"00000000-0000-5000-8000-00000000000{digit}") for digit in "123")
"""Anomalies: sim-atlas lost quality and is open, sim-borealis got faster, acme-ohm got dearer and is accepted."""
INCIDENT = UUID("00000000-0000-5000-8000-0000000000ff")
FAR_FUTURE = datetime(2099, 1, 1, tzinfo=UTC)

Rows = list[dict[str, Any]]


def rows_by_mart() -> dict[str, Rows]:
    """Rows of equal keys by mart; a column that they do not name stays null."""
    return {
        "dim_suites": _suites(),
        "dim_prices": _prices(),
        "fct_pairwise": _pairs(),
        "fct_pass_rates": _pass_rates(),
        "fct_score_moves": _moves(),
        "fct_scenario_scores_daily": _scenario_days(),
        "fct_scores_weekly": _weeks(),
        "fct_latency_hourly": _speeds("benchmark_hour", [NEWEST_HOUR - timedelta(hours=age) for age in range(48)]),
        "fct_latency_daily": [
            {**row, "family": family}
            for family in ("all", "sql")
            for row in _speeds("latency_date", [NEWEST_HOUR.date() - DAY * age for age in range(7)])
        ],
        "fct_latency_weekly": [{**row, "family": "all"} for row in _speeds("latency_week", [date(2026, 11, 23)])],
        "fct_reliability_hourly": _reliability(),
        "fct_anomalies": _anomalies(),
        "fct_watched_streams": _streams(),
        "fct_target_changes": _changes(),
        "fct_public_evidence": _evidence(),
        "fct_cost_projections": _projections(),
        "fct_reports": _reports(),
    }


def _suites() -> Rows:
    asked = (
        ("canary", 2, "hourly", "bug-fixing/first", True),
        ("canary", 2, "hourly", "sql/first", True),
        ("canary", 1, "hourly", "sql/first", False),
        ("full", 1, "daily", "sql/first", True),
    )
    return [
        {
            "suite": suite,
            "suite_version": version,
            "cadence": cadence,
            "scenario_id": scenario_id,
            "scenario_version": 1,
            "recorded_at": NEWEST_HOUR - DAY * (3 - version),
            "is_current": is_current,
        }
        for suite, version, cadence, scenario_id, is_current in asked
    ]


def _prices() -> Rows:
    return [
        _price("acme", "ohm", date(2026, 8, 1), date(2026, 10, 1), 4, 15),
        _price("acme", "ohm", date(2026, 10, 1), None, 3, 15),
        _price("acme", "ghost", date(2026, 8, 1), None, 1, None),
        _price("acme", "volt", FAR_FUTURE.date(), None, 2, 8),
        _price("simulator", "atlas", date(2026, 8, 1), None, 3, 15),
    ]


def _price(
    provider: str, model: str, start: date, end: date | None, input_usd: float, output_usd: float | None
) -> dict[str, Any]:
    tier = {
        "service": "batch",
        "above_input_tokens": 0,
        "input_usd_per_mtok": "1.5",
        "output_usd_per_mtok": None,
        "cached_input_usd_per_mtok": None,
        "cache_write_usd_per_mtok": None,
        "reasoning_usd_per_mtok": None,
    }
    return {
        "price_id": f"{provider}/{model}@{start}",
        "provider": provider,
        "model": model,
        "valid_from": _midnight(start),
        "valid_to": None if end is None else _midnight(end),
        "input_usd_per_mtok": input_usd,
        "output_usd_per_mtok": output_usd,
        "tiers": json.dumps([tier] if model == "ohm" else []),
        "source": f"the price list of {provider}",
        "checked_on": date(2026, 11, 20),
    }


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _of_window(days: int = 7, family: str = "all") -> dict[str, Any]:
    return {
        "suite": "canary",
        "suite_version": 2,
        "family": family,
        "window_name": f"{days}d",
        "window_start": END - DAY * days,
        "window_end": END,
        "scorer_versions": SCORERS,
        "is_simulated": True,
    }


def _pairs() -> Rows:
    found = (
        ("sim-atlas", "sim-borealis", 1.75, 0.9, 2.6, 0.001, 0.003),
        ("sim-atlas", "sim-cobalt", 0.6, -0.2, 1.4, 0.06, 0.12),
        ("sim-borealis", "sim-cobalt", 0.0, None, None, None, None),
    )
    return [
        {
            **_of_window(days),
            "target_id": target_id,
            "other_target_id": other,
            "scenario_count": 12,
            "score_difference": mean,
            "score_difference_ci95_lower": lower,
            "score_difference_ci95_upper": upper,
            "p_value": p_value,
            "holm_p_value": holm,
            "compared_count": 2,
            "interval_method": "none" if p_value is None else "paired_t",
        }
        for days in (7, 30)
        for target_id, other, mean, lower, upper, p_value, holm in found
    ]


def _pass_rates() -> Rows:
    return [
        {
            **_of_window(),
            "target_id": target_id,
            "attempt_count": count,
            "scenario_count": 12,
            "pass_at_k_rate": 1 - rate**count,
            "pass_at_k_ci95_lower": 0.25,
            "pass_at_k_ci95_upper": 1.0,
            "pass_hat_k_rate": rate**count,
            "pass_hat_k_ci95_lower": 0.0625,
            "pass_hat_k_ci95_upper": 0.875,
        }
        for target_id, rate in (("sim-atlas", 0.5), ("sim-borealis", 0.25))
        for count in (1, 3)
    ]


def _moves() -> Rows:
    found = (
        ("sim-atlas", -0.5, -0.75, -0.25, 0.005, 0.01),
        ("sim-borealis", 0.125, -0.25, 0.5, 0.5, 1.0),
        ("sim-cobalt", 0.0, None, None, None, None),
    )
    of_week = {name: value for name, value in _of_window().items() if name != "window_name"}
    return [
        {
            **of_week,
            "target_id": target_id,
            "scenario_count": 12,
            "score_change": change,
            "score_change_ci95_lower": lower,
            "score_change_ci95_upper": upper,
            "p_value": p_value,
            "holm_p_value": holm,
            "compared_count": 2,
            "interval_method": "none" if p_value is None else "paired_t",
        }
        for target_id, change, lower, upper, p_value, holm in found
    ]


def _scenario_days() -> Rows:
    """Of borealis two days of the window were graded by an older scorer."""
    means = {"sim-atlas": 9.0, "sim-borealis": 7.0}
    return [
        {
            "target_id": target_id,
            "suite": "canary",
            "suite_version": 2,
            "scenario_id": scenario_id,
            "scenario_version": 1,
            "family": scenario_id.partition("/")[0],
            "score_date": NEWEST_HOUR.date() - DAY * age,
            "planned_count": 24,
            "answered_count": 24,
            "scored_count": 20 + age,
            "score_mean": 1.0 if is_old else mean + (age % 2 if (target_id, scenario_id) == VARYING else 0),
            "scorer_versions": "sql:1" if is_old else "sql:2",
            "is_simulated": True,
        }
        for target_id, mean in means.items()
        for scenario_id in ("bug-fixing/first", "sql/first")
        for age in range(10)
        for is_old in [target_id == "sim-borealis" and age in {5, 6}]
        if not (target_id == "sim-borealis" and scenario_id == "bug-fixing/first")
    ]


def _weeks() -> Rows:
    monday = date(2026, 11, 23)
    return [
        {
            "target_id": "sim-atlas",
            "suite": "canary",
            "suite_version": 2 if age == 0 else 1,
            "family": "all",
            "score_week": monday - 7 * DAY * age,
            "status": "measured",
            "reason": None,
            "planned_count": 2016,
            "answered_count": 2010,
            "scored_count": 2000,
            "scenario_count": 12,
            "measured_hour_count": 168,
            "planned_hour_count": 168,
            "score_mean": 8.0 + age / 4,
            "score_sd": 2.5,
            "score_ci95_lower": 7.0,
            "score_ci95_upper": 9.5,
            "scorer_versions": SCORERS,
            "is_simulated": True,
        }
        for age in range(4)
    ]


def _speeds(column: str, moments: list[Any]) -> Rows:
    times = {f"{name}_p{percent}_ms": base * percent for name, base in (("latency", 40.0), ("time_to_first_token", 8.0))
             for percent in (50, 90, 95, 99)}  # fmt: skip
    return [
        {
            "target_id": "sim-atlas",
            "suite": "canary",
            "suite_version": 2,
            column: moment,
            "answered_count": 12,
            "streamed_count": 11,
            **times,
            "output_speed_p50_tokens_per_s": 64.0,
            "is_simulated": True,
        }
        for moment in moments
    ]


def _reliability() -> Rows:
    return [
        {
            "target_id": "sim-atlas",
            "suite": "canary",
            "suite_version": 2,
            "benchmark_hour": NEWEST_HOUR - timedelta(hours=age),
            "planned_count": 12,
            "asked_count": 12,
            "answered_count": 9,
            "failed_count": 3,
            "first_try_count": 6,
            "retry_count": 4,
            "error_rate": 0.25,
            "first_try_rate": 0.5,
            "graded_count": 9,
            "refusal_count": 1,
            "truncated_count": 0,
            "format_ok_count": 8,
            "calls_by_outcome": json.dumps({"answered": 9, "overloaded": 3}),
            "is_simulated": True,
        }
        for age in range(48)
    ]


def _anomalies() -> Rows:
    evidence = [
        {
            "cause": "model",
            "kind": "served_model",
            "at": "2026-11-22T02:00:00+00:00",
            "before": ["atlas-2026-09"],
            "after": ["atlas-2026-11"],
        }
    ]
    scenario = {"scenario_id": "sql/first", "before": 9.5, "after": 5.0, "share": 0.75}
    return [
        _anomaly(QUALITY, "sim-atlas", "quality", "down", 30, responsible=[scenario], evidence=evidence, cause="model"),
        _anomaly(LATENCY, "sim-borealis", "latency", "down", 50, state="resolved", is_worse=False, severity="minor"),
        _anomaly(COST, "acme-ohm", "cost", "up", 400, state="accepted", severity="moderate", cause="price"),
    ]


def _anomaly(
    anomaly_id: UUID,
    target_id: str,
    metric: str,
    direction: str,
    age: int,
    *,
    state: str = "open",
    severity: str = "major",
    cause: str = "unknown",
    is_worse: bool = True,
    responsible: list[dict[str, Any]] | None = None,
    evidence: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    raised = NEWEST_HOUR - timedelta(hours=age)
    effect = -1.5 if anomaly_id == QUALITY else None
    return {
        "anomaly_id": anomaly_id,
        "revision": 2,
        "target_id": target_id,
        "suite": "canary",
        "suite_version": 2 if anomaly_id == QUALITY else None,
        "metric": metric,
        "direction": direction,
        "is_worse": is_worse,
        "state": state,
        "severity": severity,
        "is_final": True,
        "raised_hour": raised,
        "onset_hour": raised - timedelta(hours=6),
        "onset_earliest_hour": raised - timedelta(hours=7),
        "onset_latest_hour": raised - timedelta(hours=4),
        "resolved_hour": raised + timedelta(hours=20) if state == "resolved" else None,
        "accepted_hour": raised + timedelta(hours=168) if state == "accepted" else None,
        "before_value": 8.5,
        "before_ci95_lower": 8.25,
        "before_ci95_upper": 8.75,
        "after_value": 7.25,
        "after_ci95_lower": 7.0,
        "after_ci95_upper": 7.5,
        "before_answer_count": 2400 if anomaly_id == QUALITY else None,
        "after_answer_count": 48 if anomaly_id == QUALITY else None,
        "effect": -1.25,
        "effect_ci95_lower": -1.5,
        "effect_ci95_upper": -1.0,
        "detectable_effect": 0.25,
        "is_of_single_scenarios": False,
        "responsible_scenarios": json.dumps(responsible or []),
        "cause": cause,
        "evidence": json.dumps(evidence or []),
        "incident_id": INCIDENT if anomaly_id in {QUALITY, LATENCY} else None,
        "verdict": "inconclusive" if effect is None else "degraded",
        "confirming_answer_count": 0 if effect is None else 24,
        "confirming_effect": effect,
        "confirming_effect_ci95_lower": None if effect is None else effect - 0.5,
        "confirming_effect_ci95_upper": None if effect is None else effect + 0.5,
        "is_simulated": target_id.startswith("sim-"),
        "computed_at": END,
        "acknowledged_count": 1,
        "false_alarm_count": 0,
        "note_count": 0,
    }


def _streams() -> Rows:
    return [
        {
            "target_id": target_id,
            "suite": "canary",
            "metric": "quality",
            "status": status,
            "first_hour": NEWEST_HOUR - DAY * 90,
            "last_hour": NEWEST_HOUR,
            "launch_value": 8.5 if status == "watched" else None,
            "detectable_effect": 0.25 if status == "watched" else None,
            "is_simulated": True,
            "computed_at": END,
        }
        for target_id, status in (("sim-atlas", "watched"), ("sim-borealis", "insufficient_data"))
    ]


def _changes() -> Rows:
    served = ("served_model", {"served_model": ["atlas-2026-09"]}, {"served_model": ["atlas-2026-11"]})
    listed = ("listing", None, {"context_tokens": 200000})
    price = ("price", {"input_usd_per_mtok": 4}, {"input_usd_per_mtok": 3})
    found = (
        ("sim-atlas", served, "sim-atlas", NEWEST_HOUR - DAY),
        ("acme-ohm", price, "acme/ohm", datetime(2026, 10, 1, tzinfo=UTC)),
        ("acme-ohm", listed, "acme/ohm", datetime(2026, 10, 1, tzinfo=UTC)),
        ("acme-volt", listed, "acme/volt", datetime(2026, 9, 1, tzinfo=UTC)),
    )
    return [
        {
            "target_id": target_id,
            "kind": kind,
            "subject": subject,
            "effective_at": moment,
            "effective_hour": moment,
            "old_value": None if old is None else json.dumps(old),
            "new_value": json.dumps(new),
            "source": "the price list",
            "noticed_at": moment + timedelta(minutes=5),
            "is_simulated": target_id.startswith("sim-"),
        }
        for target_id, (kind, old, new), subject, moment in found
    ]


def _evidence() -> Rows:
    checks = [
        {"name": "in order", "weight": 1.0, "passed": True, "detail": None},
        {"name": "refunds are taken off", "weight": 3.0, "passed": False, "detail": "another result"},
    ]
    return [
        {
            "target_id": target_id,
            "scenario_id": "sql/first",
            "scenario_version": 1,
            "family": "sql",
            "benchmark_hour": NEWEST_HOUR,
            "answered_at": NEWEST_HOUR + timedelta(minutes=2),
            "score": score,
            "score_reason": None if score is not None else "the sandbox failed",
            "outcome": "wrong" if score is not None else "infrastructure",
            "is_refusal": False,
            "is_truncated": False,
            "is_format_ok": True,
            "scorer": "sql",
            "scorer_version": 2,
            "checks": json.dumps(checks) if score is not None else None,
            "sandbox_level": "namespaces",
            "wall_ms": 84.5,
            "peak_memory_kb": 41200,
            "latency_ms": 1840.5,
            "time_to_first_token_ms": 412.25,
            "cost_usd": "0.001834000",
            "input_tokens": 434,
            "output_tokens": 237,
            "is_simulated": True,
        }
        for target_id, score in (("sim-cobalt", None), ("sim-borealis", 2.5), ("sim-atlas", 7.5))
    ]


def _projections() -> Rows:
    found = (
        ("sim-atlas", "all", "0.002000000", 0.001, 0.003, 28),
        ("sim-atlas", "sql", "0.001000000", 0.0005, 0.0015, 28),
        ("sim-borealis", "all", "0.001000000", None, None, 10),
        ("acme-ohm", "sql", "0.004000000", 0.003, 0.005, 28),
    )
    return [
        {
            "target_id": target_id,
            "family": family,
            "horizon_day_count": days,
            "first_date": date(2026, 10, 26),
            "last_date": date(2026, 11, 22),
            "day_count": count,
            "answered_count": 1340,
            "cost_per_task_usd": cost,
            "cost_per_task_ci95_lower": lower,
            "cost_per_task_ci95_upper": upper,
            "input_tokens_per_task": 434.5,
            "output_tokens_per_task": 236.75,
            "suite_versions": "canary:2",
            "is_simulated": target_id.startswith("sim-"),
            "computed_at": END,
        }
        for target_id, family, cost, lower, upper, count in found
        for days in (1, 7, 30, 90)
    ]


def _reports() -> Rows:
    standing = {
        "target_id": "sim-atlas",
        "label": "Atlas",
        "is_simulated": True,
        "score_mean": 8.5,
        "score_ci95_lower": 7.25,
        "score_ci95_upper": 9.75,
        "scored_count": 287,
        "scenario_count": 12,
        "scorer_versions": SCORERS,
        "reason": None,
        "previous_score_mean": None,
        "move": None,
        "move_reason": "no_period_before",
    }
    counts = {
        "target_hour_count": 24,
        "planned_count": 288,
        "answered_count": 287,
        "failed_count": 1,
        "scored_count": 287,
    }
    coverage = counts | {"by_reason": [{"status": "measured", "reason": None, **counts}]}
    suite = {"suite": "canary", "suite_version": 2, "standings": [standing], "coverage": coverage}
    spend = {
        "target_id": "sim-atlas",
        "is_simulated": True,
        "asked_count": 288,
        "unknown_count": 0,
        "known_usd": 0.5,
        "cost_usd": 0.5,
        "reason": None,
    }
    late = {
        "benchmark_hour": "2026-11-22T04:00:00+00:00",
        "suite": "canary",
        "suite_version": 2,
        "target_ids": ["sim-atlas"],
    }
    change = {
        "kind": "served_model",
        "subject": "sim-atlas",
        "effective_at": "2026-11-22T20:00:00+00:00",
        "old_value": None,
        "new_value": {"served_model": ["atlas-2026-11"]},
        "source": "responses",
    }
    return [
        {
            "report_id": report_id,
            "kind": kind,
            "period_start": start,
            "period_end": start + DAY * days,
            "suite_versions": "canary:2",
            "as_of": start + DAY * days - timedelta(hours=1),
            "body": json.dumps(
                {
                    "kind": kind,
                    "period": report_id,
                    "is_complete": True,
                    "suites": [suite],
                    "late_hours": [late],
                    "spend": [spend],
                    "budgets": [{"target_id": "", "grain": "day", "spent_usd": 0.0, "limit_usd": None}],
                    "changes": [change],
                }
            ),
            "computed_at": start + DAY * days + timedelta(hours=1),
        }
        for report_id, kind, start, days in (
            ("2026-11-22", "daily", datetime(2026, 11, 22, tzinfo=UTC), 1),
            ("2026-11-16", "daily", datetime(2026, 11, 16, tzinfo=UTC), 1),
            ("2026-W47", "weekly", datetime(2026, 11, 16, tzinfo=UTC), 7),
        )
    ]
