"""A loopback HTTP server that speaks the API's JSON, for tests of what stands before the API.

Not here: the API. A contract test holds these answers against the API's own OpenAPI file.
"""

from __future__ import annotations

import json
import math
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.fake_accounts import PATHS, FakeAccount
from tests.support.fake_events import anomalies_of, anomaly_answer, changes_of
from tests.support.fake_methodology import METHODOLOGY
from tests.support.fake_prices import past_prices, projection
from tests.support.fake_scenarios import scenario_answer, scenarios, scenarios_of
from tests.support.fake_standings import comparison, recommendation, standings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPENAPI = json.loads((Path(__file__).resolve().parents[2] / "api" / "openapi.json").read_text(encoding="utf-8"))
Json = dict[str, Any]
OPERATOR_KEY = "aibaas_operator_key"
BASELINE, LAUNCH = 8.6, 8.9
"""The mean of the days before of every hour, and the level at launch."""
FAMILIES = ("bug-fixing", "code-generation", "code-review", "data-wrangling", "shell-config", "sql")
SIMULATED = {
    # label, score, half-width, cost, first token, latency, errors
    "sim-atlas": ("Atlas", 8.71, 0.62, 0.00412, 610.0, 4210.0, 0.002),
    "sim-borealis": ("Borealis", 8.44, 0.70, 0.00187, 380.0, 2650.0, 0.004),
    "sim-cobalt": ("Cobalt", 7.92, 0.81, 0.00093, 290.0, 1720.0, 0.011),
    "sim-dynamo": ("Dynamo", 7.08, 0.95, 0.00031, 210.0, 980.0, 0.006),
    "sim-ember": ("Ember", 6.15, 1.02, 0.00011, 170.0, 640.0, 0.057),
    "sim-flint": ("Flint", 4.36, 1.18, 0.000042, 120.0, 430.0, 0.021),
}


def newest_hour(now: datetime | None = None) -> datetime:
    return (now or datetime.now(UTC)).replace(minute=0, second=0, microsecond=0)


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parameters_of(path: str) -> set[str]:
    """The names of parameters that the API's OpenAPI file promises for a path."""
    for template, methods in OPENAPI["paths"].items():
        if "get" in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return {each["name"] for each in methods["get"].get("parameters", ())}
    return set()


def days_of(asked: dict[str, str]) -> int:
    """How far back parameters ask."""
    window = asked.get("window", "")
    return max(int(asked.get("days", "0")), int(window[:-1]) if window.endswith("d") else 0)


def model(target_id: str, label: str, **changes: Any) -> Json:
    return {
        "target_id": target_id,
        "label": label,
        "provider": "simulator",
        "model": target_id.removeprefix("sim-"),
        "host": "simulator",
        "quantisation": None,
        "reasoning_effort": None,
        "is_simulated": True,
        "is_open_weights": False,
        "lifecycle": "stable",
        "successor": None,
        "training_cutoff": None,
        "is_enabled": True,
        "disabled_reason": None,
        "first_answered_at": "2026-11-09T21:00:02Z",
        "last_answered_at": "2026-11-23T20:00:04Z",
        "input_usd_per_mtok": 3.0,
        "output_usd_per_mtok": 15.0,
        "price_valid_from": "2026-10-01T00:00:00Z",
        **changes,
    }


