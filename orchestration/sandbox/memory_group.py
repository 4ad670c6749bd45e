"""A control group that bounds the memory of everything below one zygote, where this process may make one.

Not here: adding memory up where there is none (tree_memory). Both versions of the kernel's interface serve; see
Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PREFIX: Final = "aibaas-"
OWN_MEMORY_MB: Final = 128
"""What a zygote, the cell that waits and the file system of the one that runs may use besides the limit of the run."""

REMOVAL_TRIES: Final = 20
TRY_S: Final = 0.01
OOM_KILLS: Final = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Interface:
    """The names of one version's files."""

    limit: str
    events: str


VERSION_1: Final = Interface("memory.limit_in_bytes", "memory.oom_control")
VERSION_2: Final = Interface("memory.max", "memory.events")


class MemoryGroup:
    """One group. The kernel ends the largest process in it when all together want more than the bound."""

    def __init__(self, folder: Path, interface: Interface) -> None:
        self._folder = folder
        self._interface = interface
        self._bound_mb = 0

    def adopt(self, process: int) -> None:
        """Take a process in; what it starts from now on is in as well. Raises OSError."""
        (self._folder / "cgroup.procs").write_text(str(process))

    def bound(self, memory_mb: int) -> None:
        """Raises OSError when more than that is in use already."""
        if memory_mb != self._bound_mb:
            (self._folder / self._interface.limit).write_text(str((memory_mb + OWN_MEMORY_MB) * 1024 * 1024))
            self._bound_mb = memory_mb

    def kills(self) -> int:
        """How many processes the kernel has ended so far for want of memory."""
        found = OOM_KILLS.search((self._folder / self._interface.events).read_text())
        return int(found[1]) if found else 0

    def remove(self) -> None:
        """Its processes have ended, but the kernel may take a moment to say so."""
        for _ in range(REMOVAL_TRIES):
            with contextlib.suppress(OSError):
                self._folder.rmdir()
                return
            time.sleep(TRY_S)


def make_group(slot: int) -> MemoryGroup | None:
    """A group for the zygote of a slot, or None where this process can't make one that bounds."""
    for folder, interface in places():
        remove_abandoned(folder)
        place = folder / f"{PREFIX}{os.getpid()}-{slot}"
        with contextlib.suppress(OSError):
            place.mkdir(exist_ok=True)
            if os.access(place / interface.limit, os.W_OK):
                return MemoryGroup(place, interface)
            place.rmdir()
    return None


def places() -> list[tuple[Path, Interface]]:
    """This process's own groups that know of memory."""
    found = []
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            found += [(folder, VERSION_2) for folder in folders_of("cgroup2", "", path)]
        elif "memory" in controllers.split(","):
            found += [(folder, VERSION_1) for folder in folders_of("cgroup", "memory", path)]
    return found


def folders_of(kind: str, option: str, path: str) -> list[Path]:
    """Where a group's path is mounted: `36 35 0:30 ROOT POINT options - KIND source SUPER,OPTIONS`."""
    folders = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        root, point = before.split()[3:5]
        mounted, _, options = after.split(maxsplit=2)
        if mounted == kind and (not option or option in options.split(",")) and path.startswith(root.rstrip("/")):
            folders.append(Path(point) / path.removeprefix(root).lstrip("/"))
    return folders


def remove_abandoned(folder: Path) -> None:
    """Groups of processes that were killed; one that is still in use can't be removed."""
    for place in folder.glob(f"{PREFIX}*"):
        owner = place.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists():
            with contextlib.suppress(OSError):
                place.rmdir()
