"""Adds up the memory that a cell's processes have of their own.

Not here: what happens when it is too much (watching).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

PID_OF: Final = re.compile(r"^Pid:\s*(-?\d+)$", re.MULTILINE)
RESIDENT: Final = re.compile(r"^(?:RssAnon|RssShmem):\s*(\d+) kB$", re.MULTILINE)
PROPORTIONAL: Final = re.compile(r"^(?:Pss_Anon|Pss_Shmem):\s*(\d+) kB$", re.MULTILINE)


def tree_memory_kb(pidfd: int, enough_kb: int) -> int:
    """Anonymous and shared memory of a process and all that descend from it, in kB; 0 when it is gone.

    A page that several of them share counts in each of them, which is quick to read; where that comes to more than
    `enough_kb` it is read again with such a page counted once.
    """
    processes = tree_of(process_of(pidfd))
    resident_kb = sum(memory_kb(pid, "status", RESIDENT) for pid in processes)
    if resident_kb <= enough_kb:
        return resident_kb
    return sum(memory_kb(pid, "smaps_rollup", PROPORTIONAL) for pid in processes) or resident_kb


def tree_of(pid: int) -> list[int]:
    found = [pid] if pid > 0 else []
    for parent in found:
        found += children_of(parent)
    return found


def process_of(pidfd: int) -> int:
    """The number that a pidfd's process has here; -1 when it has ended."""
    found = PID_OF.search(read(Path(f"/proc/self/fdinfo/{pidfd}")))
    return int(found[1]) if found else -1


def memory_kb(pid: int, file: str, pattern: re.Pattern[str]) -> int:
    return sum(map(int, pattern.findall(read(Path(f"/proc/{pid}/{file}")))))


def children_of(pid: int) -> list[int]:
    """Children of all threads of a process."""
    children: list[int] = []
    for task in threads_of(pid):
        children += map(int, read(task / "children").split())
    return children


def threads_of(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        return ""