def entry(target_id: str, label: str, **changes: Any) -> Json:
    end = newest_hour() + timedelta(hours=1)
    cost = changes.get("cost_per_task_usd", 0.0018)
    return {
        "target_id": target_id,
        "label": label,
        "provider": "simulator",
        "model": target_id.removeprefix("sim-"),
        "host": "simulator",
        "quantisation": None,
        "reasoning_effort": None,
        "is_open_weights": False,
        "suite": "canary",
        "suite_version": 1,
        "family": "all",
        "window_name": "7d",
        "window_start": text(end - timedelta(days=7)),
        "window_end": text(end),
        "as_of": text(end),
        "score_mean": 8.0,
        "score_sd": 2.9,
        "score_ci95_lower": 7.2,
        "score_ci95_upper": 8.8,
        "score_suite_ci95_lower": 7.8,
        "score_suite_ci95_upper": 8.2,
        "rank_ci95_lower": 1,
        "rank_ci95_upper": 4,
        "ranked_count": 6,
        "scorer_versions": "function:5, sql:2",
        "asked_count": 2034,
        "response_count": 2016,
        "priced_count": 2016,
        "streamed_count": 2016,
        "scored_count": 1998,
        "solved_count": 1402,
        "scenario_count": 12,
        "measured_hour_count": 168,
        "cost_per_task_usd": 0.0018,
        "cost_per_task_ci95_lower": cost and round(cost * 17 / 18, 9),
        "cost_per_task_ci95_upper": cost and round(cost * 19 / 18, 9),
        "cost_per_solved_task_usd": 0.0026,
        "input_usd_per_mtok": 3.0,
        "output_usd_per_mtok": 15.0,
        "latency_p50_ms": 1840.5,
        "latency_p50_ci95_lower": 1802.0,
        "latency_p50_ci95_upper": 1881.5,
        "latency_p95_ms": 4120.0,
        "latency_p95_ci95_lower": 3980.5,
        "latency_p95_ci95_upper": 4310.0,
        "time_to_first_token_p50_ms": 412.0,
        "time_to_first_token_p50_ci95_lower": 404.5,
        "time_to_first_token_p50_ci95_upper": 420.0,
        "time_to_first_token_p95_ms": 980.5,
        "time_to_first_token_p95_ci95_lower": 941.0,
        "time_to_first_token_p95_ci95_upper": 1033.5,
        "attempt_count": 3,
        "pass_at_k_rate": 0.85,
        "pass_at_k_ci95_lower": 0.62,
        "pass_at_k_ci95_upper": 0.95,
        "pass_hat_k_rate": 0.54,
        "pass_hat_k_ci95_lower": 0.29,
        "pass_hat_k_ci95_upper": 0.77,
        "score_change_7d": -0.12,
        "score_change_7d_ci95_lower": -0.33,
        "score_change_7d_ci95_upper": 0.09,
        "score_change_7d_holm_p_value": 1.0,
        "is_score_change_7d_significant": False,
        "error_rate": 0.0089,
        "error_rate_ci95_lower": 0.0052,
        "error_rate_ci95_upper": 0.0152,
        "last_benchmark_hour": text(newest_hour()),
        "is_simulated": True,
        "is_preliminary": False,
        "sparkline": None,
        **changes,
    }


def unknown_entry(target_id: str, label: str, **changes: Any) -> Json:
    """A target about which nothing could be measured."""
    unknown = dict.fromkeys(
        (
            "score_mean",
            "score_sd",
            "score_ci95_lower",
            "score_ci95_upper",
            "score_suite_ci95_lower",
            "score_suite_ci95_upper",
            "rank_ci95_lower",
            "rank_ci95_upper",
            "ranked_count",
            "scorer_versions",
            "cost_per_task_usd",
            "cost_per_task_ci95_lower",
            "cost_per_task_ci95_upper",
            "cost_per_solved_task_usd",
            "latency_p50_ms",
            "latency_p50_ci95_lower",
            "latency_p50_ci95_upper",
            "latency_p95_ms",
            "latency_p95_ci95_lower",
            "latency_p95_ci95_upper",
            "time_to_first_token_p50_ms",
            "time_to_first_token_p50_ci95_lower",
            "time_to_first_token_p50_ci95_upper",
            "time_to_first_token_p95_ms",
            "time_to_first_token_p95_ci95_lower",
            "time_to_first_token_p95_ci95_upper",
            "attempt_count",
            "pass_at_k_rate",
            "pass_at_k_ci95_lower",
            "pass_at_k_ci95_upper",
            "pass_hat_k_rate",
            "pass_hat_k_ci95_lower",
            "pass_hat_k_ci95_upper",
            "score_change_7d",
            "score_change_7d_ci95_lower",
            "score_change_7d_ci95_upper",
            "score_change_7d_holm_p_value",
            "is_score_change_7d_significant",
            "error_rate_ci95_lower",
            "error_rate_ci95_upper",
            "last_benchmark_hour",
        )
    )
    counts = {
        **dict.fromkeys(("response_count", "priced_count", "streamed_count", "scored_count"), 0),
        **dict.fromkeys(("solved_count", "scenario_count", "measured_hour_count"), 0),
        "error_rate": 1.0,
        "is_preliminary": True,
    }
    return entry(target_id, label, **{**unknown, **counts, **changes})


