"""Confines a cell and supervises it: namespaces, limits, another user, then a fork that untrusted code never leaves.

Not here: what runs inside (the python_, query and javascript files), nor any judgement of how it ended.

The supervisor stays outside the namespaces and keeps the control pipe: the cell's process writes `ready` to it and
closes it, the supervisor writes how the cell ended. SIGTERM makes it kill the cell.
"""

from __future__ import annotations

import _ctypes  # ctypes itself costs 7 ms
import _signal  # type: ignore[import-not-found]  # the module signal costs 6 ms of enum
import os
import resource
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
APART = CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 36, 38
NO_CAPABILITIES = (0x20080522).to_bytes(4, sys.byteorder) + bytes(4), bytes(24)
"""A capability header of version 3 for this process, and three empty sets of two words."""

STOPPING = (_signal.SIGTERM, _signal.SIGALRM)
MOST_FILES = 256


def main(job: dict[str, Any], run: Callable[[dict[str, Any]], None]) -> None:
    """Fork the cell and return only inside it, when `run` has; the supervisor exits here."""
    if job["user"] is not None:
        os.setgroups([])
        keep_standard_library()
    is_apart, is_namespaced_user = leave_namespaces(job["user"])
    _signal.pthread_sigmask(_signal.SIG_BLOCK, STOPPING)
    cell = os.fork()
    if cell:
        supervise(cell, job, is_apart=is_apart)
    enter(job, is_apart=is_apart, can_count_processes=is_namespaced_user or job["user"] is not None)
    run(job)


def call_libc(name: str, *arguments: int | bytes) -> int:
    program = _ctypes.dlopen(None, os.RTLD_NOW)  # type: ignore[arg-type]  # None: what this process has loaded
    address = _ctypes.dlsym(program, name)
    return int(_ctypes.call_cdeclfunction(address, arguments))


def leave_namespaces(user: int | None) -> tuple[bool, bool]:
    """Unshare network, processes and IPC for what is forked next, as far as this kernel lets us.

    Returns whether that worked, and whether it took a user namespace.
    """
    if os.geteuid() == 0 and call_libc("unshare", APART) == 0:
        return True, False
    own = (os.geteuid(), os.getegid()) if user is None else (user, user)
    if call_libc("unshare", APART | CLONE_NEWUSER) != 0:
        return False, False
    for name, text in (("setgroups", "deny"), ("uid_map", "{0} {0} 1"), ("gid_map", "{1} {1} 1")):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 (pathlib costs 15 ms)
            file.write(text.format(*own))
    return True, True


def keep_standard_library() -> None:
    """Keep the library importable for a user who can't walk the path to it, through descriptors opened before."""
    for index, path in enumerate(sys.path):
        if not os.path.isdir(path) or is_reachable(path):  # noqa: PTH112 (pathlib costs 15 ms)
            continue
        link = f"/proc/self/fd/{os.open(path, os.O_PATH | os.O_DIRECTORY)}"
        for module in list(sys.modules.values()):
            if getattr(module, "__path__", None):
                module.__path__ = [part.replace(path, link) for part in module.__path__]
        sys.path[index] = link


def is_reachable(path: str) -> bool:
    """Whether everyone may walk to `path`."""
    while path != "/":
        if not os.stat(path).st_mode & 1:  # noqa: PTH116 (pathlib costs 15 ms)
            return False
        path = os.path.dirname(path)  # noqa: PTH120 (pathlib costs 15 ms)
    return True


def supervise(cell: int, job: dict[str, Any], *, is_apart: bool) -> None:
    """Wait for the cell, tell the parent how it ended, leave."""
    for number in STOPPING:
        _signal.signal(number, lambda *_: os.kill(cell, _signal.SIGKILL))
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, STOPPING)
    _signal.alarm(job["patience_s"])
    nowhere = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2, job["result_fd"]):
        os.dup2(nowhere, descriptor)
    if not is_apart:
        call_libc("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _, status, usage = os.wait4(cell, 0)
    if not is_apart:
        end_orphans()
    os.write(job["control_fd"], b"ended %d %d\n" % (os.waitstatus_to_exitcode(status), usage.ru_maxrss))
    os._exit(0)


def end_orphans() -> None:
    """Kill what the cell left behind: without a namespace of its own it was handed to us."""
    own = os.getpid()
    while True:
        with open(f"/proc/{own}/task/{own}/children") as file:  # noqa: PTH123 (pathlib costs 15 ms)
            orphans = file.read().split()
        if not orphans:
            return
        for orphan in orphans:
            os.kill(int(orphan), _signal.SIGKILL)
            os.waitpid(int(orphan), 0)


def enter(job: dict[str, Any], *, is_apart: bool, can_count_processes: bool) -> None:
    """Take on the limits in the forked process and say that it is ready."""
    for number in STOPPING:
        _signal.signal(number, _signal.SIG_DFL)
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, STOPPING)
    if is_apart:
        os.setsid()
    become(job["user"])
    for name, (soft, hard) in job["rlimits"].items():
        if name != "RLIMIT_NPROC" or can_count_processes:
            resource.setrlimit(getattr(resource, name), (soft, hard))
    job["is_apart"] = is_apart
    os.write(job["control_fd"], b"ready\n")
    os.close(job["control_fd"])


def become(user: int | None) -> None:
    """Give up every privilege, those of a user namespace included."""
    if user is not None:
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    call_libc("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if call_libc("capset", *NO_CAPABILITIES) != 0:
        raise PermissionError("capabilities could not be dropped")
    call_libc("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)
