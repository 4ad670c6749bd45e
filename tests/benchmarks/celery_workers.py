"""How long an hour takes two Celery workers, as a part of what it takes one: python -m tests.benchmarks.celery_workers

The hour is bound by its calls: every answer takes 2 s, each of 12 targets is a step with one call at a time. Both runs
are from the plan to the marts; a Redis server, a database and a simulator of their own serve them. The bar is 0.6.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.simulator.serving import serving
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.installation import made
from tests.support.shared_hour import CountedModels, redis_server, working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.installation import Installation

HOUR = "2026-11-20T05"
ANSWER_S = 2.0
BAR = 0.6
MODELS = ("atlas", "borealis", "cobalt", "dynamo", "ember", "flint")
HOST = """
hosts:
  simulator:
    {provider: simulator, address: simulator, protocol: openai, is_simulated: true, price_source: published}
targets:
"""
COLLECTION = """
    SELECT extract(epoch FROM max(timestamp) - min(timestamp)) FROM event_logs
    WHERE step_key LIKE 'raw\\_\\_responses.collect_share%' AND dagster_event_type IN ('STEP_START', 'STEP_SUCCESS')
"""
RUN = "SELECT end_time - start_time FROM runs WHERE status = 'SUCCESS'"


def targets_file(directory: Path) -> Path:
    """Twelve targets: each simulated model twice."""
    entries = (
        f"  - {{target_id: sim-{model}-{copy}, label: {model} {copy}, host: simulator, model: {model}}}\n"
        for model in MODELS
        for copy in (1, 2)
    )
    path = directory / "targets.yaml"
    path.write_text(HOST + "".join(entries))
    return path


@contextmanager
def installation(directory: Path, port: int, broker: str) -> Iterator[Installation]:
    more = {
        "AIBAAS_EXECUTOR": "celery",
        "AIBAAS_BROKER_URL": broker,
        "AIBAAS_CONCURRENCY": "1",
        "AIBAAS_TARGETS_FILE": str(targets_file(directory)),
    }
    found = made(directory / "home", port, HOUR, HOUR, **more)
    try:
        yield found
    finally:
        EmbeddedPostgres(found.home).stop()


def measured(workers: int) -> tuple[float, float]:
    """Seconds of the run, and from the first step that asks to the end of the last."""
    counted = CountedModels()
    counted.delay_s = ANSWER_S
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = int(stack.enter_context(serving(counted.app())).removesuffix("/v1").rpartition(":")[2])
        shared = stack.enter_context(installation(directory, port, stack.enter_context(redis_server())))
        shared.command_line("migrate")
        for number in range(workers):
            stack.enter_context(working(shared, f"worker-{number}"))
        shared.measure(within_s=1200)
        (run_s,), (collection_s,) = shared.read(RUN, "dagster")[0], shared.read(COLLECTION, "dagster")[0]
        return float(str(run_s)), float(str(collection_s))


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d %H:%M')}")
    found = {}
    for workers in (1, 2):
        found[workers] = measured(workers)
        print(f"{workers} worker(s): run {found[workers][0]:.1f} s, of which collection {found[workers][1]:.1f} s")
    ratio = found[2][0] / found[1][0]
    print(f"two workers / one worker: run {ratio:.3f} (bar {BAR}), collection {found[2][1] / found[1][1]:.3f}")
    sys.exit(ratio > BAR)


if __name__ == "__main__":
    main()