def point(start: datetime, **changes: Any) -> Json:
    return {
        "period_start": text(start),
        "suite_version": 1,
        "status": "measured",
        "reason": None,
        "planned_count": 12,
        "answered_count": 12,
        "failed_count": 0,
        "scored_count": 12,
        "scenario_count": 12,
        "score_mean": 8.0,
        "score_sd": 2.9,
        "score_ci95_lower": 7.0,
        "score_ci95_upper": 9.0,
        "scorer_versions": "function:5, sql:2",
        "cost_usd": 0.022,
        "input_tokens": 5210,
        "output_tokens": 2840,
        "latency_p50_ms": 1790.0,
        "time_to_first_token_p50_ms": 405.0,
        "planned_hour_count": None,
        "measured_hour_count": None,
        "is_simulated": True,
        "percentiles": None,
        "reliability": None,
        "baseline_score_mean": None,
        **changes,
    }


def gap(start: datetime, reason: str, **changes: Any) -> Json:
    nothing = dict.fromkeys(
        (
            "score_mean",
            "score_sd",
            "score_ci95_lower",
            "score_ci95_upper",
            "scorer_versions",
            "cost_usd",
            "input_tokens",
            "output_tokens",
            "latency_p50_ms",
            "time_to_first_token_p50_ms",
        )
    )
    counts = {"answered_count": 0, "scored_count": 0, "scenario_count": 0}
    return point(start, **{**nothing, **counts, "status": "missing", "reason": reason, **changes})


def reliability_of(row: Json) -> Json:
    """What the calls of one hour came to."""
    answered, failed = row["answered_count"], row["failed_count"]
    asked = answered + failed
    return {
        "asked_count": asked,
        "failed_count": failed,
        "first_try_count": answered,
        "retry_count": failed,
        "error_rate": failed / asked if asked else None,
        "first_try_rate": answered / asked if asked else None,
        "graded_count": row["scored_count"],
        "refusal_count": 0,
        "truncated_count": 0,
        "format_ok_count": row["scored_count"],
    }


def percentiles_of(row: Json) -> Json | None:
    """How fast the answers of one hour were; the slow ones took twice as long."""
    if row["latency_p50_ms"] is None:
        return None
    found: Json = {"answered_count": row["answered_count"], "streamed_count": row["answered_count"]}
    for name in ("latency", "time_to_first_token"):
        middle = row[f"{name}_p50_ms"]
        found |= {f"{name}_p50_ms": middle, f"{name}_p90_ms": 1.8 * middle}
        found |= {f"{name}_p95_ms": 2 * middle, f"{name}_p99_ms": 2.5 * middle}
    return {**found, "output_speed_p50_tokens_per_s": 61.5}


def noise(seed: int) -> float:
    """A fixed sequence in -1..1 that looks irregular."""
    return math.sin(seed * 12.9898) * 0.6 + math.sin(seed * 78.233 + 1) * 0.4


