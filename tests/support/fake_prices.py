"""Answers of the API about prices and projected costs, made from the rows of the tests' own server.

Not here: the server (fake_api).
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def past_prices(models: list[Json], asked: dict[str, str]) -> list[Json]:
    """Two prices of every model that has one, the newer first: input became a fifth cheaper."""
    priced = [row for row in models if row["input_usd_per_mtok"] is not None]
    chosen = [row for row in priced if row["target_id"] == asked.get("target_id", row["target_id"])]
    return [_price(row, is_newer=is_newer) for row in chosen for is_newer in (True, False)]


def _price(row: Json, *, is_newer: bool) -> Json:
    factor = 1.0 if is_newer else 1.25
    start, change = "2026-10-01T00:00:00Z", "2026-11-14T00:00:00Z"
    return {
        "price_id": f"{row['target_id']}-{1 + is_newer}",
        "provider": row["provider"],
        "model": row["model"],
        "valid_from": change if is_newer else start,
        "valid_to": None if is_newer else change,
        "input_usd_per_mtok": row["input_usd_per_mtok"] * factor,
        "output_usd_per_mtok": row["output_usd_per_mtok"],
        "cached_input_usd_per_mtok": None,
        "cache_write_usd_per_mtok": None,
        "reasoning_usd_per_mtok": None,
        "tiers": [],
        "source": "https://prices.example/list",
        "checked_on": "2026-11-20",
        "target_ids": [row["target_id"]],
        "is_simulated": row["is_simulated"],
        "input_price_ratio": 0.8 if is_newer else None,
        "output_price_ratio": 1.0 if is_newer else None,
    }


def projection(entries: list[Json], tasks: list[str], days: int) -> Json:
    """What the load costs by each entry's mean cost; without one it is unknown."""
    load = {family: float(count) for family, _, count in (task.rpartition(":") for task in tasks)}
    rows = [_cost(row, load, days) for row in entries]
    return {
        "meta": {
            "as_of": entries[0]["as_of"] if entries else None,
            "simulated": all(row["is_simulated"] for row in entries) if entries else None,
            "days": days,
            "tasks_per_day": sum(load.values()),
            "tasks": [{"family": family, "tasks_per_day": count} for family, count in load.items()],
        },
        "data": sorted(rows, key=lambda row: (row["cost_usd"] is None, row["cost_usd"] or 0)),
    }


def _cost(row: Json, load: dict[str, float], days: int) -> Json:
    each = row["cost_per_task_usd"]
    total = None if each is None else each * days * sum(load.values())
    return {
        **{name: row[name] for name in ("target_id", "label", "provider", "is_simulated")},
        "cost_usd": total,
        "cost_ci95_lower": None if total is None else total * 0.9,
        "cost_ci95_upper": None if total is None else total * 1.15,
        "reason": "not_measured" if total is None else None,
        "families": [_family_cost(family, count, each, days) for family, count in load.items()],
    }


def _family_cost(family: str, count: float, each: float | None, days: int) -> Json:
    is_known = each is not None
    return {
        "family": family,
        "tasks_per_day": count,
        "basis": "measured" if is_known else "unknown",
        "reason": None if is_known else "not_measured",
        "cost_usd": each * count * days if each is not None else None,
        "cost_ci95_lower": each * count * days * 0.9 if each is not None else None,
        "cost_ci95_upper": each * count * days * 1.15 if each is not None else None,
        "cost_per_task_usd": each,
        "cost_per_task_ci95_lower": each * 0.9 if each is not None else None,
        "cost_per_task_ci95_upper": each * 1.15 if each is not None else None,
        "input_tokens_per_task": 434.2 if is_known else None,
        "output_tokens_per_task": 236.7 if is_known else None,
        "suite_versions": "canary:1" if is_known else None,
        "day_count": 14 if is_known else None,
        "answered_count": 2003 if is_known else None,
        "first_date": "2026-11-09" if is_known else None,
        "last_date": "2026-11-23" if is_known else None,
    }
