"""How long an hour takes two Celery workers, as a part of what it takes one.

usage: python -m tests.benchmarks.celery_workers [--targets 12]

The hour is bound by its calls: every answer takes 2 s, each target is a step with one call at a time, so that one
worker waits 24 s for each target. One installation measures three hours from the plan to the marts: the first makes
its tables and is not counted, one worker does the second, two do the third. The bar is 0.6.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.simulator.serving import serving
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.installation import made
from tests.support.shared_hour import CountedModels, redis_server, working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

FIRST, OF_ONE, OF_TWO = "2026-11-20T05", "2026-11-20T06", "2026-11-20T07"
ANSWER_S = 2.0
BAR = 0.6
TARGETS = 12
MODELS = ("atlas", "borealis", "cobalt", "dynamo", "ember", "flint")
HOST = """
hosts:
  simulator:
    {provider: simulator, address: simulator, protocol: openai, is_simulated: true, price_source: published}
targets:
"""
RUN = """
    SELECT end_time - start_time, (
        SELECT extract(epoch FROM max(timestamp) - min(timestamp)) FROM event_logs
        WHERE event_logs.run_id = runs.run_id AND step_key LIKE 'raw\\_\\_responses.collect_share%'
            AND dagster_event_type IN ('STEP_START', 'STEP_SUCCESS')
    )
    FROM runs WHERE status = 'SUCCESS' ORDER BY start_time DESC LIMIT 1
"""


def targets_file(directory: Path, count: int) -> Path:
    """So many targets: each simulated model once, then each again."""
    entries = (
        f"  - {{target_id: sim-{model}-{copy}, label: {model} {copy}, host: simulator, model: {model}}}\n"
        for copy in range(1, count // len(MODELS) + 2)
        for model in MODELS
    )
    path = directory / "targets.yaml"
    path.write_text(HOST + "".join(islice(entries, count)))
    return path


@contextmanager
def installation(directory: Path, port: int, broker: str, targets: int) -> Iterator[Installation]:
    more = {
        "AIBAAS_EXECUTOR": "celery",
        "AIBAAS_BROKER_URL": broker,
        "AIBAAS_CONCURRENCY": "1",
        "AIBAAS_TARGETS_FILE": str(targets_file(directory, targets)),
    }
    found = made(directory / "home", port, FIRST, FIRST, **more)
    try:
        found.command_line("migrate")
        yield found
    finally:
        EmbeddedPostgres(found.home).stop()


def measured(shared: Installation, hour: str) -> tuple[float, float]:
    """Seconds of the hour's run, and of it from the first step that asks to the end of the last."""
    shared.command_line("run", "--hour", hour, within_s=1200)
    run_s, collection_s = shared.read(RUN, "dagster")[0]
    return float(str(run_s)), float(str(collection_s))


def compared(targets: int) -> Iterator[tuple[float, float]]:
    """What the hour takes one worker, then two."""
    counted = CountedModels()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = int(stack.enter_context(serving(counted.app())).removesuffix("/v1").rpartition(":")[2])
        broker = stack.enter_context(redis_server())
        shared = stack.enter_context(installation(directory, port, broker, targets))
        stack.enter_context(working(shared, "first"))
        measured(shared, FIRST)
        counted.delay_s = ANSWER_S
        yield measured(shared, OF_ONE)
        stack.enter_context(working(shared, "second"))
        yield measured(shared, OF_TWO)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=int, default=TARGETS)
    targets = parser.parse_args().targets
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d %H:%M')}, {targets} targets"
    )
    found = []
    for run_s, collection_s in compared(targets):
        found.append((run_s, collection_s))
        print(f"{len(found)} worker(s): run {run_s:.1f} s, of which collection {collection_s:.1f} s", flush=True)
    run, collection = (two / one for one, two in zip(*found, strict=True))
    print(f"two workers / one worker: run {run:.3f} (bar {BAR}), collection {collection:.3f}")
    print(f"load {os.getloadavg()[0]:.1f}")
    sys.exit(run > BAR)


if __name__ == "__main__":
    main()