def fortnight(score: float, half: float, *, end: datetime, days: int = 14) -> list[Json]:
    """Hours up to `end` with a drop by one point, an outage, a missing day part, two late hours and a lone hour."""
    hours: list[Json] = []
    count = days * 24
    for index in range(count):
        start = end - timedelta(hours=count - 1 - index)
        left = count - 1 - index
        mean = min(10.0, max(0.0, score + 0.35 * noise(index) - (1.0 if left < 100 else 0.0)))
        if 200 <= left < 209:
            hours.append(gap(start, "overloaded", failed_count=12))
        elif 60 <= left < 74 and left != 66:
            hours.append(gap(start, "not_answered"))
        else:
            late = {"status": "late", "reason": "late"} if left in {150, 151} else {}
            hours.append(
                point(
                    start,
                    score_mean=mean,
                    score_ci95_lower=max(0.0, mean - half - 0.2),
                    score_ci95_upper=min(10.0, mean + half + 0.2),
                    latency_p50_ms=1800 + 220 * noise(index + 7) + (500 if left < 40 else 0),
                    time_to_first_token_p50_ms=420 + 40 * noise(index + 3),
                    **late,
                )
            )
    return hours


def period_of(moment: str, granularity: str) -> str:
    """The midnight on which the day or the week of a moment begins."""
    day = datetime.fromisoformat(moment).replace(hour=0)
    return text(day if granularity == "day" else day - timedelta(days=day.weekday()))


def month() -> list[Json]:
    """Thirty days of means with three days that were not measured."""
    first = newest_hour() - timedelta(days=29)
    return [
        {
            "score_date": f"{first + timedelta(days=place):%Y-%m-%d}",
            "score_mean": None if 10 <= place < 13 else 8 + noise(place) / 2,
            "scored_count": 0 if 10 <= place < 13 else 288,
            "reason": "overloaded" if 10 <= place < 13 else None,
        }
        for place in range(30)
    ]


def day_of(midnight: str, hours: list[Json]) -> Json:
    """A day with the numbers of its last measured hour."""
    measured = [row for row in hours if row["status"] == "measured"]
    counts = {"planned_hour_count": len(hours), "measured_hour_count": len(measured)}
    return {**(measured or hours)[-1], "period_start": midnight, **counts}


def covered_hour(start: datetime, answered: int = 12, *, late: int = 0, planned: int = 12, reason: str | None) -> Json:
    return {
        "benchmark_hour": text(start),
        "planned_count": planned,
        "answered_count": answered,
        "late_count": late,
        "reason": reason,
    }


def covered_hours(target_id: str, hours: int, *, is_enabled: bool) -> list[Json]:
    """Hours up to the one before now; sim-borealis had an outage, sim-ember partial and late hours, all a pause."""
    found = []
    for back in range(hours, 0, -1):
        start = newest_hour() - timedelta(hours=back)
        if not is_enabled or back in {30, 31}:
            found.append(covered_hour(start, 0, planned=0, reason="not_planned"))
        elif target_id == "sim-borealis" and 9 <= back < 18:
            found.append(covered_hour(start, 0, reason="overloaded"))
        elif target_id == "sim-ember" and back % 5 == 0:
            found.append(covered_hour(start, 12 - back % 12, reason="timeout" if back % 12 else None))
        elif target_id == "sim-ember" and back == 22:
            found.append(covered_hour(start, 0, late=12, reason=None))
        else:
            found.append(covered_hour(start, reason=None))
    return found


def missing_by_reason(hours: list[Json]) -> list[Json]:
    counts: dict[str, int] = {}
    for hour in hours:
        if count := hour["planned_count"] - hour["answered_count"] - hour["late_count"]:
            counts[hour["reason"]] = counts.get(hour["reason"], 0) + count
    return [
        {"reason": reason, "call_count": count} for reason, count in sorted(counts.items(), key=lambda row: -row[1])
    ]


