"""The root of the cells of one zygote: namespaces of their own, and a file system that holds what they may see.

Not here: what is taken away from each single cell (confine), nor which files those are (the trusted side's roots).
"""

from __future__ import annotations

import os
import stat

from orchestration.sandbox.cell import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEVICES = ("null", "zero", "full", "random", "urandom")
HOST_NAME = b"cell"
SCRATCH = "/tmp"  # noqa: S108 (the cell's own, fresh for each run)
READ_ONLY = kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID | kernel.MOUNT_ATTR_NODEV
DEVICE = kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID | kernel.MOUNT_ATTR_NOEXEC


def enter_namespaces(config: dict[str, Any], channel: int) -> None:
    """Return in a process that is the first of its own namespaces; its parent only waits for it."""
    if config["user_namespace"]:
        inside, outside = config["user_namespace"]
        kernel.unshare(kernel.CLONE_NEWUSER)
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"{inside} {outside[0]} 1")
        write("/proc/self/gid_map", f"{inside} {outside[1]} 1")
    apart = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
    pids = kernel.CLONE_NEWPID if config["layers"]["pid_namespace"] else 0
    kernel.unshare(apart | kernel.CLONE_NEWCGROUP | pids)
    kernel.set_host_name(HOST_NAME)
    first = os.fork()
    if first:
        os.close(channel)
        _, status = os.waitpid(first, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123 (pathlib is not needed for a word)
        file.write(text)


def build_root(config: dict[str, Any]) -> None:
    """Move into a root that holds the bound trees, read-only, and nothing else of the host."""
    kernel.mount(None, b"/", kernel.MS_REC | kernel.MS_PRIVATE)
    trees = [(os.open(source, os.O_PATH | os.O_CLOEXEC), target) for source, target in config["trees"]]
    devices = [(os.open(f"/dev/{name}", os.O_PATH | os.O_CLOEXEC), f"dev/{name}") for name in DEVICES]
    kernel.mount(b"tmpfs", os.fsencode(config["place"]), kernel.MS_NOSUID | kernel.MS_NODEV, b"mode=0755,size=16m")
    os.chdir(config["place"])
    for source, target in devices:
        put(source, target, DEVICE)
    for source, target in trees:
        put(source, target.lstrip("/"), READ_ONLY)
    for path in config["masks"]:
        mask(path.lstrip("/"))
    furnish(config)
    config["has_proc"] = config["has_proc"] and can_mount_proc("proc")
    kernel.pivot_root()
    os.chdir("/")
    kernel.set_attributes(kernel.AT_FDCWD, b"/", READ_ONLY)


def put(source: int, target: str, attributes: int) -> None:
    """Bind a tree at a path beneath the working directory, which is made for it."""
    os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 (as above)
    if stat.S_ISDIR(os.stat(source).st_mode):
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
    else:
        os.close(os.open(target, os.O_CREAT | os.O_CLOEXEC, 0o444))
    kernel.bind(source, target, attributes)
    os.close(source)


def mask(path: str) -> None:
    """Cover a directory with an empty one."""
    if os.path.isdir(path):  # noqa: PTH112
        flags = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
        kernel.mount(b"tmpfs", os.fsencode(path), flags, b"mode=0555,size=4k,nr_inodes=2")


def furnish(config: dict[str, Any]) -> None:
    """The few files and links that programs expect, and one that only Landlock hides."""
    for folder in ("tmp", "etc", "var", "sealed", "proc"):
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    os.symlink(SCRATCH, "dev/shm")  # noqa: PTH211
    os.symlink(SCRATCH, "var/tmp")  # noqa: PTH211
    for link, target in config["links"]:
        os.symlink(target, link.lstrip("/"))  # noqa: PTH211
    user = config["user"] or (config["user_namespace"] or (0,))[0]
    write("etc/passwd", f"cell:x:{user}:{user}::{SCRATCH}:/bin/sh\n")
    write("etc/group", f"cell:x:{user}:\n")
    write("sealed/by_landlock", "readable without Landlock\n")


def mount_proc(target: str) -> None:
    """The processes of the caller's own namespace, and nothing of the machine."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount(b"proc", os.fsencode(target), flags, b"subset=pid")


def can_mount_proc(target: str) -> bool:
    """Whether the kernel allows it here: in a container that hides parts of its own /proc it does not."""
    try:
        mount_proc(target)
    except OSError:
        return False
    return True
