"""What is taken away from one cell before untrusted code runs in it, in the forked process itself.

Not here: the namespaces and the root that all cells of a zygote share (root), nor what runs (the python_, query and
executable files).
"""

from __future__ import annotations

import os
import resource
import sys

from orchestration.sandbox.cell import kernel, root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FIRST_FREE = 5
"""Descriptors of a cell: standard input, output and error, 3 its results, 4 the channel on which it says `ready`."""

RESULTS, CONTROL = 3, 4
SCRATCH_OPTIONS = "mode=0700,size=64m,nr_inodes=2048,uid={0},gid={0}"


def go_apart(config: dict[str, Any]) -> None:
    """What can be given up before the job is known: the zygote's view of files, its user, its privileges."""
    os.setsid()
    if config["level"] == "A":
        mount_scratch(config)
    become(config["user"])
    os.umask(0o022)
    if config["level"] == "A":
        os.chdir(root.SCRATCH)
    kernel.be_readable()
    kernel.forbid_new_privileges()


def confine(config: dict[str, Any], job: dict[str, Any]) -> None:
    """The rest, behind which this process has its descriptors, its folder and nothing else."""
    limit(job["rlimits"])
    if config["level"] == "A":
        place_files(job["files"])
    if config["layers"]["landlock"]:
        kernel.restrict_files(config["landlock_version"], config["rights"])
    if config["layers"]["seccomp"]:
        kernel.filter_calls(config["seccomp"])


def place_descriptors(descriptors: list[int]) -> None:
    """Give each descriptor the number of its place and close all others.

    They go out of the way first, so that none overwrites another.
    """
    free = max(*descriptors, FIRST_FREE + len(descriptors)) + 1
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, free + number)
    for number in range(len(descriptors)):
        os.dup2(free + number, number, inheritable=True)
    os.closerange(len(descriptors), 1 << 16)


def renew_streams() -> None:
    """Python's own streams over the new descriptors: those of the zygote believe that they can be positioned."""
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(  # type: ignore[misc] # noqa: SIM115
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def mount_scratch(config: dict[str, Any]) -> None:
    """An empty file system of its own at /tmp, which goes with the cell."""
    kernel.unshare(kernel.CLONE_NEWNS)
    user = config["user"] or (config["user_namespace"] or (0,))[0]
    options = SCRATCH_OPTIONS.format(user).encode()
    kernel.mount(b"tmpfs", root.SCRATCH.encode(), kernel.MS_NOSUID | kernel.MS_NODEV, options)
    if config["has_proc"]:
        root.mount_proc("/proc")


def limit(limits: Mapping[str, tuple[int, int]]) -> None:
    for name, pair in limits.items():
        resource.setrlimit(getattr(resource, name), pair)


def become(user: int | None) -> None:
    """Give up every privilege; a user namespace's are capabilities too."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    kernel.keep_capabilities(0)


def place_files(files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        folder = os.path.dirname(path)  # noqa: PTH120 (pathlib is not needed for it)
        if folder:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(content)
