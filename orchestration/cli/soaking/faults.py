"""Brings the planned faults about, and knows which failures of runs they explain.

Not here: which fault befalls which hour (fault_plan), nor running hours again (hours).
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.cli.soaking.counted_models import asked_of
from orchestration.cli.soaking.fault_plan import ASKING, FaultKind
from orchestration.storage.journal import read_journal

if TYPE_CHECKING:
    from orchestration.cli.soaking.archive_disk import ArchiveDisk
    from orchestration.cli.soaking.counted_models import Asked, CountedModels
    from orchestration.cli.soaking.fault_plan import PlannedFault
    from orchestration.cli.soaking.services import Services
    from orchestration.cli.soaking.stretches import Stretch
    from orchestration.cli.soaking.webserver import Run, Webserver
    from orchestration.storage.archive import Archive

DATABASE_AWAY_S = 30.0
DAEMON_AWAY_S = 5.0
AFTERMATH_S = 60.0
"""How long after a database is back a failure may still come of its having been away."""


@dataclass(slots=True)
class Window:
    """When a fault could make runs fail, by the wall clock; `end` is None while it lasts."""

    kind: FaultKind
    start: float
    end: float | None = None

    def touches(self, start: float, end: float) -> bool:
        return start <= (self.end or time.time()) and end >= self.start


@dataclass(slots=True)
class Faults:
    """The faults of a soak, those that wait for their stage, and the windows of those that came."""

    services: Services
    models: CountedModels
    disk: ArchiveDisk
    webserver: Webserver
    archive: Archive
    met: Counter[FaultKind] = field(default_factory=Counter)
    windows: list[Window] = field(default_factory=list)
    killed_runs: dict[str, FaultKind] = field(default_factory=dict)
    kept: set[Asked] = field(default_factory=set)
    """What a journal held when a fault struck: it must never be asked again."""
    _waiting: dict[str, list[PlannedFault]] = field(default_factory=dict)

    @property
    def disk_is_full(self) -> bool:
        return any(window.kind is FaultKind.FULL_DISK and window.end is None for window in self.windows)

    def prepare(self, fault: PlannedFault, stretch: Stretch) -> None:
        """Before the stretch's run is launched: what is wrong from its beginning, and what waits for a stage of it."""
        self.models.befall(fault.hour, fault.calls)
        if fault.calls:
            self.met[fault.kind] += 1
        if fault.kind is FaultKind.FULL_DISK:
            self.disk.fill()
            self.met[fault.kind] += 1
            self.windows.append(Window(fault.kind, time.time()))
        if fault.stage:
            self._waiting.setdefault(stretch.key, []).append(fault)
        if fault.stage == ASKING:
            self.models.slow_down(stretch.hours)

    def watch(self, run: Run) -> None:
        """Strike when the stretch's run has come to the stage of one of its faults."""
        waiting = self._waiting.get(run.first_partition, [])
        steps = self.webserver.steps_under_way(run.run_id) if waiting else []
        for fault in waiting:
            if (
                any(step.startswith(fault.stage) for step in steps)
                and self._is_ripe(fault)
                and self._strike(fault, run)
            ):
                self.kept |= self._journalled()
                waiting.remove(fault)
                self.met[fault.kind] += 1
                return

    def _is_ripe(self, fault: PlannedFault) -> bool:
        """While calls are asked there is something to lose only once some have been answered."""
        return fault.stage != ASKING or bool(self._journalled())

    def _journalled(self) -> set[Asked]:
        return {
            asked_of(hour, response)
            for path, hour in self.archive.open_journals()
            for response in read_journal(path)
            if response.status == "answered"
        }

    def _strike(self, fault: PlannedFault, run: Run) -> bool:
        if fault.kind is FaultKind.KILLED_WORKER:
            return self._kill_worker(run, fault.kind)
        if fault.kind is FaultKind.KILLED_CODE_SERVER:
            return self._kill_code_server(run)
        if fault.kind is FaultKind.KILLED_DAEMON:
            self.services.kill("daemon")
            time.sleep(DAEMON_AWAY_S)
            self.services.start("daemon")
            return True
        window = Window(fault.kind, time.time())
        self.windows.append(window)
        self.services.stop_database()
        time.sleep(DATABASE_AWAY_S)
        self.services.database.start()
        window.end = time.time() + AFTERMATH_S
        return True

    def _kill_code_server(self, run: Run) -> bool:
        """The server first: it would tell that its run was lost."""
        if self.webserver.worker_of(run.run_id) is None:
            return False
        self.services.kill("code")
        self._kill_worker(run, FaultKind.KILLED_CODE_SERVER)
        self.services.start("code")
        return True

    def _kill_worker(self, run: Run, kind: FaultKind) -> bool:
        pid = self.webserver.worker_of(run.run_id)
        if pid is None:
            return False
        self.killed_runs[run.run_id] = kind
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def end_full_disk(self) -> None:
        self.disk.free()
        for window in self.windows:
            if window.kind is FaultKind.FULL_DISK:
                window.end = window.end or time.time()

    def explain(self, run: Run) -> FaultKind | None:
        """The fault that made a run fail, None when there was none."""
        if run.run_id in self.killed_runs:
            return self.killed_runs[run.run_id]
        end = run.ended_at or time.time()
        return next((window.kind for window in self.windows if window.touches(run.created_at, end)), None)

    def unmet(self) -> list[PlannedFault]:
        """Faults whose stage never came."""
        return [fault for waiting in self._waiting.values() for fault in waiting]
