"""Runs the hours of a soak through Dagster's queue, a few at once, and runs those again that a fault made fail.

A run whose worker was lost is started again by Dagster (`run_retries`); one that failed in a step is launched again,
as an operator would from the UI. Nothing is mended by hand in between.

Not here: the faults (faults), nor the services (services).
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from orchestration.cli.execution import JOB
from orchestration.cli.soaking.fault_plan import FaultKind
from orchestration.cli.soaking.memory import WATCHED, MemorySamples
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orchestration.cli.soaking.fault_plan import PlannedFault
    from orchestration.cli.soaking.faults import Faults
    from orchestration.cli.soaking.services import Services
    from orchestration.cli.soaking.webserver import Run, Webserver

AT_ONCE = 2
"""Hours in the queue or under way: one is asked and graded while the other builds tables. A third would wait for the
pool `warehouse`, which Dagster's executor looks at the less often the longer it has waited, every 15 s in the end."""

POLL_S = 0.5
RETRY_S = 180.0
"""How long Dagster may take to start a lost run again."""

STUCK_S = 1800.0
MOST_RUNS = 8
RUN_CONFIG = json.dumps({"resources": {"provider": {"config": {"spare_past": True}}}})


@dataclass(slots=True)
class Course:
    """What became of the hours' runs."""

    launched: int = 0
    launched_again: Counter[str] = field(default_factory=Counter)
    retried_by_dagster: int = 0
    unexplained: list[str] = field(default_factory=list)
    silences: int = 0
    restarts: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    memory: MemorySamples = field(default_factory=MemorySamples)


class HourRunner:
    """Takes the hours in their order."""

    def __init__(
        self,
        webserver: Webserver,
        services: Services,
        faults: Faults,
        plan: Mapping[str, PlannedFault],
        say: Callable[[str], None],
    ) -> None:
        self._webserver = webserver
        self._services = services
        self._faults = faults
        self._plan = plan
        self._say = say
        self._begun: dict[str, float] = {}
        self._seen: dict[str, str] = {}
        self._prepared: set[str] = set()
        self._launches: Counter[str] = Counter()
        self._done = 0
        self._total = 0
        self.course = Course()

    def run(self, partitions: Sequence[str]) -> Course:
        """Run them all. What cannot be run is told in `unexplained`."""
        waiting, self._total = deque(partitions), len(partitions)
        while waiting or self._begun:
            self._keep_services()
            try:
                self._fill_queue(waiting)
                self._look()
            except (httpx.HTTPError, OperatorError) as error:
                self.course.silences += 1
                self._seen["webserver"] = str(error)
            self._sample_memory()
            time.sleep(POLL_S)
        return self.course

    def _fill_queue(self, waiting: deque[str]) -> None:
        while waiting and len(self._begun) < AT_ONCE:
            partition = waiting[0]
            fault = self._plan.get(partition)
            if fault is not None and partition not in self._prepared:
                self._faults.prepare(fault, partition)
                self._prepared.add(partition)
            self._launch(partition)
            waiting.popleft()
            self._begun[partition] = time.monotonic()

    def _launch(self, partition: str) -> None:
        self._webserver.launch(JOB, partition, RUN_CONFIG)
        self.course.launched += 1
        self._launches[partition] += 1

    def _look(self) -> None:
        by_partition: dict[str, list[Run]] = {}
        for run in self._webserver.runs(JOB):
            by_partition.setdefault(run.partition, []).append(run)
        for partition in list(self._begun):
            runs = by_partition.get(partition, [])
            for run in runs:
                if not run.has_ended:
                    self._faults.watch(run)
            self._judge(partition, runs)

    def _judge(self, partition: str, runs: Sequence[Run]) -> None:
        """`runs` are those of the hour, newest first."""
        if any(run.status == "SUCCESS" for run in runs):
            self._end(partition, len(runs))
        elif time.monotonic() - self._begun[partition] > STUCK_S or len(runs) >= MOST_RUNS:
            self._give_up(partition, f"no success within {STUCK_S:.0f} s and {len(runs)} runs")
        elif runs and all(run.has_ended for run in runs):
            self._run_again(partition, runs[0])

    def _run_again(self, partition: str, failed: Run) -> None:
        if failed.will_retry and time.time() - (failed.ended_at or time.time()) < RETRY_S:
            return
        kind = self._faults.explain(failed)
        if failed.run_id not in self._seen:
            self._tell(partition, failed, kind)
        if self._faults.disk_is_full:
            if not self._has_fault(partition, FaultKind.FULL_DISK):
                return
            self._faults.end_full_disk()
        self._launch(partition)
        self.course.launched_again[kind or "unexplained"] += 1

    def _tell(self, partition: str, failed: Run, kind: FaultKind | None) -> None:
        self._seen[failed.run_id] = reason = self._webserver.reason(failed.run_id)
        self._say(f"{partition}: {kind or 'unexplained'}: {reason}")
        if kind is None:
            self.course.unexplained.append(f"{partition}: run {failed.run_id[:8]}: {reason}")

    def _has_fault(self, partition: str, kind: FaultKind) -> bool:
        fault = self._plan.get(partition)
        return fault is not None and fault.kind is kind

    def _end(self, partition: str, run_count: int) -> None:
        self.course.seconds[partition] = time.monotonic() - self._begun.pop(partition)
        self._done += 1
        self.course.retried_by_dagster += run_count - self._launches[partition]
        fault = self._plan.get(partition)
        if self._has_fault(partition, FaultKind.FULL_DISK) and self._faults.disk_is_full:
            self.course.unexplained.append(f"{partition}: its run succeeded though the disk was full")
            self._faults.end_full_disk()
        told = f" after {run_count} runs" if run_count > 1 else ""
        named = f" ({fault.kind})" if fault else ""
        self._say(f"{self._done} of {self._total}: {partition}{named}{told}")

    def _give_up(self, partition: str, reason: str) -> None:
        del self._begun[partition]
        self.course.unexplained.append(f"{partition}: {reason}")
        self._say(f"{partition}: given up: {reason}")

    def _keep_services(self) -> None:
        for name in self._services.ensure_running():
            self.course.restarts.append(name)
            self._say(f"{name} had ended by itself and was started again")

    def _sample_memory(self) -> None:
        if self._done * 2 < self._total:
            return
        for name in WATCHED:
            process = self._services.processes[name]
            if (mb := self._services.rss_mb(name)) is not None:
                self.course.memory.add(name, process.pid, mb)
