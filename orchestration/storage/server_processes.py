"""Which processes belong to a data directory, told by where they work and not by a number in a file.

Not here: starting and stopping the server (embedded_postgres).
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal

_POLL_S = 0.02


def processes_of(data: Path) -> set[int]:
    """Numbers of the processes whose working directory is `data`, also when it has been deleted since.

    Every process of PostgreSQL works in its data directory. A number in postmaster.pid can by now be someone
    else's; a working directory cannot.
    """
    wanted = {str(data), f"{data} (deleted)"}
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _cwd(entry) in wanted}


def postmaster_of(data: Path) -> int | None:
    """The number of the running server, or None."""
    try:
        pid = int((data / "postmaster.pid").read_bytes().split(b"\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _cwd(Path("/proc") / str(pid)) == str(data) else None


def has_been_ready(data: Path) -> bool:
    """Whether the server has once said that it accepts sessions; it does not take that back while it recovers."""
    with contextlib.suppress(OSError, IndexError):
        return (data / "postmaster.pid").read_bytes().split(b"\n")[7].strip() == b"ready"
    return False


def end(pids: set[int], data: Path, how: signal.Signals, timeout_s: float) -> set[int]:
    """Send `how` to those of `pids` that are still processes of `data`; return those left after `timeout_s`."""
    for pid in pids & processes_of(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
    return wait_for_end(pids, data, timeout_s)


def wait_for_end(pids: set[int], data: Path, timeout_s: float) -> set[int]:
    deadline = time.monotonic() + timeout_s
    while (left := pids & processes_of(data)) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return left


def _cwd(process: Path) -> str | None:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return None
