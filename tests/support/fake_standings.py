"""Answers of the API about standings beside each other, made from the rows of the tests' own server.

Not here: the server (fake_api).
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

Json = dict[str, Any]
NO_INTERVAL: Json = {"score_ci95_lower": None, "score_ci95_upper": None}
SCENARIOS = (
    ("sql/top-customers", "sql", "Top customers", "easy"),
    ("sql/gaps-in-series", "sql", "Gaps in a series", "hard"),
    ("bug-fixing/off-by-one", "bug-fixing", "Off by one", "medium"),
    ("code-review/leaky-handle", "code-review", "A leaky handle", "hard"),
)
CEILINGS = ("max_cost_per_task_usd", "max_input_usd_per_mtok", "max_output_usd_per_mtok", "max_error_rate")
COMPARED = (
    "target_id",
    "label",
    "provider",
    "is_simulated",
    "score_mean",
    "score_ci95_lower",
    "score_ci95_upper",
    "score_suite_ci95_lower",
    "score_suite_ci95_upper",
    "rank_ci95_lower",
    "rank_ci95_upper",
    "ranked_count",
    "asked_count",
    "response_count",
    "priced_count",
    "streamed_count",
    "scored_count",
    "scenario_count",
    "cost_per_task_usd",
    "cost_per_task_ci95_lower",
    "cost_per_task_ci95_upper",
    "latency_p50_ms",
    "latency_p50_ci95_lower",
    "latency_p50_ci95_upper",
    "time_to_first_token_p50_ms",
    "time_to_first_token_p50_ci95_lower",
    "time_to_first_token_p50_ci95_upper",
    "error_rate",
    "error_rate_ci95_lower",
    "error_rate_ci95_upper",
    "is_preliminary",
)
RECOMMENDED = (
    *(name for name in COMPARED if not name.startswith(("score_suite", "rank"))),
    "cost_per_solved_task_usd",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "latency_p95_ms",
    "latency_p95_ci95_lower",
    "latency_p95_ci95_upper",
    "time_to_first_token_p95_ms",
    "time_to_first_token_p95_ci95_lower",
    "time_to_first_token_p95_ci95_upper",
)


def standings(entries: list[Json], asked: dict[str, str], days: list[Json] | None) -> list[Json]:
    """Entries that the filters leave, in the order of `sort`, unknown last."""
    left = [row for row in entries if _fits(row, asked)]
    sort = asked.get("sort", "-score_mean")
    column, sign = sort.removeprefix("-"), -1 if sort.startswith("-") else 1
    left.sort(key=lambda row: (row[column] is None, sign * (row[column] or 0)))
    family = asked.get("family", "all")
    return [{**row, "family": family, "suite": asked.get("suite", "canary"), "sparkline": days} for row in left]


def _fits(row: Json, asked: dict[str, str]) -> bool:
    return (
        row["provider"] == asked.get("provider", row["provider"])
        and asked.get("simulated", "any") in {"any", str(row["is_simulated"]).lower()}
        and asked.get("open_weights", "any") in {"any", str(row["is_open_weights"]).lower()}
        and asked.get("effort") in {None, row["reasoning_effort"] or "default"}
        and all(_is_below(row[name.removeprefix("max_")], asked.get(name)) for name in CEILINGS)
    )


def _is_below(value: float | None, ceiling: str | None) -> bool:
    return ceiling is None or (value is not None and value <= float(ceiling))


def comparison(entries: list[Json], target_ids: list[str], family: str) -> Json:
    chosen = [next(row for row in entries if row["target_id"] == target_id) for target_id in target_ids]
    best = max(chosen, key=lambda row: row["score_mean"] or 0)
    return {
        "verdict": f"{best['label']} scores higher than every other one of these {len(chosen)} models.",
        "models": [{name: row[name] for name in COMPARED} for row in chosen],
        "pairs": [_pair(*pair) for pair in combinations(sorted(chosen, key=lambda row: row["target_id"]), 2)],
        "scenarios": [_scenario(place, chosen) for place, of in enumerate(SCENARIOS) if family in {"all", of[1]}],
    }


def _pair(one: Json, other: Json) -> Json:
    known = {"target_id": one["target_id"], "other_target_id": other["target_id"], "scorer_versions": "exact 1"}
    if one["score_mean"] is None or other["score_mean"] is None:
        nothing = dict.fromkeys(
            (
                "score_difference",
                "score_difference_ci95_lower",
                "score_difference_ci95_upper",
                "p_value",
                "holm_p_value",
                "compared_count",
                "interval_method",
            )
        )
        return {**known, **nothing, "outcome": "not_compared", "reason": "no_common_scenario", "scenario_count": 0}
    difference = one["score_mean"] - other["score_mean"]
    is_clear = abs(difference) > 0.6
    return {
        **known,
        "outcome": ("higher" if difference > 0 else "lower") if is_clear else "not_told_apart",
        "reason": None,
        "scenario_count": 12,
        "score_difference": difference,
        "score_difference_ci95_lower": difference - 0.6,
        "score_difference_ci95_upper": difference + 0.6,
        "p_value": 0.001 if is_clear else 0.4,
        "holm_p_value": 0.004 if is_clear else 1.0,
        "compared_count": 5,
        "interval_method": "t",
    }


def _scenario(place: int, chosen: list[Json]) -> Json:
    scenario_id, family, title, difficulty = SCENARIOS[place]
    return {
        "scenario_id": scenario_id,
        "scenario_version": 1,
        "family": family,
        "title": title,
        "difficulty": difficulty,
        "scores": [
            {
                "target_id": row["target_id"],
                "score_mean": (mean := max(0.0, min(10.0, row["score_mean"] + 2.0 - 2 * place))),
                **(
                    {"score_ci95_lower": mean - 0.5, "score_ci95_upper": min(10.0, mean + 0.5)}
                    if place
                    else NO_INTERVAL
                ),
                "scored_count": 168,
            }
            if row["score_mean"] is not None
            else {"target_id": row["target_id"], "score_mean": None, "scored_count": 0, **NO_INTERVAL}
            for row in chosen
        ],
    }


def recommendation(entries: list[Json], asked: dict[str, str]) -> Json:
    scored = [row for row in entries if row["score_mean"] is not None]
    fitting = [row for row in scored if _fits(row, {**asked, "simulated": "any"})]
    fitting = [row for row in fitting if row["score_mean"] >= float(asked.get("min_score_mean", "0"))]
    fitting = fitting[: int(asked.get("limit", "5"))]
    left_out = [row for row in entries if row not in fitting]
    said = (
        f"Take {fitting[0]['label']}: it has the highest mean." if fitting else "No measured model fits these limits."
    )
    return {
        "verdict": said,
        "recommended": [_recommended(place, row, fitting[0]) for place, row in enumerate(fitting, start=1)],
        "excluded": [
            {
                **{name: row[name] for name in ("target_id", "label", "provider", "is_simulated")},
                "reasons": [
                    {
                        "constraint": "max_cost_per_task_usd",
                        "limit": 0.001,
                        "value": row["cost_per_task_usd"],
                        "detail": f"cost_per_task_usd is {row['cost_per_task_usd']}",
                    }
                ],
            }
            for row in left_out
        ],
    }


def _recommended(place: int, row: Json, best: Json) -> Json:
    difference = None if place == 1 else row["score_mean"] - best["score_mean"]
    return {
        **{name: row[name] for name in RECOMMENDED if name != "ranked_count"},
        "place": place,
        "role": "choice" if place == 1 else "fallback",
        "group": 1 if place < 3 else 2,
        "is_other_provider": row["provider"] != best["provider"],
        "reasons": ["the highest mean of those that fit"] if place == 1 else [f"scores below {best['label']}"],
        "score_difference_to_best": difference,
        "score_difference_to_best_ci95_lower": None if difference is None else difference - 0.4,
        "score_difference_to_best_ci95_upper": None if difference is None else difference + 0.4,
    }