@dataclass
class FakeApi:
    """What the server answers from; tests change it while it runs."""

    entries: list[Json] = field(default_factory=list)
    models: list[Json] = field(default_factory=list)
    histories: dict[str, list[Json]] = field(default_factory=dict)
    anomalies: list[Json] = field(default_factory=list)
    scenarios: list[Json] = field(default_factory=list)
    changes: list[Json] = field(default_factory=list)
    families: tuple[str, ...] = FAMILIES
    account: FakeAccount = field(default_factory=FakeAccount)
    newest: datetime | None = None
    """The newest measured hour; without it the one before now."""
    open_days: int | None = None
    """How far back those who don't send OPERATOR_KEY may ask; None is everything."""
    delay_s: float = 0
    problem: tuple[int, Json] | None = None
    body: bytes | None = None
    requests: list[str] = field(default_factory=list)
    url: str = ""

    @classmethod
    def empty(cls) -> FakeApi:
        return cls(families=())

    @classmethod
    def demo(cls) -> FakeApi:
        """Six simulated models with 14 days of hours."""
        api = cls(scenarios=scenarios())
        for place, (target_id, numbers) in enumerate(SIMULATED.items()):
            label, score, half, cost, first_token, latency, errors = numbers
            api.models.append(
                model(target_id, label, input_usd_per_mtok=3 / 2**place, output_usd_per_mtok=15 / 2**place)
            )
            api.entries.append(
                entry(
                    target_id,
                    label,
                    score_mean=score,
                    score_ci95_lower=score - half,
                    score_ci95_upper=min(10.0, score + half),
                    cost_per_task_usd=cost,
                    time_to_first_token_p50_ms=first_token,
                    latency_p50_ms=latency,
                    error_rate=errors,
                    response_count=round(2016 * (1 - errors)),
                    scored_count=round(2016 * (1 - errors)),
                )
            )
            api.histories[target_id] = fortnight(score, half, end=newest_hour())
        return api

    @classmethod
    def of_many(cls, count: int) -> FakeApi:
        """As many real models, from four providers."""
        api = cls()
        for place in range(count):
            target_id, label = f"model-{place:03}", f"Model {place:03}"
            known = {"provider": f"provider-{place % 4}", "is_simulated": False}
            score = 9.4 - place * 8 / count
            api.models.append(model(target_id, label, host="cloud", **known))
            api.entries.append(
                entry(
                    target_id,
                    label,
                    score_mean=score,
                    score_ci95_lower=score - 0.5,
                    score_ci95_upper=score + 0.5,
                    **known,
                )
            )
            api.histories[target_id] = [point(newest_hour())]
        return api

    def answer(self, path: str, asked: dict[str, str], query: str = "", key: str = "") -> tuple[int, Json]:
        """Status and body for a request; `query` holds parameters that repeat. Unknown ones are refused."""
        self.requests.append(path)
        refusal = self.problem or self._too_far(asked, key)
        if refusal is not None:
            return refusal
        unknown = set(asked) - parameters_of(path)
        if unknown:
            return 422, {
                "title": "A parameter is not valid",
                "status": 422,
                "detail": f"{sorted(unknown)} are unknown.",
            }
        repeated = parse_qs(query)
        answers: dict[str, Callable[[dict[str, str]], Json]] = {
            "/v1/leaderboard": self._leaderboard,
            "/v1/providers": lambda asked: self._page(self._providers(), asked),
            "/v1/models": lambda asked: self._page(self.models, asked),
            "/v1/compare": lambda asked: self._comparison(repeated.get("target_id", []), asked),
            "/v1/recommendations": self._recommendation,
            "/v1/prices/history": lambda asked: self._page(past_prices(self.models, asked), asked),
            "/v1/costs/projection": lambda asked: self._projection(repeated, asked),
            "/v1/anomalies": lambda asked: self._page(self._anomalies(asked), asked),
            "/v1/changes": lambda asked: self._page(changes_of(self.changes, asked), asked),
            "/v1/scenarios": lambda asked: self._page(scenarios_of(self.scenarios, asked), asked),
            "/v1/methodology": lambda _: {"meta": {"as_of": None, "simulated": None}, "data": METHODOLOGY},
            "/v1/status": lambda _: self._status(),
            "/v1/coverage": self._covered,
            "/v1/coverage/calendar": self._calendar,
        }
        if path in answers:
            return 200, answers[path](asked)
        if path.startswith("/v1/anomalies/"):
            return anomaly_answer(self.anomalies, path.rpartition("/")[2])
        if path.startswith("/v1/scenarios/"):
            return scenario_answer(self.scenarios, self.models, path, asked)
        return self._of_model([unquote(part) for part in path.split("/")[3:]], asked, repeated.get("include", []))

    def _too_far(self, asked: dict[str, str], key: str) -> tuple[int, Json] | None:
        if self.open_days is None or key == OPERATOR_KEY or days_of(asked) <= self.open_days:
            return None
        return 403, {"title": "Not in tier", "status": 403, "detail": "Tier free has 7 days of history."}

    def _leaderboard(self, asked: dict[str, str]) -> Json:
        days = month() if asked.get("include") == "sparkline" else None
        return self._page(standings(self.entries, asked, days), asked)

    def _comparison(self, target_ids: list[str], asked: dict[str, str]) -> Json:
        data = comparison(self.entries, target_ids, asked.get("family", "all"))
        return {"meta": self._page(data["models"], asked)["meta"], "data": data}

    def _recommendation(self, asked: dict[str, str]) -> Json:
        data = recommendation(self.entries, asked)
        meta = self._page(data["recommended"], {"window": "30d", **asked})["meta"]
        return {"meta": meta, "data": data}

    def _projection(self, repeated: dict[str, list[str]], asked: dict[str, str]) -> Json:
        chosen = repeated.get("target_id", [row["target_id"] for row in self.entries])
        entries = [row for row in self.entries if row["target_id"] in chosen]
        return projection(entries, repeated["tasks"], int(asked.get("days_ahead", "30")))

    def _anomalies(self, asked: dict[str, str]) -> list[Json]:
        return anomalies_of(self.anomalies, asked)

    def _covered(self, asked: dict[str, str]) -> Json:
        hours = int(asked.get("hours", "48"))
        page = self._page([self._coverage(row, hours) for row in self.models], asked)
        span = {"first_hour": text(newest_hour() - timedelta(hours=hours)), "last_hour": text(newest_hour())}
        return {**page, "meta": {**page["meta"], **span}}

    def _calendar(self, asked: dict[str, str]) -> Json:
        """Whole days up to the hour before now; in the night of every Monday nothing was planned."""
        last = newest_hour() - timedelta(hours=1)
        first = last.replace(hour=0) - timedelta(days=int(asked.get("days", "7")) - 1)
        hours = [first + timedelta(hours=step) for step in range((last - first) // timedelta(hours=1) + 1)]
        data = [
            covered_hour(hour, 0, planned=0, reason="not_planned")
            if hour.weekday() == 0 and hour.hour < 4
            else covered_hour(hour, 72, planned=72, reason=None)
            for hour in hours
        ]
        meta = {"as_of": text(newest_hour()), "simulated": True, "first_hour": text(first), "last_hour": text(last)}
        return {"meta": meta, "data": data}

    def _of_model(self, parts: list[str], asked: dict[str, str], included: list[str]) -> tuple[int, Json]:
        found = next((row for row in self.models if parts and row["target_id"] == parts[0]), None)
        if found is None:
            detail = f"There is no model {parts[0] if parts else ''!r}."
            return 404, {
                "type": "/problems/unknown-model",
                "title": "There is no such model",
                "status": 404,
                "detail": detail,
            }
        meta = {"as_of": text(newest_hour()), "simulated": found["is_simulated"]}
        if parts[1:] == ["history"]:
            return 200, {
                "meta": {
                    **meta,
                    **self._span(found["target_id"], asked),
                    "launch_score_mean": LAUNCH if "baseline" in included else None,
                },
                "data": self._history(parts[0], asked, included),
            }
        scores = [
            {key: value for key, value in row.items() if key not in {"target_id", "label", "provider", "model", "host"}}
            | {"family": family}
            for row in self.entries
            if row["target_id"] == parts[0]
            for family in ("all", *self.families)
        ]
        return 200, {"meta": meta, "data": {**found, "scores": scores}}

    def _span(self, target_id: str, asked: dict[str, str]) -> Json:
        return {
            "target_id": target_id,
            "granularity": asked.get("granularity", "hour"),
            "suite": asked.get("suite", "canary"),
            "suite_versions": [1],
            "family": asked.get("family", "all"),
            "window_start": text(newest_hour() - timedelta(days=int(asked.get("days", "7")))),
            "window_end": text(newest_hour()),
        }

    def _history(self, target_id: str, asked: dict[str, str], included: list[str]) -> list[Json]:
        hours = self.histories.get(target_id, [])[-24 * int(asked.get("days", "7")) :]
        if "reliability" in included:
            hours = [{**row, "reliability": reliability_of(row)} for row in hours]
        if "percentiles" in included:
            hours = [{**row, "percentiles": percentiles_of(row)} for row in hours]
        if "baseline" in included:
            hours = [{**row, "baseline_score_mean": BASELINE} for row in hours]
        if asked.get("granularity", "hour") == "hour":
            return hours
        days: dict[str, list[Json]] = {}
        for row in hours:
            days.setdefault(period_of(row["period_start"], asked["granularity"]), []).append(row)
        return [day_of(midnight, rows) for midnight, rows in days.items()]

    def _coverage(self, row: Json, hours: int) -> Json:
        known = ("target_id", "label", "provider", "is_simulated", "is_enabled", "disabled_reason")
        covered = covered_hours(row["target_id"], hours, is_enabled=row["is_enabled"])
        return {**{name: row[name] for name in known}, "hours": covered, "missing": missing_by_reason(covered)}

    def _status(self) -> Json:
        covered = [self._coverage(row, 24) for row in self.models]
        answered = sum(hour["answered_count"] for row in covered for hour in row["hours"])
        late = sum(hour["late_count"] for row in covered for hour in row["hours"])
        missing = missing_by_reason([hour for row in covered for hour in row["hours"]])
        ends = [
            ("answered", None, answered),
            ("late", None, late),
            *(("missing", each["reason"], each["call_count"]) for each in missing),
        ]
        kinds = sorted({row["is_simulated"] for row in self.models})
        return {
            "meta": {"as_of": text(newest_hour()), "simulated": None if not kinds else kinds[-1]},
            "data": {
                "newest_benchmark_hour": text(self.newest or newest_hour() - timedelta(hours=1))
                if self.models
                else None,
                "newest_benchmark_hour_age_s": 3700 if self.models else None,
                "model_count": len(self.models),
                "enabled_model_count": sum(row["is_enabled"] for row in self.models),
                "hours": 24,
                "outcomes": [
                    {
                        "outcome": outcome,
                        "reason": reason,
                        "call_count": count,
                        "scored_count": count if outcome == "answered" else 0,
                    }
                    for outcome, reason, count in ends
                    if count
                ],
                "spending": [
                    {
                        "period": period,
                        "period_start": text(newest_hour())[:8]
                        + ("01" if period == "month" else text(newest_hour())[8:10]),
                        "simulated": is_simulated,
                        "cost_usd": cost,
                        "unknown_model_count": 0,
                    }
                    for period, cost in (("day", 1.284031), ("month", 31.75))
                    for is_simulated in kinds
                ],
                "budgets": [
                    {
                        "model_id": None,
                        "label": None,
                        "period": period,
                        "period_started_at": text(newest_hour()),
                        "limit_usd": limit,
                        "spent_usd": spent,
                        "simulated": False,
                    }
                    for period, spent, limit in (("day", 1.284031, 5.0), ("month", 31.75, 100.0))
                    if False in kinds
                ],
                "runs": [self._run("run_hourly_benchmark_job", "success"), self._run("retention_job", "failure")],
            },
        }

    def _run(self, job: str, status: str) -> Json:
        hour = text(newest_hour()) if "hourly" in job else None
        return {
            "run_id": f"of-{job}",
            "job": job,
            "first_benchmark_hour": hour,
            "last_benchmark_hour": hour,
            "status": status,
            "requested_at": text(newest_hour() + timedelta(minutes=5)),
            "started_at": text(newest_hour() + timedelta(minutes=5)),
            "ended_at": text(newest_hour() + timedelta(minutes=8)),
            "seen_at": text(newest_hour() + timedelta(minutes=25)),
        }

    def _providers(self) -> list[Json]:
        names = sorted({row["provider"] for row in self.models})
        return [
            {
                "provider": name,
                "model_count": sum(row["provider"] == name for row in self.models),
                "enabled_model_count": sum(row["provider"] == name for row in self.models),
                "simulated": all(row["is_simulated"] for row in self.models if row["provider"] == name),
                "first_answered_at": "2026-11-09T21:00:01Z",
                "last_answered_at": "2026-11-23T20:00:05Z",
            }
            for name in names
        ]

    def _page(self, rows: list[Json], asked: dict[str, str]) -> Json:
        limit, start = int(asked.get("limit", "50")), int(asked.get("cursor", "0"))
        page = rows[start : start + limit]
        end = newest_hour() + timedelta(hours=1)
        meta = {
            "as_of": text(end) if self.entries else None,
            "simulated": None if not rows else all(row.get("is_simulated", True) for row in rows),
            "suite": "canary",
            "suite_version": 1 if self.entries else None,
            "family": asked.get("family", "all"),
            "window_name": asked.get("window", "7d"),
            "window_start": text(end - timedelta(days=7)) if self.entries else None,
            "window_end": text(end) if self.entries else None,
        }
        return {"meta": meta, "data": page, "next_cursor": str(start + limit) if start + limit < len(rows) else None}


def awkward(api: FakeApi) -> FakeApi:
    """`api` with a real model of a long name with markup, one without interval and price, two without any answer."""
    name = "Claude <b>Sonnet</b> 4.5 & a very long name for one model"
    real = {"is_simulated": False, "label": name, "provider": "anthropic"}
    api.entries[1] |= real
    api.models[1] |= real | {
        "host": "bedrock",
        "is_enabled": False,
        "disabled_reason": "ANTHROPIC_API_KEY is not set",
        "reasoning_effort": "high",
        "input_usd_per_mtok": None,
    }
    api.entries[2] |= {
        "score_ci95_lower": None,
        "score_ci95_upper": None,
        "scenario_count": 1,
        "cost_per_task_usd": None,
        "is_preliminary": True,
    }
    other = {"provider": "openai", "is_simulated": False}
    api.entries.append(unknown_entry("gpt-x", "GPT-X", **other))
    api.entries.append(unknown_entry("gpt-y", "GPT-Y", error_rate=None, **other))
    for row in api.histories["sim-borealis"][300:]:
        row["suite_version"] = 2
    return api


@contextmanager
def serving(api: FakeApi) -> Iterator[FakeApi]:
    """`api` behind a free port of the loopback address for as long as the block runs."""

    class Request(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if api.delay_s:
                time.sleep(api.delay_s)
            split = urlsplit(self.path)
            asked = {name: values[-1] for name, values in parse_qs(split.query).items()}
            if split.path.startswith(PATHS):
                self._change()
            else:
                key = self.headers.get("Authorization", "").removeprefix("Bearer ")
                self._say(*api.answer(split.path, asked, split.query, key))

        def _change(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            body = json.loads(self.rfile.read(length) or b"{}")
            key = self.headers.get("Authorization", "")
            self._say(*api.account.answer(self.command, urlsplit(self.path).path, key, body))

        do_POST = do_PUT = do_DELETE = _change  # noqa: N815 - http.server's own spelling

        def _say(self, status: int, answer: Json) -> None:
            body = json.dumps(answer).encode() if api.body is None else api.body
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except BrokenPipeError:
                return

        def log_message(self, *_: object) -> None:
            """Nothing: tests read `api.requests`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
