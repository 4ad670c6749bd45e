"""Confines a cell: namespaces, limits, another user, and a fork that untrusted code never leaves.

Not here: what runs inside (the python_, query and javascript files), nor waiting for its end (supervise).

The supervisor stays outside the namespaces and keeps the control pipe, one line per event: the supervisor writes
`cell <pid> <has namespaces>`, the process of the cell writes `ready` and closes the pipe, the supervisor writes how it
ended.
"""

from __future__ import annotations

import _ctypes  # ctypes itself costs 7 ms
import _signal  # type: ignore[import-not-found]  # the module signal costs 6 ms of enum
import os
import resource
import sys

from orchestration.sandbox.cell.supervise import STOPPING, supervise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
APART = CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 36, 38
NO_CAPABILITIES = (0x20080522).to_bytes(4, sys.byteorder) + bytes(4), bytes(24)
"""A capability header of version 3 for this process, and three empty sets of two words."""

COUNTS_BY_NAMESPACE = (5, 14)
"""The first kernel whose RLIMIT_NPROC counts the processes of a user namespace, not all of a user."""


def main(job: dict[str, Any], run: Callable[[dict[str, Any]], None]) -> None:
    """Fork the cell and return only inside it, when `run` has; the supervisor exits here."""
    if job["user"] is not None:
        os.setgroups([])
        keep_standard_library()
    is_roots = acts_as_root()
    is_apart, is_namespaced_user = leave_namespaces(job["user"])
    kernel_counts = job["user"] is not None or (is_namespaced_user and not is_roots and counts_by_namespace())
    call_libc("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _signal.pthread_sigmask(_signal.SIG_BLOCK, STOPPING)
    cell = os.fork()
    if cell:
        supervise(cell, job, is_apart=is_apart, counts_processes=not kernel_counts)
    enter(job, is_apart=is_apart, kernel_counts=kernel_counts)
    run(job)


def acts_as_root() -> bool:
    """Whether the kernel takes us for root, whom RLIMIT_NPROC does not bind, even when a user namespace renames us."""
    with open("/proc/self/uid_map") as file:  # noqa: PTH123 (pathlib costs 15 ms)
        ranges = [[int(number) for number in line.split()] for line in file]
    return any(outside - inside + os.geteuid() == 0 for inside, outside, _ in ranges)


def counts_by_namespace() -> bool:
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int(minor)) >= COUNTS_BY_NAMESPACE


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


def enter(job: dict[str, Any], *, is_apart: bool, kernel_counts: bool) -> None:
    """Take on the limits in the forked process and say that it is ready."""
    for number in STOPPING:
        _signal.signal(number, _signal.SIG_DFL)
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, STOPPING)
    os.setsid()
    become(job["user"])
    for name, (soft, hard) in job["rlimits"].items():
        if name != "RLIMIT_NPROC" or kernel_counts:
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
