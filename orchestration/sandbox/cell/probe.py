"""Tries, from inside a cell, what must not work there, and prints what held as JSON: the sandbox's proof of itself.

Not here: what is seen from outside (self_test). It runs as a script whose arguments are the level, a file that only
Landlock keeps from it, a file of the project, and the names that its environment may hold.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CLONE_NEWUSER = 0x10000000
READ_KEYRING, SESSION_KEYRING = 11, -3
KEYCTL = {"x86_64": 250, "aarch64": 219}
VISIBLE_S = 0.05
"""How long it stays after its word, so that it can be looked at from outside."""

libc = ctypes.CDLL(None, use_errno=True)


def is_refused(attempt: Callable[[], object]) -> bool:
    """Whether it fails with an error of the kernel; any other failure would be the probe's own and proves nothing."""
    try:
        attempt()
    except OSError:
        return True
    return False


def call(name: str, *arguments: int) -> None:
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 (this is the cell)
        return file.read(40)


def write(path: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123
        file.write("planted")


def is_closed(number: int) -> bool:
    return is_refused(lambda: os.fstat(number))


def attempts(level: str, sealed: str, project: str, names: str) -> dict[str, bool]:
    """Every check with whether it held."""
    held = {
        "network: no socket can be made": is_refused(lambda: socket.socket(socket.AF_INET)),
        "seccomp: no namespace can be made": is_refused(lambda: call("unshare", CLONE_NEWUSER)),
        "seccomp: no other program can be executed": is_refused(lambda: os.execv("/bin/sh", ["sh"])),  # noqa: S606
        "seccomp: the keys of the kernel can't be read": is_refused(
            lambda: call("syscall", KEYCTL[os.uname().machine], READ_KEYRING, SESSION_KEYRING, 0, 0)
        ),
        "landlock: a sealed file can't be read": is_refused(lambda: read(sealed)),
        "files: the passwords of the host can't be read": is_refused(lambda: read("/etc/shadow")),
        "files: the project can't be read": is_refused(lambda: read(project)),
        "files: /proc can't be read": is_refused(lambda: read("/proc/1/environ")),
        "files: nothing can be written outside its folder": is_refused(lambda: write(f"{os.__file__}.planted")),
        "privileges: it can't become root": is_refused(lambda: call("setresuid", 0, 0, 0)),
        "descriptors: none is open that it was not given": all(map(is_closed, range(3, 256))),
        "environment: it holds no more than it should": set(os.environ) <= set(names.split(",")),
    }
    if level == "A":
        return held | {
            "processes: it is the first of its own": os.getpid() == 1,
            "processes: its parent can't be seen": os.getppid() == 0,
        }
    return held | {
        "processes: it can't fork": is_refused(lambda: os.fork() or os._exit(0)),
        "processes: it can't signal others": is_refused(lambda: os.kill(os.getppid(), 0)),
        "files: no file can be written": is_refused(lambda: write("planted")),
    }


if __name__ == "__main__":
    print(json.dumps(attempts(*sys.argv[1:])), flush=True)  # noqa: T201 (its one way to speak)
    time.sleep(VISIBLE_S)
