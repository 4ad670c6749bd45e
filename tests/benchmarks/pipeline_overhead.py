"""Measures what the pipeline itself costs an hour: a backfill of 24 hours as one run, 12 targets x 12 scenarios.

usage: python -m tests.benchmarks.pipeline_overhead [--hours 24]

A fresh home, the simulator, which answers at once for hours that have passed, and `aibaas backfill` as an operator
types it. Seconds by step are read from the run's own events; what they leave of the wall time is the start of the
program.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import yaml

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.product import port_variables

BAR_S = 3.0
TARGETS = 12

STEPS = """
SELECT step_key, extract(epoch FROM max(timestamp) FILTER (WHERE dagster_event_type = 'STEP_SUCCESS')
    - min(timestamp) FILTER (WHERE dagster_event_type = 'STEP_START'))::float
FROM event_logs WHERE step_key IS NOT NULL GROUP BY step_key ORDER BY 2 DESC
"""


def targets_file(directory: Path) -> Path:
    """The shipped file with each simulated target twice and no other."""
    stated = yaml.safe_load((PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml").read_text())
    simulated = [target for target in stated["targets"] if target["host"] == "simulator"]
    twins = [target | {"target_id": f"{target['target_id']}-twin", "quantisation": "twin"} for target in simulated]
    path = directory / "targets.yaml"
    path.write_text(yaml.safe_dump(stated | {"targets": (simulated + twins)[:TARGETS], "discovery": []}))
    return path


def measured_backfill(home: Path, hours: int) -> tuple[float, float]:
    """Wall and CPU seconds of `aibaas backfill` with all its children."""
    last = datetime.now(UTC) - timedelta(hours=2)
    first = last - timedelta(hours=hours - 1)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(PROJECT_ROOT),
        "AIBAAS_HOME": str(home),
        "AIBAAS_SUITES": "canary",
        "AIBAAS_TARGETS_FILE": str(targets_file(home)),
        **port_variables(),
    }
    command = [sys.executable, "-m", "orchestration.cli"]
    subprocess.run([*command, "migrate"], cwd=PROJECT_ROOT, env=environment, check=True)
    backfill = [*command, "backfill", "--from", f"{first:%Y-%m-%dT%H}", "--to", f"{last:%Y-%m-%dT%H}"]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(backfill, cwd=PROJECT_ROOT, env=environment, check=True)
    wall_s, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_by_step(server: EmbeddedPostgres) -> dict[str, float]:
    with psycopg.connect(Database(server.url).dagster_url) as connection:
        return dict(connection.execute(STEPS).fetchall())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=24)
    hours = parser.parse_args().hours
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        server = EmbeddedPostgres(home)
        try:
            wall_s, cpu_s = measured_backfill(home, hours)
            steps = seconds_by_step(server)
        finally:
            server.stop()
    for step, took_s in steps.items():
        print(f"{step:<28} {took_s / hours:6.3f} s a partition  {took_s:6.1f} s in all")
    rest_s = wall_s - sum(steps.values())
    print(f"{'start, and between steps':<28} {rest_s / hours:6.3f} s a partition  {rest_s:6.1f} s in all")
    print(f"all: {wall_s / hours:.2f} s a partition (bar {BAR_S}); CPU but for the server's: {cpu_s / hours:.2f} s")


if __name__ == "__main__":
    main()
