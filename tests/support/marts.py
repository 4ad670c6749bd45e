"""Mart tables as the dbt project's yml declares them, filled with a small known world.

Not here: the building of marts by dbt.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from psycopg import sql

from tests.support.other_marts import NEWEST_HOUR, rows_by_mart

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

MARTS_DIR = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "marts"

AS_OF = datetime(2026, 11, 23, 20, 7, 30, tzinfo=UTC)
HISTORY_DAYS = 100
WINDOW_DAYS = {"24h": 1, "7d": 7, "30d": 30, "90d": 90}
FAMILIES = ("all", "bug-fixing", "sql")
GAPS = {3: ("missing", "overloaded"), 5: ("missing", "not_planned"), 7: ("late", "late")}
"""Hours before the newest one that were not measured, for sim-atlas."""

SCORE_MEANS: dict[str, float | None] = {
    "sim-atlas": 8.25, "sim-borealis": 6.5, "sim-cobalt": 6.5, "acme-ohm": 7.125, "acme-volt": None,
}  # fmt: skip
"""Targets with a row in the leaderboard: two are equal, one was never scored. acme-idle has none."""
TARGETS = (*SCORE_MEANS, "acme-idle")
_versions = itertools.count(1_764_000_000_000_000, 1_000_000)
SOLVED_COSTS = {
    "sim-atlas": "0.004000000", "sim-borealis": "0.003000000", "sim-cobalt": "0.002000000", "acme-ohm": "0.008000000",
}  # fmt: skip


@cache
def mart_columns() -> dict[str, dict[str, str]]:
    """Column to data type of every mart, read from the models' yml."""
    return {
        model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
        for file in sorted(MARTS_DIR.rglob("_*__models.yml"))
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    }


