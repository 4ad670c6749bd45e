"""Measures what the API's leaderboard and histories of 90 days take on the server, at whatever size HOME has.

usage: python -m tests.benchmarks.warehouse_reads --home HOME

The queries are the API's own, by EXPLAIN ANALYZE; the median of nine, the first of which warms the cache.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from statistics import median

import psycopg

from api.leaderboard.queries import STANDINGS
from api.models.queries import DAILY_HISTORY, HOURLY_HISTORY
from orchestration.storage.database import API, Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres

BAR_MS, TIMES = 5.0, 9
NEWEST = "SELECT suite, min(target_id) FROM marts.fct_leaderboard GROUP BY suite ORDER BY suite LIMIT 1"


def explained(connection: psycopg.Connection, query: str, values: dict[str, object]) -> tuple[float, list[str]]:
    """Milliseconds of planning and execution, and the tables that are read without an index."""
    found = []
    for _ in range(TIMES):
        cursor = psycopg.ClientCursor(connection)
        ((plan,),) = cursor.execute(f"EXPLAIN (ANALYZE, TIMING off, FORMAT json) {query}".encode(), values).fetchall()
        found.append(plan[0]["Planning Time"] + plan[0]["Execution Time"])
    return median(found), scanned(plan[0]["Plan"])


def scanned(node: dict[str, object]) -> list[str]:
    below = [name for part in node.get("Plans", []) for name in scanned(part)]  # type: ignore[attr-defined]
    return [str(node["Relation Name"]), *below] if node["Node Type"] == "Seq Scan" else below


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    with Database(EmbeddedPostgres(parser.parse_args().home.resolve()).url).connect(API) as connection:
        ((suite, target_id),) = connection.execute(NEWEST).fetchall()
        values = {
            "suite": suite, "target_id": target_id, "family": "all", "days": 90, "window": "90d", "provider": None,
            "is_simulated": None, "is_open_weights": None, "effort": None, "max_input_usd_per_mtok": None,
            "max_output_usd_per_mtok": None, "max_cost_per_task_usd": None, "attempts": 3, "since": None, "until": None,
            **STANDINGS.parameters(None, 50),
        }  # fmt: skip
        queries = {
            "leaderboard": STANDINGS.statement("-score_mean"),
            "90 days by hour": HOURLY_HISTORY,
            "90 days by day": DAILY_HISTORY,
        }
        for name, query in queries.items():
            took_ms, tables = explained(connection, query, values)
            read = ", ".join(tables) or "none"
            print(f"{name:<16} {took_ms:6.2f} ms (bar {BAR_MS}); read without an index: {read}")
    print(f"load: {os.getloadavg()}")


if __name__ == "__main__":
    main()
