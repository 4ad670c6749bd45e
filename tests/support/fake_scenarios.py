"""The API's answers about scenarios, for the tests' own server.

Not here: the server (fake_api).
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
FAMILIES = ("bug-fixing", "code-generation", "code-review", "data-wrangling", "shell-config", "sql")
PROMPT = {"public_prompt": "Sum it up <b>per month</b> in `SQL`", "public_prompt_length": 35}
DIFFICULTIES = ("easy", "medium", "hard")


def scenarios() -> list[Json]:
    """Two of each family; the second ones are in the full suite only."""
    return [_scenario(family, place) for family in FAMILIES for place in range(2)]


def scenarios_of(rows: list[Json], asked: dict[str, str]) -> list[Json]:
    equal = {name: asked[name] for name in ("family", "difficulty", "language") if name in asked}
    suite = asked.get("suite")
    return [
        row
        for row in rows
        if all(row[name] == value for name, value in equal.items()) and (suite is None or suite in row["suites"])
    ]


def scenario_answer(rows: list[Json], models: list[Json], path: str, asked: dict[str, str]) -> tuple[int, Json]:
    """One scenario with how three models answered it: wholly, in part, and not to be graded."""
    found = next((row for row in rows if f"/v1/scenarios/{row['scenario_id']}" == path), None)
    if found is None:
        detail = f"There is no scenario at {path}."
        return 404, {"title": "There is no such scenario", "status": 404, "detail": detail}
    shown = [model for model in models if asked.get("target_id", model["target_id"]) == model["target_id"]]
    evidence = [_evidence(model, score) for model, score in zip(shown, (10.0, 2.5, None), strict=False)]
    return 200, {
        "meta": {"as_of": "2026-11-23T20:07:30Z", "simulated": True},
        "data": {**found, **PROMPT, "evidence": evidence},
    }


def _scenario(family: str, place: int) -> Json:
    return {
        "scenario_id": f"{family}/task-{place + 1}",
        "scenario_version": place + 1,
        "family": family,
        "difficulty": DIFFICULTIES[place],
        "language": "sql" if family == "sql" else "python",
        "title": f"Task {place + 1} of {family}",
        "licence": "Apache-2.0",
        "created_on": "2026-10-05",
        "suites": ["canary", "core", "full"] if place == 0 else ["full"],
    }


def _evidence(model: Json, score: float | None) -> Json:
    checks = [
        {"name": "in <b>order</b>", "weight": 1.0, "passed": True, "detail": None},
        {
            "name": "refunds are taken off",
            "weight": 3.0,
            "passed": score == 10.0,
            "detail": None if score == 10.0 else "another result",
        },
    ]
    return {
        **{name: model[name] for name in ("target_id", "label", "provider", "is_simulated")},
        "scenario_version": 1,
        "benchmark_hour": "2026-11-23T20:00:00Z",
        "answered_at": "2026-11-23T20:02:00Z",
        "score": score,
        "score_reason": None if score is not None else "the sandbox failed",
        "outcome": {10.0: "ok", 2.5: "wrong"}.get(score or 0, "infrastructure"),
        "is_refusal": False,
        "is_truncated": score == 2.5,
        "is_format_ok": True,
        "scorer": "sql",
        "scorer_version": 2,
        "checks": checks if score is not None else None,
        "sandbox_level": "namespaces",
        "wall_ms": 84.5,
        "peak_memory_kb": 41200,
        "latency_ms": 1840.5,
        "time_to_first_token_ms": 412.25,
        "cost_usd": 0.001834,
        "input_tokens": 434,
        "output_tokens": 237,
    }