def create_marts(connection: psycopg.Connection[Any]) -> None:
    """Empty mart tables that the role of the API may read."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS marts")
    connection.execute("GRANT USAGE ON SCHEMA marts TO aibaas_api")
    for mart, columns in mart_columns().items():
        declared = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(data_type)) for name, data_type in columns.items()
        )
        table = sql.Identifier("marts", mart)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, declared))
        connection.execute(sql.SQL("GRANT SELECT ON {} TO aibaas_api").format(table))


def fill_marts(connection: psycopg.Connection[Any]) -> None:
    """The small known world: five measured targets of two providers, one of them simulated, and two suite versions.
    It is published, as a build does it.
    """
    insert_rows(connection, "dim_targets", map(_target, TARGETS))
    insert_rows(connection, "dim_scenarios", map(_scenario, FAMILIES[1:]))
    insert_rows(connection, "fct_leaderboard", _standings())
    insert_rows(connection, "fct_scores_hourly", _hours())
    insert_rows(connection, "fct_scores_daily", _days())
    for mart, rows in rows_by_mart().items():
        insert_rows(connection, mart, iter(rows))
    publish(connection)


def publish(connection: psycopg.Connection[Any], mart: str = "fct_leaderboard") -> None:
    """What the post hook of a mart does: raises its version and tells who listens."""
    noted = connection.execute(
        "UPDATE marts.fct_publications SET version = version + 1, published_at = now() WHERE mart_name = %s", [mart]
    )
    if noted.rowcount == 0:
        row = {"mart_name": mart, "version": next(_versions), "published_at": AS_OF}
        insert_rows(connection, "fct_publications", iter([row]))
    connection.execute("SELECT pg_notify('aibaas_marts', '')")


def insert_rows(connection: psycopg.Connection[Any], mart: str, rows: Iterator[dict[str, Any]]) -> None:
    """Copies rows of equal keys into a mart; a column that they do not name stays null."""
    first = next(rows)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("marts", mart), sql.SQL(", ").join(map(sql.Identifier, first))
    )
    with connection.cursor().copy(statement) as copy:
        copy.write_row(list(first.values()))
        for row in rows:
            copy.write_row(list(row.values()))


def _target(target_id: str) -> dict[str, Any]:
    is_simulated = target_id.startswith("sim-")
    is_idle = target_id == "acme-idle"
    return {
        "target_id": target_id,
        "label": target_id.partition("-")[2].title(),
        "provider": "simulator" if is_simulated else "acme",
        "model": target_id.partition("-")[2],
        "host": "simulator" if is_simulated else "acme",
        "quantisation": None,
        "reasoning_effort": None if is_simulated else "high",
        "is_simulated": is_simulated,
        "is_open_weights": target_id == "sim-cobalt",
        "lifecycle": "deprecated" if is_idle else "stable",
        "successor": "acme-ohm" if is_idle else None,
        "training_cutoff": None if is_simulated else date(2026, 1, 31),
        "is_enabled": not is_idle,
        "disabled_reason": "ACME_API_KEY is not set" if is_idle else None,
        "first_answered_at": None if is_idle else NEWEST_HOUR - timedelta(days=HISTORY_DAYS),
        "last_answered_at": None if is_idle else AS_OF,
        "input_usd_per_mtok": None if target_id == "acme-volt" else "3.000000000",
        "output_usd_per_mtok": None if target_id == "acme-volt" else "15.000000000",
        "price_valid_from": None if target_id == "acme-volt" else datetime(2026, 10, 1, tzinfo=UTC),
    }


def _scenario(family: str) -> dict[str, Any]:
    return {
        "scenario_id": f"{family}/first",
        "scenario_version": 1,
        "family": family,
        "difficulty": "easy",
        "language": "python",
        "title": "The first",
        "licence": "MIT",
        "created_on": date(2026, 11, 1),
        "public_prompt": "What did <b>each</b> month bring?" if family == "sql" else None,
        "public_prompt_length": 50_000 if family == "sql" else None,
        "is_current": True,
    }


def _standings() -> Iterator[dict[str, Any]]:
    for target_id, score_mean in SCORE_MEANS.items():
        for family in FAMILIES:
            for window_name in WINDOW_DAYS:
                yield _standing(target_id, 2, family, window_name, score_mean)
                yield _standing(target_id, 1, family, window_name, 1.0)


def _standing(
    target_id: str, suite_version: int, family: str, window_name: str, score_mean: float | None
) -> dict[str, Any]:
    end = NEWEST_HOUR + timedelta(hours=1)
    return {
        "target_id": target_id,
        "suite": "canary",
        "suite_version": suite_version,
        "family": family,
        "window_name": window_name,
        "window_start": end - timedelta(days=WINDOW_DAYS[window_name]),
        "window_end": end,
        "as_of": AS_OF,
        **_interval(score_mean),
        "score_suite_ci95_lower": None if score_mean is None else score_mean - 0.25,
        "score_suite_ci95_upper": None if score_mean is None else score_mean + 0.25,
        "rank_ci95_lower": 1 if target_id == "sim-atlas" else None,
        "rank_ci95_upper": 2 if target_id == "sim-atlas" else None,
        "ranked_count": 3 if target_id == "sim-atlas" else None,
        "scorer_versions": None if score_mean is None else "function:5, sql:2",
        "asked_count": 2010,
        "response_count": 2000,
        "priced_count": 0 if target_id == "acme-volt" else 2000,
        "streamed_count": 1996,
        "solved_count": 0 if score_mean is None else 995,
        "measured_hour_count": 0 if score_mean is None else 150,
        "scored_count": 0 if score_mean is None else 1990,
        "scenario_count": 0 if score_mean is None else 12,
        "cost_per_task_usd": None if target_id == "acme-volt" else "0.001834000",
        "cost_per_task_ci95_lower": None if target_id == "acme-volt" else 0.0018,
        "cost_per_task_ci95_upper": None if target_id == "acme-volt" else 0.0019,
        "cost_per_solved_task_usd": None if score_mean is None else SOLVED_COSTS.get(target_id),
        "latency_p50_ms": 1840.5,
        "latency_p50_ci95_lower": 1810.5,
        "latency_p50_ci95_upper": 1870.0,
        "latency_p95_ms": 4096.5,
        "latency_p95_ci95_lower": 3900.25,
        "latency_p95_ci95_upper": 4400.0,
        "time_to_first_token_p50_ms": 412.25,
        "time_to_first_token_p50_ci95_lower": 400.5,
        "time_to_first_token_p50_ci95_upper": 424.0,
        "time_to_first_token_p95_ms": 900.75,
        "time_to_first_token_p95_ci95_lower": 850.5,
        "time_to_first_token_p95_ci95_upper": 960.25,
        "error_rate": 0.005,
        "error_rate_ci95_lower": 0.002,
        "error_rate_ci95_upper": 0.0125,
        "last_benchmark_hour": None if score_mean is None else NEWEST_HOUR,
        "is_simulated": target_id.startswith("sim-"),
        "is_preliminary": score_mean is None,
    }


def _interval(score_mean: float | None) -> dict[str, float | None]:
    return {
        "score_mean": score_mean,
        "score_sd": None if score_mean is None else 2.5,
        "score_ci95_lower": None if score_mean is None else score_mean - 1,
        "score_ci95_upper": None if score_mean is None else score_mean + 1,
    }


def _hours() -> Iterator[dict[str, Any]]:
    for target_id in ("sim-atlas", "acme-ohm"):
        for family in FAMILIES:
            for age in range(HISTORY_DAYS * 24):
                status, reason = GAPS.get(age, ("measured", None)) if target_id == "sim-atlas" else ("measured", None)
                yield {
                    "benchmark_hour": NEWEST_HOUR - timedelta(hours=age),
                    **_point(target_id, family, status, reason, suite_version=2 if age < 48 else 1),
                }


def _days() -> Iterator[dict[str, Any]]:
    for age in range(HISTORY_DAYS):
        status, reason = ("missing", "not_planned") if age == 4 else ("measured", None)
        yield {
            "score_date": NEWEST_HOUR.date() - timedelta(days=age),
            "measured_hour_count": 24 if status == "measured" else 0,
            "planned_hour_count": 24 if status == "measured" else 0,
            **_point("sim-atlas", "all", status, reason, suite_version=2 if age < 2 else 1),
        }


def _point(target_id: str, family: str, status: str, reason: str | None, suite_version: int) -> dict[str, Any]:
    is_measured = status == "measured"
    planned = 0 if reason == "not_planned" else 12
    answered = 12 if is_measured or status == "late" else 0
    return {
        "target_id": target_id,
        "suite": "canary",
        "suite_version": suite_version,
        "family": family,
        "status": status,
        "reason": reason,
        "planned_count": planned,
        "answered_count": answered,
        "failed_count": planned - answered,
        "scored_count": 12 if is_measured else 0,
        "scenario_count": 12 if is_measured else 0,
        **_interval(8.0 if is_measured else None),
        "cost_usd": "0.022008000" if answered else None,
        "input_tokens": 5210 if answered else None,
        "output_tokens": 2840 if answered else None,
        "latency_p50_ms": 1792.5 if is_measured else None,
        "time_to_first_token_p50_ms": 405.5 if is_measured else None,
        "is_simulated": target_id.startswith("sim-"),
    }
