"""Keeps services going side by side: one that ends is started again after a pause.

Not here: which services there are (up). Honcho starts them, passes signals on and brings their lines together.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honcho.manager import Manager

MOST_QUICK_ENDS = 5


@dataclass(slots=True)
class _Life:
    """Of one service: when it began, how often it has ended soon after that, and when it is to begin again."""

    began: float
    quick_ends: int = 0
    begins_again: float | None = None
    former_pid: int | None = None


class Supervisor(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho's manager, which would end all services with the first that ends.

    It ends them when it is told to, and when one has ended five times in a row soon after its start; `given_up` then
    says which.
    """

    def __init__(self, *, first_pause_s: float = 1.0, soon_s: float = 120.0) -> None:
        super().__init__()
        self.given_up: str | None = None
        self._first_pause_s = first_pause_s
        self._soon_s = soon_s
        self._lives: dict[str, _Life] = {}
        self._left: list[int] = []

    def _any_stopped(self) -> bool:
        """Honcho asks ten times a second, and ends everything when it hears yes."""
        if self._terminating:
            return bool(super()._any_stopped())
        self._left = [pid for pid in self._left if has_group(pid)]
        for name, state in self._processes.items():
            self._look(name, state)
        return self.given_up is not None

    def _all_stopped(self) -> bool:
        return self._terminating and bool(super()._all_stopped())

    def _killall(self, force: bool = False) -> None:
        """Also what a killed service had started: runs outlive their code server."""
        super()._killall(force)
        for pid in self._left:
            (self._procmgr.kill if force else self._procmgr.terminate)(pid)

    def _look(self, name: str, state: dict[str, Any]) -> None:
        now = time.monotonic()
        life = self._lives.setdefault(name, _Life(now))
        if state["pid"] == life.former_pid:
            return  # it is beginning
        if life.begins_again is not None:
            if now >= life.begins_again:
                self._begin_again(name, state, life)
        elif is_gone(state["pid"]):
            self._note_end(name, life, now)
        else:
            state.pop("returncode", None)  # said late, of the one before it

    def _note_end(self, name: str, life: _Life, now: float) -> None:
        life.quick_ends = life.quick_ends + 1 if now - life.began < self._soon_s else 0
        if life.quick_ends == MOST_QUICK_ENDS:
            self.given_up = (
                f"{name} ended {MOST_QUICK_ENDS} times in a row soon after its start: its last lines say why"
            )
            return
        pause_s = self._first_pause_s * 2 ** max(0, life.quick_ends - 1)
        life.begins_again = now + pause_s
        self._system_print(f"{name} ended; it begins again in {pause_s:g} s\n")

    def _begin_again(self, name: str, state: dict[str, Any], life: _Life) -> None:
        life.began, life.begins_again, life.former_pid = time.monotonic(), None, state["pid"]
        self._left.append(state["pid"])
        state.pop("returncode", None)
        state["process"] = multiprocessing.Process(name=name, target=state["obj"].run, args=(self.events, True))
        state["process"].start()


def has_group(pid: int) -> bool:
    """Whether anything is left of the process group that a process led; its number may be another's later."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def is_gone(pid: int) -> bool:
    """Whether a process has ended, also one that nobody has waited for: what it started may hold its output open."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"
