"""Waits for a cell from outside, ends it when told to or when it multiplies, and says how it ended.

Not here: confining it (launch).
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the module signal costs 6 ms of enum
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STOPPING = (_signal.SIGTERM, _signal.SIGALRM)
WATCH_S = 0.02


def supervise(cell: int, job: dict[str, Any], *, is_apart: bool, counts_processes: bool) -> None:
    """Wait for the cell, tell the parent how it ended, leave. `counts_processes`: the kernel does not do it for us."""
    for number in STOPPING:
        _signal.signal(number, lambda *_: end(cell))
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, STOPPING)
    _signal.alarm(job["patience_s"])
    os.write(job["control_fd"], b"cell %d %d\n" % (cell, is_apart))
    nowhere = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2, job["result_fd"]):
        os.dup2(nowhere, descriptor)
    most = job["rlimits"]["RLIMIT_NPROC"][0] if counts_processes else None
    status, peak_kb = watched_end(cell, most)
    end_orphans()
    os.write(job["control_fd"], b"ended %d %d\n" % (os.waitstatus_to_exitcode(status), peak_kb))
    os._exit(0)


def watched_end(cell: int, most: int | None) -> tuple[int, int]:
    """The wait status and the peak memory of the cell, which is ended when it has more than `most` processes."""
    while True:
        pid, status, usage = os.wait4(cell, 0 if most is None else os.WNOHANG)
        if pid:
            return status, usage.ru_maxrss
        if most is not None and has_more_descendants(os.getpid(), most):
            end(cell)
        time.sleep(WATCH_S)


def end(cell: int) -> None:
    """The cell and its group at once; whoever left the group becomes our orphan."""
    try:
        os.killpg(cell, _signal.SIGKILL)
    except ProcessLookupError:
        os.kill(cell, _signal.SIGKILL)


def has_more_descendants(pid: int, most: int) -> bool:
    found = 0
    waiting = [pid]
    while waiting and found <= most:
        children = children_of(waiting.pop())
        found += len(children)
        waiting += children
    return found > most


def children_of(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123 (pathlib costs 15 ms)
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def end_orphans() -> None:
    """Kill what the cell left behind: without a namespace of its own it was handed to us."""
    while orphans := children_of(os.getpid()):
        for orphan in orphans:
            os.kill(orphan, _signal.SIGKILL)
        for orphan in orphans:
            os.waitpid(orphan, 0)
