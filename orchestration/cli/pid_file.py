"""Which process of this machine holds a home: a number alone may by now be another program's.

Not here: stopping it (processes).
"""

from __future__ import annotations

import os
from pathlib import Path


def identity_of(pid: int) -> str:
    """The number of a process and when it started, which together never come again; empty when it does not live."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    is_zombie, started = after_name[0] == "Z", after_name[19]
    return "" if is_zombie else f"{pid}@{started}"


def write_pid_file(path: Path) -> None:
    """State that this process holds `path`; a reader never sees half of it."""
    new = path.with_suffix(".new")
    new.write_text(identity_of(os.getpid()), encoding="ascii")
    new.replace(path)


def living_holder(path: Path) -> int | None:
    """The number of the process that wrote `path`, when it still lives."""
    try:
        written = path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    number = written.partition("@")[0]
    return int(number) if number.isdecimal() and identity_of(int(number)) == written else None
