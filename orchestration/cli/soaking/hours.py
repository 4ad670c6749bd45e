"""Runs the stretches of a soak through Dagster's queue, a few at once, and runs those again that a fault made fail.

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
    from orchestration.cli.soaking.stretches import Stretch
    from orchestration.cli.soaking.webserver import Run, Webserver

AT_ONCE = 2
"""Stretches in the queue or under way: one is asked and graded while the other builds tables. A third would wait for
the pool `warehouse`, which Dagster's executor looks at the less often the longer it has waited, every 15 s at last."""

POLL_S = 0.5
RETRY_S = 180.0
"""How long Dagster may take to start a lost run again."""

STUCK_S = 1800.0
MOST_RUNS = 8
RUN_CONFIG = json.dumps({"resources": {"provider": {"config": {"spare_past": True}}}})


@dataclass(slots=True)
class Course:
    """What became of the runs. `cut_runs` counts those of a stretch, by its key, that did not succeed."""

    launched: int = 0
    launched_again: Counter[str] = field(default_factory=Counter)
    retried_by_dagster: int = 0
    cut_runs: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    silences: int = 0
    restarts: list[str] = field(default_factory=list)
    memory: MemorySamples = field(default_factory=MemorySamples)


class HourRunner:
    """Takes the stretches in their order. `plan` holds the faults of each, by its key."""

    def __init__(
        self,
        webserver: Webserver,
        services: Services,
        faults: Faults,
        plan: Mapping[str, Sequence[PlannedFault]],
        say: Callable[[str], None],
    ) -> None:
        self._webserver = webserver
        self._services = services
        self._faults = faults
        self._plan = plan
        self._say = say
        self._begun: dict[str, float] = {}
        self._stretches: dict[str, Stretch] = {}
        self._seen: set[str] = set()
        self._prepared: set[str] = set()
        self._launches: Counter[str] = Counter()
        self._done = 0
        self._total = 0
        self.course = Course()

    def run(self, stretches: Sequence[Stretch]) -> Course:
        """Run them all. What cannot be run is told in `unexplained`."""
        self._stretches = {stretch.key: stretch for stretch in stretches}
        waiting, self._total = deque(self._stretches), sum(len(stretch.hours) for stretch in stretches)
        while waiting or self._begun:
            self._keep_services()
            try:
                self._fill_queue(waiting)
                self._look()
            except (httpx.HTTPError, OperatorError):
                self.course.silences += 1
            self._sample_memory()
            time.sleep(POLL_S)
        return self.course

    def _fill_queue(self, waiting: deque[str]) -> None:
        while waiting and len(self._begun) < AT_ONCE:
            key = waiting[0]
            if key not in self._prepared:
                for fault in self._plan.get(key, ()):
                    self._faults.prepare(fault, self._stretches[key])
                self._prepared.add(key)
            self._launch(key)
            waiting.popleft()
            self._begun[key] = time.monotonic()

    def _launch(self, key: str) -> None:
        self._webserver.launch(JOB, self._stretches[key].tags, RUN_CONFIG)
        self.course.launched += 1
        self._launches[key] += 1

    def _look(self) -> None:
        by_key: dict[str, list[Run]] = {}
        for run in self._webserver.runs(JOB, limit=AT_ONCE * MOST_RUNS):
            by_key.setdefault(run.first_partition, []).append(run)
        for key in list(self._begun):
            runs = by_key.get(key, [])
            for run in runs:
                if not run.has_ended:
                    self._faults.watch(run)
            self._judge(key, runs)

    def _judge(self, key: str, runs: Sequence[Run]) -> None:
        """`runs` are those of the stretch, newest first."""
        if any(run.status == "SUCCESS" for run in runs):
            self._end(key, len(runs))
        elif time.monotonic() - self._begun[key] > STUCK_S or len(runs) >= MOST_RUNS:
            self._give_up(key, f"no success within {STUCK_S:.0f} s and {len(runs)} runs")
        elif runs and all(run.has_ended for run in runs):
            self._run_again(key, runs[0])

    def _run_again(self, key: str, failed: Run) -> None:
        if failed.will_retry and time.time() - (failed.ended_at or time.time()) < RETRY_S:
            return
        kind = self._faults.explain(failed)
        if failed.run_id not in self._seen:
            self._tell(key, failed, kind)
        if self._faults.disk_is_full:
            if not self._has_fault(key, FaultKind.FULL_DISK):
                return
            self._faults.end_full_disk()
        self._launch(key)
        self.course.launched_again[kind or "unexplained"] += 1

    def _tell(self, key: str, failed: Run, kind: FaultKind | None) -> None:
        reason = self._webserver.reason(failed.run_id)
        self._seen.add(failed.run_id)
        self._say(f"{key}: {kind or 'unexplained'}: {reason}")
        if kind is None:
            self.course.unexplained.append(f"{key}: run {failed.run_id[:8]}: {reason}")

    def _has_fault(self, key: str, kind: FaultKind) -> bool:
        return any(fault.kind is kind for fault in self._plan.get(key, ()))

    def _end(self, key: str, run_count: int) -> None:
        del self._begun[key]
        self._done += len(self._stretches[key].hours)
        self.course.cut_runs[key] = run_count - 1
        self.course.retried_by_dagster += run_count - self._launches[key]
        if self._has_fault(key, FaultKind.FULL_DISK) and self._faults.disk_is_full:
            self.course.unexplained.append(f"{key}: its run succeeded though the disk was full")
            self._faults.end_full_disk()
        told = f" after {run_count} runs" if run_count > 1 else ""
        kinds = sorted({fault.kind for fault in self._plan.get(key, ())})
        named = f" ({', '.join(kinds)})" if kinds else ""
        self._say(f"{self._done} of {self._total}: {key}{named}{told}")

    def _give_up(self, key: str, reason: str) -> None:
        del self._begun[key]
        self.course.unexplained.append(f"{key}: {reason}")
        self._say(f"{key}: given up: {reason}")

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
